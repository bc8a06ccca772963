"""Positions in a book, and the one predicate that decides who sees what.

A position is an integer from 0 (not started) to 10 000 (the end).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation

START = 0
END = 10_000
STATUSES = ("to_read", "reading", "finished", "did_not_finish")


class PlaceError(ValueError):
    """A place in a book that cannot be understood; its text is a sentence for the member."""


@dataclass(frozen=True)
class Progress:
    """Where a reader stands: what they say of the book, where they are, and the furthest they have been.

    ``position`` is None where they never said how far they are.
    """

    status: str
    position: int | None
    mark: int


@dataclass(frozen=True)
class Viewer:
    """Who reads: a member's id, and since when things are new to them; or nobody in particular."""

    id: int | None = None
    new_since: datetime | None = None


def visible(horizon: int | None, mark: int | None, *, own: bool = False, revealed: bool = False) -> bool:
    """Whether a reader may see a text. This is the law that every channel obeys.

    ``horizon`` is the one in force, ``mark`` the furthest the reader has been in that book (a visitor's
    is 0). A text is visible where its horizon is not ahead of the mark, where the reader wrote it, and
    where they chose to have it revealed. What is unknown is locked, except to its author.
    """
    if own or revealed:
        return True
    if horizon is None:
        return False
    return horizon <= (mark or START)


def spoilers_open(mark: int | None, *, own: bool = False, revealed: bool = False) -> bool:
    """Whether inline spoilers show, too: to those who have finished, wrote it, or chose to see it."""
    return visible(END, mark, own=own, revealed=revealed)


def in_force(own_horizon: int, parent: int | None, floor: int) -> int:
    """The horizon of a comment: a reply gives away at least what its parent and its thread do."""
    return max(own_horizon, parent or START, floor)


def from_percent(entry: str, *, up: bool = False) -> int:
    """The position of a percentage such as "37", "37.5" or "37,5 %", a reader's rounded down, a post's up.

    Raises PlaceError outside 0 to 100 and for anything that is not a number.
    """
    percent = _number(entry, "percentage")
    if not 0 <= percent <= 100:
        raise PlaceError("Give a percentage from 0 to 100.")
    return _round(percent * 100, up=up)


def from_page(entry: str, pages: int | None, *, up: bool = False) -> int:
    """The position of a page in a printing of so many pages, a reader's rounded down, a post's up.

    Raises PlaceError where the length is unknown, and for pages that the printing does not have.
    """
    if not pages:
        raise PlaceError("Nobody has entered how many pages this book has. Give a percentage instead.")
    page = _number(entry, "page number")
    if not 0 <= page <= pages:
        raise PlaceError(f"This book has {pages} pages. Give a page from 0 to {pages}.")
    return _round(page * END / pages, up=up)


def move(before: Progress | None, status: str, position: int | None) -> Progress:
    """What a reader's progress becomes when they say ``status`` and, perhaps, a position.

    To have finished is to be at the end, and nowhere else. A place that somebody types is believed in
    both directions: a correction downwards lowers the mark, so that what lies above locks again. Without
    a place the mark stays, so that whoever starts a book anew keeps seeing what they have read before.
    """
    if status == "finished":
        return Progress(status, END, END)
    if position is not None:
        return Progress(status, position, position)
    if before is None:
        return Progress(status, None, START)
    if before.status == "finished":
        # Reading it again: nowhere in particular yet, with everything known.
        return Progress(status, None, before.mark)
    return Progress(status, before.position, before.mark)


def horizon_from(choice: str, mark: int | None) -> int:
    """The horizon that a form's choice means: "0", "mine", "finished", or a number from 1 to 10 000.

    ``mark`` is the author's furthest position, None where they never recorded one. ``mine`` is the mark
    itself, never rounded, so that two readers of the same page see each other. Raises PlaceError.
    """
    if choice == "mine":
        if mark is None:
            raise PlaceError(
                "You have not said how far you are in this book. Choose what your words give away."
            )
        return mark
    if choice == "finished":
        return END
    if not (choice.isascii() and choice.isdecimal()) or len(choice) > 5 or int(choice) > END:
        raise PlaceError("Choose what your words give away.")
    return int(choice)


def choice_of(horizon: int) -> str:
    """The choice that means this horizon whoever asks: "0", "finished", or its number.

    For a form that changes a post: "mine" would move it to wherever its author is by now.
    """
    return "finished" if horizon == END else str(horizon)


def percent(position: int) -> str:
    """A position as people read it: "37 %". Rounded down, and 100 % only at the end."""
    return f"{position // 100} %"


def say_horizon(horizon: int) -> str:
    """What a post gives away, as people read it; rounded up, so that it never promises too little."""
    if horizon <= START:
        return "safe for everybody"
    if horizon >= END:
        return "for those who have finished"
    return f"up to {-(-horizon // 100)} %"


def say_place(mark: int | None) -> str:
    """Where a reader is, beside what is locked for them."""
    return "You have not said how far you are." if mark is None else f"You are at {percent(mark)}."


def say_reading(progress: Progress, rating: int | None) -> str:
    """A book on a shelf in a few words: "to read", "at 35 %", "finished · 4.5 ★", "stopped at 40 %"."""
    place = None if progress.position is None else percent(progress.position)
    words = {
        "to_read": "to read",
        "reading": f"at {place}" if place else "reading",
        "finished": "finished",
        "did_not_finish": f"stopped at {place}" if place else "stopped reading",
    }[progress.status]
    return f"{words} · {rating / 2:g} ★" if rating else words


def rating_from(entry: str) -> int | None:
    """Half stars (1 to 10) from a rating of 0.5 to 5 in halves; None for an empty one. Raises PlaceError."""
    if not entry.strip():
        return None
    stars = _number(entry, "rating")
    if not 0 < stars <= 5 or (2 * stars) % 1:
        raise PlaceError("Give a rating from 0.5 to 5 stars, in halves.")
    return int(2 * stars)


def _number(entry: str, what: str) -> Decimal:
    try:
        number = Decimal(entry.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise PlaceError(
            f"{entry.strip()[:20]!r} is not a {what}." if entry.strip() else f"Give a {what}."
        ) from None
    if not number.is_finite():
        raise PlaceError(f"{entry.strip()[:20]!r} is not a {what}.")
    return number


def _round(position: Decimal, *, up: bool) -> int:
    return int(position.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))
