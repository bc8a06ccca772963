"""Find the books of the catalogue that match a list of others, by ISBN, or by title and author."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import Text, func, or_, select, type_coerce

from ..extensions import db
from ..lib.matches import lookup_keys, name_likeness, verdict
from ..lib.matches import titles as matches_titles
from ..lib.matches.verdict import BookDescription
from .alias_queries import books_by_alias, wanted_by_alias
from .models import Author, AuthorSpelling, Book, BookAuthor, Edition

# So many books are looked for at once; more would have more values than one statement can hold.
AT_ONCE = 200
# So many candidates are compared with one wanted book. Only titles such as "Poems" have more.
MOST_CANDIDATES = 60
# So many letters may differ between keys. A misspelt article stays in a key, hence as many as four.
MOST_ERRORS = 4

_PART_BREAK = re.compile(r":|\s[-–—]\s")


class ByAuthor(NamedTuple):
    """A candidate by one of the wanted authors, with the columns for the first comparison."""

    id: int
    key: str
    title: str


class Match(NamedTuple):
    """The book that was found for a wanted one, or None if the club does not have it.

    ``is_tied`` says that others fit equally well. ``near`` is the title of a book of which only the subtitle
    differs: of the one that was found, or of one that may be another book.
    """

    book_id: int | None
    is_tied: bool = False
    near: str = ""


NONE = Match(None)


def find_books(wanted: Sequence[BookDescription]) -> list[int | None]:
    """Return the id of the matching book for each entry, or None, as ``match_books`` finds it."""
    return [found.book_id for found in match_books(wanted)]


def match_books(wanted: Sequence[BookDescription]) -> list[Match]:
    """Return the matching book of the catalogue for each entry.

    If several fit equally well it is the one with the lowest id, always: a third book would be worse.
    The number of statements depends neither on the number of entries (up to AT_ONCE) nor on the size of the
    catalogue: candidates are the books with one of the ISBNs, with the same key of the title, and of authors
    with the same key of the name.
    """
    found: list[Match] = []
    for start in range(0, len(wanted), AT_ONCE):
        found += _match_chunk(wanted[start : start + AT_ONCE])
    return found


def credits_of(author_id: int) -> Sequence[BookAuthor]:
    """Credits of an author on title pages."""
    return db.session.execute(select(BookAuthor).where(BookAuthor.author_id == author_id)).scalars().all()


def authors_without_keys(limit: int) -> list[tuple[int, str]]:
    """Id and name of up to ``limit`` authors whom an older Bookclub added without keys."""
    is_older = or_(Author.match_key == "", Author.identity_key == "")
    return [
        (row[0], row[1])
        for row in db.session.execute(select(Author.id, Author.name).where(is_older).limit(limit))
    ]


def books_without_keys(limit: int) -> list[tuple[int, str]]:
    """Id and title of up to ``limit`` books that an older Bookclub added without keys."""
    statement = select(Book.id, Book.title).where(Book.match_key == "").limit(limit)
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def lacks_match_keys() -> bool:
    """Return whether a book or author from an older Bookclub has no match key yet."""
    columns = (Author.match_key, Author.identity_key, Book.match_key)
    without = (select(column).where(column == "").limit(1) for column in columns)
    return any(db.session.execute(statement).first() for statement in without)


def books_with_older_lines(limit: int) -> list[int]:
    """Ids of up to ``limit`` books whose line of several authors an older Bookclub stored in English."""
    # A line of several names has a semicolon since then.
    has_none = type_coerce(Book.authors_line, Text).not_like("%; %")
    several = select(BookAuthor.book_id).group_by(BookAuthor.book_id).having(func.count() > 1)
    statement = select(Book.id).where(has_none, Book.id.in_(several)).limit(limit)
    return list(db.session.execute(statement).scalars())


def _match_chunk(wanted: Sequence[BookDescription]) -> list[Match]:
    with_isbn = _ids_by_isbn({isbn for one in wanted for isbn in one.isbns})
    candidates = _candidate_ids(wanted, with_isbn)
    found = _best_matches(wanted, candidates, with_isbn)
    lost = [place for place, match in enumerate(found) if match.book_id is None]
    # Only what was not found yet is searched by halves, as that is the widest search.
    nearly = _ids_by_half({place: verdict.title_of(wanted[place]).key for place in lost})
    more = {place: ids for place in lost if (ids := nearly[place] - candidates[place])}
    again = _best_matches([wanted[place] for place in more], list(more.values()), with_isbn)
    for place, match in zip(more, again, strict=True):
        # If the wider search finds nothing, the near title from the first one still goes into the report.
        found[place] = match if match.book_id is not None else found[place]
    return found


def _candidate_ids(wanted: Sequence[BookDescription], with_isbn: dict[str, int]) -> list[set[int]]:
    """Return the ids of the books that each entry might be."""
    titles = [set(lookup_keys.keys_of(one)) for one in wanted]
    by_title = _ids_by_title(set().union(*titles))
    names = [name_likeness.author_keys(one.authors) for one in wanted]
    by_author = _books_by_author(set().union(*names))
    candidates = []
    for one, keys, people in zip(wanted, titles, names, strict=True):
        theirs = {book.id: book for name in people for book in by_author[name]}
        # Books by a wanted author come first, so that the limit cuts off others.
        called = sorted((id for key in keys for id in by_title[key]), key=lambda id: id not in theirs)
        key = verdict.title_of(one).key
        alike = [book.id for book in theirs.values() if _needs_comparison(key, keys, book)]
        # An ISBN is the surest sign, so the limits below never cut off a book that has it.
        of_isbn = (with_isbn[isbn] for isbn in one.isbns if isbn in with_isbn)
        candidates.append({*of_isbn, *called[:MOST_CANDIDATES], *alike[:MOST_CANDIDATES]})
    return candidates


def _needs_comparison(key: str, keys: set[str], book: ByAuthor) -> bool:
    """Return whether a book of the same author, by the key of its title, needs a full comparison.

    It does after a typing error, if one title continues the other, or if the book's title has several
    parts, of which only the first is in its key.
    """
    if book.key in keys or _PART_BREAK.search(book.title):
        return True
    # Many titles begin with the same one to three letters by chance.
    if min(len(key), len(book.key)) > 3 and (key.startswith(book.key) or book.key.startswith(key)):
        return True
    if any(map(str.isdigit, key + book.key)):
        # A misspelt number is not recognised as one, so its key may differ by many letters.
        return True
    # Two letters that changed places are one error here, as in most slips of the finger.
    return OSA.distance(key, book.key, score_cutoff=MOST_ERRORS) <= MOST_ERRORS


def _best_matches(
    wanted: Sequence[BookDescription], candidates: Sequence[set[int]], with_isbn: dict[str, int]
) -> list[Match]:
    """Return the best match among each entry's candidates."""
    books = _load_wanted(set().union(*candidates), with_isbn)
    return [
        _best_match(one, [(book_id, book) for book_id in sorted(ids) for book in books.get(book_id, ())])
        for one, ids in zip(wanted, candidates, strict=True)
    ]


