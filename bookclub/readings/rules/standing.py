"""Where a reader stands in a book, and what they will most likely say next."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .contents import SectionPlace, say_place, section_of
from .measures import Measures
from .positions import START, minutes_from, percent, say_minutes
from .progress import Progress, Times, say_month

_PAGE = re.compile(r"(?:p(?:age|p)?\.?\s*)?(\d+|[ivxlcdm]+)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Standing:
    """Everything that the strip of progress shows of one reader in one book.

    ``progress`` is None where they never touched it. ``entry`` and ``unit`` are the last place as they
    typed it; ``edition_id`` and ``length`` say by which printing they count. ``typed`` (in ``typed_unit``)
    and ``error`` are there when a place has just been refused. ``made_from`` has the digests of its form.
    """

    progress: Progress | None = None
    times: Times = field(default_factory=Times)
    measures: Measures = field(default_factory=Measures)
    entry: str = ""
    unit: str = ""
    edition_id: int | None = None
    length: int | None = None
    length_unit: str | None = None
    planned_month: str | None = None
    is_private: bool = False
    typed: str = ""
    typed_unit: str = ""
    error: str = ""
    made_from: str = ""

    @property
    def status(self) -> str:
        return self.progress.status if self.progress else ""

    @property
    def position(self) -> int | None:
        return self.progress.position if self.progress else None

    @property
    def units(self) -> tuple[str, ...]:
        """The units for the small field: those whose length is known, and percent always.

        Whoever reads by chapter has a button for it.
        """
        return (*(unit for unit in ("page", "minute") if self.scaled(unit) is not None), "percent")

    @property
    def default_unit(self) -> str:
        """The unit that has just been typed, or was used last; else that of the book."""
        return next(unit for unit in (self.typed_unit, self.unit, self.units[0]) if unit in self.units)

    def scaled(self, unit: str) -> int | None:
        """How many pages or minutes this reader's printing has; None where nobody said."""
        own = self.length if unit == (self.length_unit or self.unit) else None
        scale = self.measures.scale(unit, self.edition_id, own)
        return scale.length if scale else None

    @property
    def following(self) -> SectionPlace | None:
        """The chapter that the reader will finish next, as far as the starts of chapters tell.

        Where they do not, nothing is offered: one tap must never unlock what was not read.
        """
        if self.status in ("finished", "did_not_finish"):
            return None
        contents, position = self.measures.contents, self.position or START
        if (named := section_of(self.entry)) is not None and (last := contents.section(named)):
            expected = last.number + 1
        else:
            reached = contents.reached(position)
            expected = reached.number + 1 if reached else 1
        following = contents.following(position)
        return following if following and following.number <= expected else None

    @property
    def words(self) -> str:
        """Where the reader is, in a sentence: "You are at chapter 5."."""
        contents = self.measures.contents
        if self.status == "finished":
            return "You have finished it."
        if self.status == "did_not_finish":
            return "You stopped reading." if self.position is None else f"You stopped at {self._percent}."
        if self.status == "to_read" and self.position is None:
            return "You want to read it."
        if self.status == "reading" and self.position is None:
            return "You are reading it again." if self._again else "You are reading it."
        return say_place(self.position, contents)

    def details(self, this_year: int) -> tuple[str, ...]:
        """What there is to say beyond that: the page, the percentage, a plan, how often it was read."""
        return tuple(part for part in self._details(this_year) if part)

    def _details(self, this_year: int) -> tuple[str, ...]:
        printed = self._printed
        reads = self.status == "reading"
        planned = self.planned_month if self.status == "to_read" else None
        times = self.times.times_read if self.status == "finished" else 0
        return (
            printed,
            self._percent if reads and (printed or self._percent not in self.words) else "",
            "as if it were new" if reads and self.progress and self.progress.held is not None else "",
            "for another time" if reads and self._again and self.position is not None else "",
            f"planned for {say_month(planned, this_year)}" if planned else "",
            f"read {times} times" if times > 1 else "",
            "only you see this" if self.is_private else "",
        )

    @property
    def _again(self) -> bool:
        return self.progress is not None and self.progress.again

    @property
    def _percent(self) -> str:
        return "" if self.position is None else percent(self.position)

    @property
    def _printed(self) -> str:
        """The page or the time, as the reader typed it, of how many."""
        length = self.scaled(self.unit) if self.unit in ("page", "minute") else None
        if length is None or not self.entry or self.status != "reading":
            return ""
        if self.unit == "minute":
            return f"{say_minutes(int(minutes_from(self.entry)))} of {say_minutes(length)}"
        page = _PAGE.fullmatch(self.entry.strip())
        return f"page {page[1]} of {length}" if page else ""
