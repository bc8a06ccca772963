"""To find the books that some rows are about, and to add those that the club has not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...books.actions.many import add_books
from ...books.queries import match_books
from ...books.rules import BookFields, EditionFields, Refused, latest_year, repeated
from ..rules import Entry, book_of, edition_of
from .looking import wanted_of


@dataclass(frozen=True)
class Found:
    """The book of a row, whether it had to be added for it, and whether others fit equally well.

    ``near`` is the title of a book of which only the subtitle differs: of this one, if it is not new.
    """

    book_id: int
    is_new: bool
    is_tied: bool = False
    near: str = ""


def books_for(
    rows: Sequence[tuple[int | None, Entry]], member_id: int, *, latest: int, with_tags: bool
) -> list[Found | Refused]:
    """The book of each row: as it was noted, as it is found, or added; Refused where it cannot be.

    ``latest`` is the present year. Several rows may be about one book that is new to the club: it is added
    once. Whoever calls this holds the catalogue.
    """
    wanted = [wanted_of(entry) for _, entry in rows]
    unknown = [at for at, (book_id, _) in enumerate(rows) if book_id is None]
    found: dict[int, Found | Refused] = {
        at: Found(book_id, False) for at, (book_id, _) in enumerate(rows) if book_id is not None
    }
    matches = dict(zip(unknown, match_books([wanted[at] for at in unknown]), strict=True))
    for at, known in matches.items():
        if known.book_id is not None:
            found[at] = Found(known.book_id, False, known.is_tied, known.near)
    new: list[tuple[BookFields, EditionFields]] = []
    # For each row that brings a book, or repeats one, the place of that book among the new ones.
    places: dict[int, int] = {}
    missing = [at for at in unknown if at not in found]
    for at, first in zip(missing, repeated([wanted[at] for at in missing]), strict=True):
        if missing[first] in places:
            places[at] = places[missing[first]]
            continue
        entry = rows[at][1]
        try:
            fields = book_of(entry, latest_year(latest), with_tags=with_tags)
        except Refused as refusal:
            found[at] = refusal
            continue
        places[at] = len(new)
        new.append((fields, edition_of(entry)))
    added = add_books(new, member_id)
    met: set[int] = set()
    for at, place in places.items():
        found[at] = Found(added[place], place not in met, near=matches[at].near)
        met.add(place)
    return [found[at] for at in range(len(rows))]