def _best_match(one: BookDescription, candidates: Sequence[tuple[int, BookDescription]]) -> Match:
    """Return the most similar of these books, which are in the order of their ids; the first of several.

    A book occurs more than once if it was known by more than one title or author.
    """
    rated = [(verdict.likeness(one, book), book_id, book) for book_id, book in candidates]
    best = max((sureness for sureness, _, _ in rated), default=0)
    # Nothing is surer than another subtitle of the same title, for which there are further rules.
    if best <= verdict.RETITLED:
        return _match_other_subtitle(one, rated)
    (_, book_id, first), *others = [row for row in rated if row[0] == best]
    # A book that is listed under a former title, too, does not tie with itself.
    others = [row for row in others if row[1] != book_id]
    return Match(book_id, is_tied=not all(verdict.same_book(first, book) for _, _, book in others))


def _match_other_subtitle(one: BookDescription, rated: Sequence[tuple[int, int, BookDescription]]) -> Match:
    """Return the book of which only the subtitle differs, if there is exactly one and it is long enough."""
    near = [row for row in rated if verdict.only_subtitles_differ(one, row[2])]
    if not near:
        return NONE
    sureness, book_id, book = near[0]
    title = f"{book.title}: {book.subtitle}" if book.subtitle else book.title
    # If the club has two already, they are parts of something, and this may be another part.
    return Match(book_id if sureness and len(near) == 1 else None, near=title)


