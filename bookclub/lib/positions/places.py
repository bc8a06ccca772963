"""Places in a book: percentages, pages and minutes to positions, and back.

A position is an integer from 0 (not started) to 10 000 (the end). A reader's entry is rounded down, and
a post's typed place up, so that whatever is rounded is never in a reader's favour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

START = 0
END = 10_000
UNITS = ("percent", "page", "minute", "section")

_ROMAN = re.compile(r"(?=.)m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")


class PlaceError(ValueError):
    """A place in a book that cannot be understood; its text is a sentence for the member."""


@dataclass(frozen=True)
class Scale:
    """How the pages or minutes of one printing lie along the book.

    ``unit`` is "page" or "minute" and ``length`` how many there are. ``knots`` are (page, position)
    where a section is known to start; between them, and to both ends, the way is straight.
    """

    unit: str
    length: int
    knots: tuple[tuple[int, int], ...] = ()

    @classmethod
    def through(cls, unit: str, length: int, knots: Iterable[tuple[int, int]]) -> Scale:
        """The scale through those of the knots that rise together, within the length and the book.

        What contradicts an earlier page is left out: it can only be a mistake.
        """
        kept: list[tuple[int, int]] = []
        for page, position in sorted(knots):
            before = kept[-1] if kept else (0, START)
            if before[0] < page < length and before[1] <= position <= END:
                kept.append((page, position))
        return cls(unit, length, tuple(kept))

    def position(self, place: Decimal | Fraction | int, *, up: bool = False) -> int:
        """The position of a page or minute, kept within the book."""
        exact = Fraction(place)
        (low, start), (high, end) = self._around(exact)
        share = start + (exact - low) * (end - start) / (high - low)
        return min(max(-(-share // 1) if up else share // 1, START), END)

    def place(self, position: int) -> int:
        """The page or minute on which a position lies, rounded down."""
        points = [(0, START), *self.knots, (self.length, END)]
        for (low, start), (high, end) in pairwise(points):
            if position < end:
                return low + (max(position, start) - start) * (high - low) // (end - start)
        return self.length

    def first_at(self, position: int) -> int:
        """The first page or minute whose readers have come to this position."""
        place = self.place(position)
        return place if self.position(place) >= position else place + 1

    def _around(self, exact: Fraction) -> tuple[tuple[int, int], tuple[int, int]]:
        points = [(0, START), *self.knots, (self.length, END)]
        for low, high in pairwise(points):
            if exact < high[0]:
                return low, high
        return points[-2], points[-1]


def from_percent(entry: str, *, up: bool = False) -> int:
    """The position of a percentage such as "37", "37.5" or "37,5 %", a reader's rounded down, a post's up.

    Raises PlaceError outside 0 to 100 and for anything that is not a number.
    """
    percent = number_from(entry, "percentage")
    if not 0 <= percent <= 100:
        raise PlaceError("Give a percentage from 0 to 100.")
    # Decimal arithmetic would round a long number before it is rounded the way it should be.
    exact = Fraction(percent) * 100
    return -(-exact // 1) if up else exact // 1


def from_page(entry: str, scale: Scale | None, *, up: bool = False) -> int:
    """The position of a page: "61", or "xii", which stands in the front matter.

    The front matter is before the first page: a reader there has not begun, and a post gives away what
    the first page does. Raises PlaceError where the length is unknown, and for pages that there are not.
    """
    if scale is None:
        raise PlaceError("Nobody has entered how many pages this book has. Give a percentage instead.")
    typed = re.sub(r"^(page|pp?\.?)\s*(?=\w)", "", entry.strip(), flags=re.IGNORECASE)
    if _ROMAN.fullmatch(typed):
        return scale.position(1, up=True) if up else START
    page = number_from(typed, "page number")
    if not 0 <= page <= scale.length:
        raise PlaceError(f"This book has {scale.length} pages. Give a page from 0 to {scale.length}.")
    return scale.position(page, up=up)


def from_minute(entry: str, scale: Scale | None, *, up: bool = False) -> int:
    """The position of a moment in a recording: minutes ("92"), or hours and minutes ("1:32", "1:32:40").

    Raises PlaceError where the length is unknown, and for a moment after the end.
    """
    if scale is None:
        raise PlaceError("Nobody has entered how long the recording is. Give a percentage instead.")
    minutes = minutes_from(entry)
    if not 0 <= minutes <= scale.length:
        raise PlaceError(f"The recording has {say_minutes(scale.length)}. Give a time up to that.")
    return scale.position(minutes, up=up)


def minutes_from(entry: str) -> Fraction:
    """Minutes from "92", "1:32" (hours and minutes) or "1:32:40". Raises PlaceError."""
    clock = _CLOCK.fullmatch(entry.strip())
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return 60 * hours + minutes + Fraction(seconds, 60)
    return Fraction(number_from(entry, "time in minutes"))


def say_minutes(minutes: int) -> str:
    """A length of time as people read it: "45 min", "7 h", "7 h 32 min"."""
    hours, rest = divmod(minutes, 60)
    return (
        " ".join(part for part in (f"{hours} h" * bool(hours), f"{rest} min" * bool(rest)) if part) or "0 min"
    )


def number_from(entry: str, what: str) -> Decimal:
    """The number that somebody typed; "%" and a decimal comma are understood. Raises PlaceError."""
    typed = entry.strip().removesuffix("%").strip()
    if not _NUMBER.fullmatch(typed):
        raise PlaceError(f"{entry.strip()[:20]!r} is not a {what}." if entry.strip() else f"Give a {what}.")
    return Decimal(typed.replace(",", "."))


def percent(position: int) -> str:
    """A position as people read it: "37 %". Rounded down, and 100 % only at the end."""
    return f"{position // 100} %"
