"""Starts of chapters as members type them, and the checks that they fit an edition and each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..matches.editions import EditionFields
from ..matches.field_values import FieldError, shorten
from ..text.messages import gettext as _
from ..text.messages import ngettext

# No book has more pages or minutes, so a larger number is a mistake.
MAX_PLACE = 20_000

_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,9}))?\s*%", re.ASCII)
# Any of these letters will do for a Roman number, as all of the front matter counts as page 0.
_PAGE = re.compile(r"(?:page|pp?\.?)\s*(?:(\d{1,9})|([ivxlcdm]+))", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_MINUTES = re.compile(r"(\d{1,9})\s*(?:min|minutes?)\.?", re.ASCII | re.IGNORECASE)
_ALONE = re.compile(r"(\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class Start:
    """Start of a chapter, in hundredths of a percent, pages or minutes.

    ``unit`` is "percent", "page" or "minute"; "" is a number alone, in the unit of the edition.
    """

    unit: str
    place: int

    def __str__(self) -> str:
        """Write the start as it is typed: "20.5 %", "p. 61", "1:05"."""
        if self.unit == "percent":
            whole, rest = divmod(self.place, 100)
            return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + " %"
        if self.unit == "minute":
            return f"{self.place // 60}:{self.place % 60:02}"
        return f"p. {self.place}" if self.unit == "page" else str(self.place)


def start_from(text: str) -> Start | None:
    """Read a start from "p. 61", "61", "20 %", "1:05" or "65 min"; None if empty. Raises FieldError.

    It is rounded up, since it is also the end of the chapter before. The front matter ("p. xii") comes before
    the first page, so it starts on page 0.
    """
    text = text.strip()
    if not text:
        return None
    if found := _PERCENT.fullmatch(text):
        # Digits beyond the hundredths round up, in whole numbers to be exact.
        fraction = (found[2] or "").ljust(2, "0")
        hundredths = 100 * int(found[1]) + int(fraction[:2]) + bool(fraction[2:].strip("0"))
        if hundredths > 10_000:
            raise FieldError(_("Type a percentage from 0 to 100."))
        return Start("percent", hundredths)
    if found := _PAGE.fullmatch(text):
        return _check_place(Start("page", int(found[1] or 0)))
    if found := _CLOCK.fullmatch(text):
        # A started minute counts in full.
        return _check_place(Start("minute", 60 * int(found[1]) + int(found[2]) + (int(found[3] or 0) > 0)))
    if found := _MINUTES.fullmatch(text):
        return _check_place(Start("minute", int(found[1])))
    if found := _ALONE.fullmatch(text):
        return _check_place(Start("", int(found[1])))
    raise FieldError(_("“%(text)s” is not a start: write p. 61, 20 %% or 1:05.", text=shorten(text)))


def _check_place(start: Start) -> Start:
    if start.place > MAX_PLACE:
        raise FieldError(_("No edition is as long as that."))
    return start


def refuse_length(start: Start, edition: EditionFields | None) -> None:
    """Refuse a start beyond the end of this edition, or in an edition of unknown length."""
    if start.unit == "percent":
        return
    length = edition.length(start.unit) if edition else None
    if not length:
        if start.unit == "page":
            raise FieldError(_("this edition has no number of pages yet. Type a percentage instead."))
        raise FieldError(_("this edition has no length in minutes yet. Type a percentage instead."))
    if start.place > length:
        if start.unit == "page":
            raise FieldError(
                ngettext(
                    "%(start)s is beyond the end of this edition, which has %(num)s page.",
                    "%(start)s is beyond the end of this edition, which has %(num)s pages.",
                    length,
                    start=start,
                    num=str(length),
                )
            )
        end = Start("minute", length)
        raise FieldError(
            _("%(start)s is beyond the end of this edition, which has %(length)s.", start=start, length=end)
        )


def refuse_falling_starts(starts: Iterable[tuple[int, Start | None]]) -> None:
    """Refuse a start before the start above it. Each comes with the number of its line; all have one unit."""
    above: Start | None = None
    for line, start in starts:
        if start is None:
            continue
        if above is not None and start.place < above.place:
            raise FieldError(
                _(
                    "Line %(number)s: a chapter cannot start before the one above it,"
                    " which starts at %(place)s.",
                    number=line,
                    place=above,
                )
            )
        above = start


def refuse_contradictions(starts: Iterable[tuple[int | None, int | None]]) -> None:
    """Refuse a start that got no position (None) because its neighbours contradict it.

    Each position comes with the number of its line, None if it was not typed in the box.
    """
    for line, position in starts:
        if position is None:
            if line:
                raise FieldError(
                    _(
                        "Line %(number)s: this start does not fit between those of the chapters around it.",
                        number=line,
                    )
                )
            raise FieldError(_("That does not fit between the starts of the chapters around it."))