def _ids_by_isbn(isbns: set[str]) -> dict[str, int]:
    rows = db.session.execute(select(Edition.isbn, Edition.book_id).where(Edition.isbn.in_(isbns)))
    return {isbn: book_id for isbn, book_id in rows if isbn}


def _ids_by_title(keys: set[str]) -> dict[str, list[int]]:
    found = defaultdict(list)
    statement = select(Book.match_key, Book.id).where(Book.match_key.in_(keys)).order_by(Book.id)
    for key, book_id in db.session.execute(statement):
        found[key].append(book_id)
    # Former titles come last, so the limit on candidates cuts them off before present ones.
    for key, ids in books_by_alias(keys).items():
        found[key] += ids
    return found


def _books_by_author(keys: set[str]) -> dict[str, list[ByAuthor]]:
    found = defaultdict(list)
    statement = (
        select(Author.match_key, Book.id, Book.match_key, Book.title)
        .join(BookAuthor, BookAuthor.author_id == Author.id)
        .join(Book, Book.id == BookAuthor.book_id)
        .where(Author.match_key.in_(keys))
    )
    merged = (
        select(AuthorSpelling.match_key, Book.id, Book.match_key, Book.title)
        .join(BookAuthor, BookAuthor.author_id == AuthorSpelling.author_id)
        .join(Book, Book.id == BookAuthor.book_id)
        .where(AuthorSpelling.match_key.in_(keys))
    )
    for each in (statement, merged):
        for name, book_id, key, title in db.session.execute(each):
            found[name].append(ByAuthor(book_id, key, title))
    return found


def _ids_by_half(keys: dict[int, str]) -> dict[int, set[int]]:
    """Return the books whose titles are almost these, and begin or end with the same half.

    One typing error leaves one of the halves unchanged, so this finds them under any author's name.
    """
    by_head: dict[str, set[int]] = defaultdict(set)
    by_tail: dict[str, set[int]] = defaultdict(set)
    for place, key in keys.items():
        heads, tails = matches_titles.halves_of(key)
        for halves, by_half in ((heads, by_head), (tails, by_tail)):
            for half in halves:
                by_half[half].add(place)
    found: dict[int, set[int]] = defaultdict(set)
    statement = select(Book.match_key, Book.match_head, Book.match_tail, Book.id).order_by(Book.id)
    either = or_(Book.match_head.in_(by_head), Book.match_tail.in_(by_tail))
    for key, head, tail, book_id in db.session.execute(statement.where(either)):
        for place in by_head.get(head, set()) | by_tail.get(tail, set()):
            # A book by anybody may come here, so fewer errors are forgiven than for one author's.
            is_near = OSA.distance(keys[place], key, score_cutoff=2) <= 2
            if is_near and len(found[place]) < MOST_CANDIDATES:
                found[place].add(book_id)
    return found


def _load_wanted(ids: set[int], with_isbn: dict[str, int]) -> dict[int, list[BookDescription]]:
    """Return the catalogue's fields of these books, with those of the given ISBNs that they have.

    Their titles and authors from before a merger come last.
    """
    columns = (Book.id, Book.title, Book.subtitle, Book.first_published, Book.series, Book.series_number)
    names, isbns = defaultdict(list), defaultdict(list)
    credited = select(BookAuthor.book_id, Author.name).join(Author, Author.id == BookAuthor.author_id)
    by_place = credited.where(BookAuthor.book_id.in_(ids)).order_by(BookAuthor.book_id, BookAuthor.place)
    for book_id, name in db.session.execute(by_place):
        names[book_id].append(name)
    # Only ISBNs that are looked for are compared, so the books' others need not be loaded.
    for isbn, book_id in with_isbn.items():
        isbns[book_id].append(isbn)
    loaded = {
        book_id: BookDescription(
            title=title,
            authors=tuple(names[book_id]),
            isbns=tuple(isbns[book_id]),
            year=year,
            subtitle=subtitle,
            series=series,
            series_number=number,
        )
        for book_id, title, subtitle, year, series, number in db.session.execute(
            select(*columns).where(Book.id.in_(ids))
        )
    }
    with_aliases = {book_id: [book] for book_id, book in loaded.items()}
    for book_id, book in wanted_by_alias(loaded):
        with_aliases[book_id].append(book)
    return with_aliases
