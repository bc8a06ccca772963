"""Find the books of some rows, and add those that the club does not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..books.actions import add_books, describe_books
from ..books.match_queries import match_books
from ..lib.library_files.entries import LibraryEntry
from ..lib.matches.author_names import identity_key, natural_name
from ..lib.matches.book_fields import BookFields
from ..lib.matches.contributors import ROLES, Contributor, distinct_contributors, split_role
from ..lib.matches.editions import FORMATS, MAX_MINUTES, MAX_PAGES, EditionFields
from ..lib.matches.field_values import (
    EARLIEST_YEAR,
    MAX_AUTHORS,
    MAX_NAME,
    MAX_TITLE,
    FieldError,
    cut_line,
    latest_year,
    tags_from,
)
from ..lib.matches.lookup_keys import first_rows_of_books
from ..lib.matches.series import Series
from ..lib.text.errors import TextError as ProseRefused
from ..lib.text.markdown import render
from ..lib.text.remarks import Remark, remark
from ..lib.text.spoilers import find_spoilers

# The width of the columns for the authors of a book and of a row.
LONGEST_AUTHORS_LINE = 800


class UnfitRowError(FieldError):
    """A row whose book the catalogue cannot take; ``why`` is for the report."""

    def __init__(self, why: Remark) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class MatchedBook:
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
    rows: Sequence[tuple[int | None, LibraryEntry]],
    member_id: int,
    *,
    latest: int,
    with_tags: bool,
    with_descriptions: bool,
) -> list[MatchedBook | UnfitRowError]:
    """Find or add the book of each row; a row gets UnfitRowError instead if its book cannot be added.

    A book id in ``rows`` is one that was found earlier. ``latest`` is the present year. Several rows may be
    about one book that is new to the club: it is added once. The caller must hold the catalogue.
    """
    unknown = [at for at, (book_id, _) in enumerate(rows) if book_id is None]
    found: dict[int, MatchedBook | UnfitRowError] = {
        at: MatchedBook(book_id, False) for at, (book_id, _) in enumerate(rows) if book_id is not None
    }
    # The row of a book that match_next_rows() found has its id, and is not searched for again.
    matches = dict(zip(unknown, match_books([rows[at][1] for at in unknown]), strict=True))
    for at, known in matches.items():
        if known.book_id is not None:
            found[at] = MatchedBook(known.book_id, False, known.is_tied, known.near)
    new: list[tuple[BookFields, EditionFields]] = []
    # Index of the new book of each row, for rows that bring a book or repeat one.
    places: dict[int, int] = {}
    described: set[int] = set()
    missing = [at for at in unknown if at not in found]
    for at, first in zip(missing, first_rows_of_books([rows[at][1] for at in missing]), strict=True):
        # add_books() adds what it is given, so a second row about a new book must not ask for another.
        if missing[first] in places:
            places[at] = places[missing[first]]
            continue
        entry = rows[at][1]
        try:
            fields = book_of(entry, latest_year(latest), with_tags=with_tags)
        except UnfitRowError as refusal:
            found[at] = refusal
            continue
        # Only a description that can be shown is stored: its HTML must pass the same checks as a form’s.
        if with_descriptions and (html := _rendered(entry.description)):
            described.add(at)
            fields = replace(fields, description=entry.description, description_html=html)
        places[at] = len(new)
        new.append((fields, edition_of(entry)))
    added = add_books(new, member_id)
    met: set[int] = set()
    for at, place in places.items():
        found[at] = MatchedBook(
            added[place], place not in met, near=matches[at].near, is_described=at in described
        )
        # Only the first of several rows brought the book; the others find it there.
        met.add(place)
    if with_descriptions:
        _describe(found, rows, member_id)
    return [found[at] for at in range(len(rows))]


def _describe(
    found: dict[int, MatchedBook | UnfitRowError],
    rows: Sequence[tuple[int | None, LibraryEntry]],
    member_id: int,
) -> None:
    """Give existing books the description of the first row that has one."""
    places: dict[int, int] = {}
    for at, (_, entry) in enumerate(rows):
        book = found[at]
        if entry.description and isinstance(book, MatchedBook) and not book.is_new:
            places.setdefault(book.book_id, at)
    texts = {book_id: rows[at][1].description for book_id, at in places.items()}
    rendered = {book_id: (text, html) for book_id, text in texts.items() if (html := _rendered(text))}
    for book_id in describe_books(rendered, member_id):
        book = found[places[book_id]]
        if isinstance(book, MatchedBook):
            found[places[book_id]] = replace(book, is_described=True)


def _rendered(text: str) -> str:
    """Description as HTML; "" if there is none, or none that may be shown."""
    try:
        return render(text).html if text else ""
    except ProseRefused:
        return ""


def book_of(entry: LibraryEntry, latest: int, *, with_tags: bool = False) -> BookFields:
    """Fields of the book that a row describes. Raises UnfitRowError if the catalogue cannot take it.

    Merely odd values are left out: a future year, a thousand authors, a subtitle that hides a spoiler.
    ``latest`` is the last year in which a book can have been published. ``with_tags`` is for lists of books,
    whose tags are the club's.
    """
    title = cut_line(entry.title, MAX_TITLE)
    if not title:
        raise UnfitRowError(remark("The book has no title."))
    if find_spoilers(title):
        raise UnfitRowError(remark("Everybody can read the title, so it cannot hide a spoiler."))
    names = [_open_line(name, MAX_NAME) for name in entry.authors[:MAX_AUTHORS]]
    # Authors are edited as one line, in which a semicolon separates them. A row with an ISBN may name nobody.
    names = [name.replace(";", ",") for name in names if any(map(str.isalnum, name))] or ["Anonymous"]
    # A book is known by its first authors, so the last ones are left out.
    while len(", ".join(names)) > LONGEST_AUTHORS_LINE:
        names.pop()
    is_recording = entry.format == "audiobook"
    return BookFields(
        title=title,
        subtitle=_open_line(entry.subtitle, MAX_TITLE),
        # Going backwards, the first spelling of a name overwrites later ones of the same author.
        authors=tuple({identity_key(name): natural_name(name) for name in reversed(names)}.values())[::-1],
        contributors=_contributors(entry),
        first_published=entry.year if _is_year(entry.year, latest) else None,
        tags=_club_tags(entry.tags) if with_tags else (),
        isbn=entry.isbns[0] if entry.isbns else None,
        pages=entry.pages if not is_recording and 0 < (entry.pages or 0) <= MAX_PAGES else None,
        series=_series(entry),
    )


def _contributors(entry: LibraryEntry) -> tuple[Contributor, ...]:
    """Contributors of a row, without those whose names hide a spoiler."""
    found = (split_role(_open_line(text, 2 * MAX_NAME)) for text in entry.contributors)
    return distinct_contributors(Contributor(name, role) for name, role in found if role in ROLES)


def _open_line(text: str, limit: int) -> str:
    """One line that everybody may read; "" if it hides a spoiler."""
    line = cut_line(text, limit)
    return "" if find_spoilers(line) else line


def edition_of(entry: LibraryEntry) -> EditionFields:
    """Fields of the edition that a row describes, without its ISBN."""
    is_recording = entry.format == "audiobook"
    return EditionFields(
        None,
        entry.format if entry.format in FORMATS else None,
        entry.pages if not is_recording and 0 < (entry.pages or 0) <= MAX_PAGES else None,
        entry.minutes if 0 < (entry.minutes or 0) <= MAX_MINUTES else None,
    )


def _series(entry: LibraryEntry) -> Series:
    name, number = cut_line(entry.series, MAX_TITLE), entry.series_number
    # Prequels are number 0 or 0.5; larger numbers are years or identifiers.
    is_number = number is not None and 0 <= number < 1000
    return Series(name, round(number, 2) if is_number and number is not None else None) if name else Series()


def _club_tags(names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tags_from("\n".join(names))
    except FieldError:
        return ()


def _is_year(year: int | None, latest: int) -> bool:
    # There is no year 0 between 1 BC and 1.
    return year is not None and EARLIEST_YEAR <= year <= latest and year != 0
