"""Rules for passages: how long they are, where they stand, and what is said of locked ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ..lib.positions.contents import NO_CONTENTS, Contents, chapter_text, section_id_in, span_text
from ..lib.positions.places import START, PlaceError, minutes_from, percent
from ..lib.text.cursors import row_ids_from
from ..lib.text.durations import minutes_text
from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext, number_text
from ..lib.text.spoilers import PLACEHOLDER
from ..threads.rules import names_text, say_locked

# So much of a book may be quoted at a time, in characters.
MAX_TEXT = 500
MAX_NOTE = 5_000


@dataclass(frozen=True)
class PassageRow:
    """A passage as one reader sees it. ``text`` and ``html``, its note, are None if it is locked or gone.

    ``horizon`` is where it stands in the book; ``entry`` and ``entry_unit`` say so as it was typed.
    """

    id: int
    book_id: int
    book_title: str
    book_slug: str
    thread_id: int | None
    member_id: int
    author: str
    username: str | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    removed_by_id: int | None
    removal_reason: str | None
    horizon: int
    entry: str
    entry_unit: str
    text: str | None
    html: str | None
    is_mine: bool
    is_revealed: bool = False

    @property
    def is_gone(self) -> bool:
        return self.deleted_at is not None

    @property
    def locked(self) -> bool:
        """Return whether it lies ahead of the reader. A passage without words locks nothing."""
        return self.text is None and not self.is_gone

    @property
    def bars_closed(self) -> bool:
        """Return whether spoilers in its note are hidden from this reader."""
        return PLACEHOLDER in (self.html or "")

    def places(self, contents: Contents) -> list[str]:
        """Return where it stands, in words: the chapter if that is known, and the place as typed."""
        return places_of(self.horizon, self.entry_unit, self.entry, contents)


def places_of(position: int, unit: str, entry: str, contents: Contents = NO_CONTENTS) -> list[str]:
    """Return a place in words: its chapter if that is known, and the page, time or percentage as typed."""
    named = contents.section(section_id_in(entry) or 0) if unit == "section" else None
    section = named or (contents.given_away(position) if position > START else None)
    words = [chapter_text(section)] if section else []
    if unit == "page":
        words.append(_("page %(page)s", page=entry))
    elif unit == "minute":
        words.append(_("at %(time)s", time=_time_text(entry)))
    elif unit == "percent" or not words:
        words.append(percent(position))
    return words


def _time_text(entry: str) -> str:
    try:
        return minutes_text(int(minutes_from(entry)))
    except PlaceError:
        # Nothing else is stored; a page would rather show this than fail.
        return entry


@dataclass(frozen=True)
class PassageKey:
    """The place in the list of a book's passages after which the next page begins."""

    horizon: int
    id: int

    def __str__(self) -> str:
        return f"{self.horizon}-{self.id}"

    @classmethod
    def parse(cls, text: str | None) -> PassageKey | None:
        """Return the key that a text means, or None if it means none."""
        numbers = row_ids_from(text)
        return cls(*numbers) if numbers else None


@dataclass(frozen=True)
class PassageCount:
    """The number of passages from a book, and of those that this reader may see."""

    total: int = 0
    here: int = 0

    def say(self) -> str:
        """Return "4 passages", or "9 passages: 4 here, 5 ahead of you" if some are locked."""
        if self.here >= self.total:
            return ngettext("%(num)s passage", "%(num)s passages", self.total)
        here, ahead = number_text(self.here), number_text(self.total - self.here)
        return ngettext(
            "%(num)s passage: %(here)s here, %(ahead)s ahead of you",
            "%(num)s passages: %(here)s here, %(ahead)s ahead of you",
            self.total, here=here, ahead=ahead,
        )  # fmt: skip


def runs_of(passages: Sequence[PassageRow]) -> list[list[PassageRow]]:
    """Return passages in groups: locked ones in a row together, every other one by itself."""
    runs: list[list[PassageRow]] = []
    for is_locked, some in groupby(passages, key=lambda passage: passage.locked):
        run = list(some)
        runs += [run] if is_locked else [[passage] for passage in run]
    return runs


def say_locked_passages(passages: Sequence[PassageRow], contents: Contents = NO_CONTENTS) -> str:
    """Return who keeps passages ahead of the reader, and how far: "Bob, up to chapter 9.".

    For several in a row it is "3 passages by Bob and Carol, chapters 9 to 12."
    """
    authors, horizons = (
        [passage.author for passage in passages],
        [passage.horizon for passage in passages],
    )
    if len(passages) == 1:
        return say_locked(authors, horizons, contents)
    return ngettext(
        "%(num)s passage by %(names)s, %(place)s.",
        "%(num)s passages by %(names)s, %(place)s.",
        len(passages),
        names=names_text(authors, [passage.member_id for passage in passages]),
        place=span_text(horizons, contents),
    )


def length_problem(text: str) -> str | None:
    """Return why a quotation cannot be kept, in words; None if it can."""
    if not text:
        return _("Type the words from the book.")
    if len(text) > MAX_TEXT:
        return _(
            "That is %(length)s characters long. Shorten it to %(most)s: a passage is a short quotation.",
            length=number_text(len(text)),
            most=number_text(MAX_TEXT),
        )
    return None
