"""Rules by which a book is read in parts, one for each of several meetings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..lib.positions.contents import Contents
from ..lib.positions.places import END
from .rules import BookToRead, MeetingPlan

MOST_PARTS = 26


@dataclass(frozen=True)
class ReadingPart:
    """The part of a book to read for one meeting: as its form would say it, and the position of its end."""

    unit: str
    entry: str
    horizon: int


def spread(contents: Contents, parts: int) -> list[ReadingPart]:
    """Return how far to read for each of so many meetings, so that the last one has read the whole book.

    It goes by chapters if enough of them have known ends, each part to the chapter whose end is nearest to
    its share of the book, and otherwise by percent.
    """
    by_chapter = _spread_by_chapter(contents, parts)
    if by_chapter:
        return by_chapter
    shares = [round(100 * number / parts) for number in range(1, parts + 1)]
    return [ReadingPart("percent", str(share), share * END // 100) for share in shares]


def _spread_by_chapter(contents: Contents, parts: int) -> list[ReadingPart]:
    known = [each for each in contents.sections if contents.knows_end(each)]
    ends = {contents.end(each, up=True): each for each in known}
    places = sorted(end for end in ends if 0 < end < END)
    if len(places) < parts - 1 or not contents:
        return []
    chosen: list[int] = []
    for number in range(1, parts):
        # Enough chapters are left for the parts that follow.
        free = places[len(chosen) and places.index(chosen[-1]) + 1 : len(places) - (parts - 1 - number)]
        chosen.append(min(free, key=lambda end: abs(end - number * END // parts)))
    found = [ReadingPart("section", str(ends[end].number), end) for end in chosen]
    return [*found, ReadingPart("section", str(contents.sections[-1].number), END)]


def plan_of_part(plan: MeetingPlan, part: ReadingPart) -> MeetingPlan:
    """Return the plan of a meeting about one book with this part to read."""
    books = tuple(BookToRead(book.book_id, part.horizon) for book in plan.books)
    return replace(plan, read_until=part.entry, read_until_unit=part.unit, books=books)


def replace_books(plan: MeetingPlan, other: MeetingPlan) -> MeetingPlan:
    """Return a plan with the books of another."""
    return replace(plan, books=other.books)
