"""Conversion of places in a book (percentages, pages, minutes) to positions and back.

A position is an integer from 0 (not started) to 10 000 (the end). A reader's entry is rounded down and the
place of a post up, so that rounding never unlocks anything for a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from ..text.durations import minutes_text
from ..text.messages import gettext as _
from ..text.messages import lazy_gettext, ngettext, number_text

START = 0
END = 10_000
UNITS = ("percent", "page", "minute", "section")

# Well-formed Roman numerals, which number the front matter. An empty text would match without the lookahead.
_ROMAN = re.compile(r"(?=.)m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")


class PlaceError(ValueError):
    """Error for a place that cannot be understood; its message is a sentence for the member."""


@dataclass(frozen=True)
class Scale:
    """Piecewise linear map between the pages or minutes of one edition and positions in the book.

    ``unit`` is "page" or "minute" (or "position", see ``scales_of_move`` in measures.py), and ``length`` is
    their number. ``knots`` are pairs (page, position) where a section is known to start; between them, and
    from them to both ends of the book, the map is linear.
    """

    unit: str
    length: int
    knots: tuple[tuple[int, int], ...] = ()

    @classmethod
    def through(cls, unit: str, length: int, knots: Iterable[tuple[int, int]]) -> Scale:
        """Return the scale through the knots that rise in both values, within the length and the book.

        A knot that contradicts one on an earlier page is left out: it can only be a mistake.
        """
        kept: list[tuple[int, int]] = []
        for page, position in sorted(knots):
            before = kept[-1] if kept else (0, START)
            # Pages must differ, since position() divides by their distance.
            if before[0] < page < length and before[1] <= position <= END:
                kept.append((page, position))
        return cls(unit, length, tuple(kept))

    def position(self, place: Decimal | Fraction | int, *, up: bool = False) -> int:
        """Return the position of a page or minute, limited to the book; rounded down, or ``up``."""
        # Fractions are exact, so that a result is rounded only once, and in the direction asked for.
        exact = Fraction(place)
        (low, start), (high, end) = self._segment_at(exact)
        share = start + (exact - low) * (end - start) / (high - low)
        # Between two negations the floor division rounds up.
        return min(max(-(-share // 1) if up else share // 1, START), END)

    def place(self, position: int) -> int:
        """Return the page or minute of a position, rounded down."""
        points = [(0, START), *self.knots, (self.length, END)]
        for (low, start), (high, end) in pairwise(points):
            # Between equal positions there is nothing to divide; this test skips such a segment.
            if position < end:
                return low + (max(position, start) - start) * (high - low) // (end - start)
        return self.length

    def first_at(self, position: int) -> int:
        """Return the first page or minute whose readers have reached this position."""
        # place() rounds down, so its page may begin before the position.
        place = self.place(position)
        return place if self.position(place) >= position else place + 1

    def _segment_at(self, exact: Fraction) -> tuple[tuple[int, int], tuple[int, int]]:
        points = [(0, START), *self.knots, (self.length, END)]
        for low, high in pairwise(points):
            if exact < high[0]:
                return low, high
        # The end itself, and places beyond it, lie on the last segment.
        return points[-2], points[-1]


def from_percent(entry: str, *, up: bool = False) -> int:
    """Return the position of a percentage such as "37", "37.5" or "37,5 %", rounded down, or ``up``.

    Raises PlaceError outside 0 to 100 and for anything that is not a number.
    """
    percent = number_from(entry, NOT_A_PERCENTAGE)
    if not 0 <= percent <= 100:
        raise PlaceError(_("Type a percentage from 0 to 100."))
    # Decimal arithmetic would round a long number to its precision first, perhaps in the wrong direction.
    exact = Fraction(percent) * 100
    return -(-exact // 1) if up else exact // 1


def from_page(entry: str, scale: Scale | None, *, up: bool = False) -> int:
    """Return the position of a page: "61", or "xii" in the front matter.

    The front matter comes before the first page: a reader there has not begun, and a post about it gives
    away as much as the first page. Raises PlaceError if the length is unknown or the page does not exist.
    """
    if scale is None:
        raise PlaceError(_("Nobody has entered how many pages this book has. Type a percentage instead."))
    typed = re.sub(r"^(page|pp?\.?)\s*(?=\w)", "", entry.strip(), flags=re.IGNORECASE)
    if _ROMAN.fullmatch(typed):
        return scale.position(1, up=True) if up else START
    page = number_from(typed, NOT_A_PAGE)
    if not 0 <= page <= scale.length:
        raise PlaceError(
            ngettext(
                "This book has %(num)s page. Type a page from 0 to %(num)s.",
                "This book has %(num)s pages. Type a page from 0 to %(num)s.",
                scale.length,
            )
        )
    return scale.position(page, up=up)


def from_minute(entry: str, scale: Scale | None, *, up: bool = False) -> int:
    """Return the position of a moment in a recording: minutes ("92") or hours ("1:32", "1:32:40").

    Raises PlaceError if the length is unknown or the moment is after the end.
    """
    if scale is None:
        raise PlaceError(_("Nobody has entered how long the recording is. Type a percentage instead."))
    minutes = minutes_from(entry)
    if not 0 <= minutes <= scale.length:
        raise PlaceError(
            _("The recording is %(length)s long. Type a time up to that.", length=minutes_text(scale.length))
        )
    return scale.position(minutes, up=up)


def minutes_from(entry: str) -> Fraction:
    """Read minutes from "92", "1:32" (hours and minutes) or "1:32:40". Raises PlaceError."""
    clock = _CLOCK.fullmatch(entry.strip())
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return 60 * hours + minutes + Fraction(seconds, 60)
    return Fraction(number_from(entry, NOT_A_TIME))


@dataclass(frozen=True)
class NotANumber:
    """The errors of a field that takes a number: for something else in it, and for nothing in it."""

    wrong: str
    missing: str


NOT_A_PERCENTAGE = NotANumber(
    lazy_gettext("“%(typed)s” is not a percentage. Type a number from 0 to 100."),
    lazy_gettext("Type a percentage."),
)
NOT_A_PAGE = NotANumber(
    lazy_gettext("“%(typed)s” is not a page number. Type one such as 61."),
    lazy_gettext("Type a page number."),
)
NOT_A_PAGE_COUNT = NotANumber(
    lazy_gettext("“%(typed)s” is not a number of pages. Type one such as 352."),
    lazy_gettext("Type the number of pages."),
)
NOT_A_TIME = NotANumber(
    lazy_gettext("“%(typed)s” is not a time. Type minutes such as 92, or 1:32 for hours and minutes."),
    lazy_gettext("Type a time in minutes."),
)
NOT_A_RATING = NotANumber(
    lazy_gettext("“%(typed)s” is not a rating. Type a number from 0.5 to 5."),
    lazy_gettext("Type a rating."),
)


def number_from(entry: str, errors: NotANumber) -> Decimal:
    """Read a typed number, with an optional "%" and a decimal point or comma. Raises PlaceError."""
    typed = entry.strip().removesuffix("%").strip()
    if not _NUMBER.fullmatch(typed):
        # The sentence quotes only the beginning of a long entry.
        quoted = str(errors.wrong) % {"typed": entry.strip()[:20]}
        raise PlaceError(quoted if entry.strip() else str(errors.missing))
    return Decimal(typed.replace(",", "."))


def percent(position: int) -> str:
    """Return a position as a percentage, "37 %", rounded down, so that 100 % shows only at the end."""
    return _("%(number)s %%", number=number_text(position // 100))
