"""Find the books of some rows, and add those that the club does not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..books.actions import add_books, describe_books
from ..books.match_queries import match_books
from ..lib.library_files.entries import Entry
from ..lib.matches.book_fields import BookFields
from ..lib.matches.editions import EditionFields
from ..lib.matches.field_values import Refused, latest_year
from ..lib.matches.lookup_keys import first_rows_of_books
from ..lib.text.markdown import render
from ..lib.text.refusal import Refused as ProseRefused
from .actions import wanted_of
from .stored_rows import book_of, edition_of


@dataclass(frozen=True)
class Found:
    """The book of a row, with ``is_new`` if it was added for it, and ``is_tied`` if others fit equally well.

    ``near`` is the title of a book that differs only in its subtitle: of this one, if it is not new.
    ``is_described`` says that it got the row's description.
    """

    book_id: int
    is_new: bool
    is_tied: bool = False
    near: str = ""
    is_described: bool = False


def books_for(
    rows: Sequence[tuple[int | None, Entry]],
    member_id: int,
    *,
    latest: int,
    with_tags: bool,
    with_descriptions: bool,
) -> list[Found | Refused]:
    """Find or add the book of each row; a row gets Refused instead if its book cannot be added.

    A book id in ``rows`` is one that was found earlier. ``latest`` is the present year. Several rows may be
    about one book that is new to the club: it is added once. The caller must hold the catalogue.
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
    # Index of the new book of each row, for rows that bring a book or repeat one.
    places: dict[int, int] = {}
    described: set[int] = set()
    missing = [at for at in unknown if at not in found]
    for at, first in zip(missing, first_rows_of_books([wanted[at] for at in missing]), strict=True):
        if missing[first] in places:
            places[at] = places[missing[first]]
            continue
        entry = rows[at][1]
        try:
            fields = book_of(entry, latest_year(latest), with_tags=with_tags)
        except Refused as refusal:
            found[at] = refusal
            continue
        if with_descriptions and (html := _rendered(entry.description)):
            described.add(at)
            fields = replace(fields, description=entry.description, description_html=html)
        places[at] = len(new)
        new.append((fields, edition_of(entry)))
    added = add_books(new, member_id)
    met: set[int] = set()
    for at, place in places.items():
        found[at] = Found(added[place], place not in met, near=matches[at].near, is_described=at in described)
        met.add(place)
    if with_descriptions:
        _describe(found, rows, member_id)
    return [found[at] for at in range(len(rows))]


def _describe(
    found: dict[int, Found | Refused], rows: Sequence[tuple[int | None, Entry]], member_id: int
) -> None:
    """Give existing books the description of the first row that has one."""
    places: dict[int, int] = {}
    for at, (_, entry) in enumerate(rows):
        book = found[at]
        if entry.description and isinstance(book, Found) and not book.is_new:
            places.setdefault(book.book_id, at)
    texts = {book_id: rows[at][1].description for book_id, at in places.items()}
    rendered = {book_id: (text, html) for book_id, text in texts.items() if (html := _rendered(text))}
    for book_id in describe_books(rendered, member_id):
        book = found[places[book_id]]
        if isinstance(book, Found):
            found[places[book_id]] = replace(book, is_described=True)


def _rendered(text: str) -> str:
    """Description as HTML; "" if there is none, or none that may be shown."""
    try:
        return render(text).html if text else ""
    except ProseRefused:
        return ""
