"""The books of the catalogue that a list of others are, by ISBN, or by title and author."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import or_, select

from ..extensions import db
from ..lib.matches import lookup_keys, name_likeness, verdict
from ..lib.matches import titles as matches_titles
from ..lib.matches.verdict import Wanted
from .alias_queries import books_by_alias, told_by_alias
from .models import Author, AuthorSpelling, Book, BookAuthor, Edition

# How many are looked for at once: more would be more than a statement can hold.
AT_ONCE = 200
# How many books are looked at for one that is wanted. Only titles such as "Poems" have more.
MOST_CANDIDATES = 60
# How many letters may differ between keys, in which a misspelt article is left in.
MOST_ERRORS = 4

_PARTED = re.compile(r":|\s[-–—]\s")


class ByAuthor(NamedTuple):
    """A book of an author who is looked for, as far as it is looked at first."""

    id: int
    key: str
    title: str


class Match(NamedTuple):
    """The book that was found for one that is wanted, None where the club does not have it.

    ``is_tied`` says that others fit equally well. ``near`` is the title of a book of which only the subtitle
    differs: of the one that was found, or of one that may be another book.
    """

    book_id: int | None
    is_tied: bool = False
    near: str = ""


NONE = Match(None)


def find_books(wanted: Sequence[Wanted]) -> list[int | None]:
    """The id of the book that each of these is, as ``match_books`` finds it."""
    return [found.book_id for found in match_books(wanted)]


def match_books(wanted: Sequence[Wanted]) -> list[Match]:
    """The book that each of these is, where the club has it.

    Of several that fit equally well it is the one with the lowest id, always: a third book would be worse.
    The number of statements does not depend on how many are wanted (up to AT_ONCE), nor on how many books
    the club has: what is looked at are the books with one of the ISBNs, with the same key of the title,
    and of authors with the same key of the name.
    """
    found: list[Match] = []
    for start in range(0, len(wanted), AT_ONCE):
        found += _found(wanted[start : start + AT_ONCE])
    return found


def lacks_match_keys() -> bool:
    """Whether there is a book or an author whom an older Bookclub added, without a key to match by."""
    columns = (Author.match_key, Author.identity_key, Book.match_key)
    without = (select(column).where(column == "").limit(1) for column in columns)
    return any(db.session.execute(statement).first() for statement in without)


def _found(wanted: Sequence[Wanted]) -> list[Match]:
    with_isbn = _by_isbn({isbn for one in wanted for isbn in one.isbns})
    candidates = _candidates(wanted, with_isbn)
    found = _likest(wanted, candidates, with_isbn)
    lost = [place for place, match in enumerate(found) if match.book_id is None]
    nearly = _by_halves({place: verdict.title_of(wanted[place]).key for place in lost})
    more = {place: ids for place in lost if (ids := nearly[place] - candidates[place])}
    again = _likest([wanted[place] for place in more], list(more.values()), with_isbn)
    for place, match in zip(more, again, strict=True):
        found[place] = match if match.book_id is not None else found[place]
    return found


def _candidates(wanted: Sequence[Wanted], with_isbn: dict[str, int]) -> list[set[int]]:
    """The books that each of these might be."""
    titles = [set(lookup_keys.keys_of(one)) for one in wanted]
    by_title = _by_title(set().union(*titles))
    names = [name_likeness.author_keys(one.authors) for one in wanted]
    by_author = _by_author(set().union(*names))
    candidates = []
    for one, keys, people in zip(wanted, titles, names, strict=True):
        theirs = {book.id: book for name in people for book in by_author[name]}
        called = sorted((id for key in keys for id in by_title[key]), key=lambda id: id not in theirs)
        key = verdict.title_of(one).key
        alike = [book.id for book in theirs.values() if _may_be(key, keys, book)]
        of_isbn = (with_isbn[isbn] for isbn in one.isbns if isbn in with_isbn)
        candidates.append({*of_isbn, *called[:MOST_CANDIDATES], *alike[:MOST_CANDIDATES]})
    return candidates


def _may_be(key: str, keys: set[str], book: ByAuthor) -> bool:
    """Whether a book of the same author, by the key of its title, is worth a second look.

    It is where there is a typing error, where one title runs on after the other, or where the book's has
    more than one part, of which only the first is in its key.
    """
    if book.key in keys or _PARTED.search(book.title):
        return True
    if min(len(key), len(book.key)) > 3 and (key.startswith(book.key) or book.key.startswith(key)):
        return True
    if any(map(str.isdigit, key + book.key)):
        # A number that is misspelt is no number, and the keys are far from each other.
        return True
    return OSA.distance(key, book.key, score_cutoff=MOST_ERRORS) <= MOST_ERRORS


def _likest(
    wanted: Sequence[Wanted], candidates: Sequence[set[int]], with_isbn: dict[str, int]
) -> list[Match]:
    """The matching book among the candidates of each."""
    books = _told(set().union(*candidates), with_isbn)
    return [
        _choice(one, [(book_id, book) for book_id in sorted(ids) for book in books.get(book_id, ())])
        for one, ids in zip(wanted, candidates, strict=True)
    ]


def _choice(one: Wanted, candidates: Sequence[tuple[int, Wanted]]) -> Match:
    """The likest of these books, which stand in the order of their ids; of several the first.

    A book comes more than once where it was known by more than one title or author.
    """
    rated = [(verdict.likeness(one, book), book_id, book) for book_id, book in candidates]
    best = max((sureness for sureness, _, _ in rated), default=0)
    if best <= verdict.RETITLED:
        return _retitled(one, rated)
    (_, book_id, first), *others = [row for row in rated if row[0] == best]
    others = [row for row in others if row[1] != book_id]
    return Match(book_id, is_tied=not all(verdict.same_book(first, book) for _, _, book in others))


def _retitled(one: Wanted, rated: Sequence[tuple[int, int, Wanted]]) -> Match:
    """The book of which only the subtitle differs, if there is a single one and it is long enough."""
    near = [row for row in rated if verdict.only_subtitles_differ(one, row[2])]
    if not near:
        return NONE
    sureness, book_id, book = near[0]
    title = f"{book.title}: {book.subtitle}" if book.subtitle else book.title
    # Where there are two already, they are parts of something.
    return Match(book_id if sureness and len(near) == 1 else None, near=title)


def _by_isbn(isbns: set[str]) -> dict[str, int]:
    rows = db.session.execute(select(Edition.isbn, Edition.book_id).where(Edition.isbn.in_(isbns)))
    return {isbn: book_id for isbn, book_id in rows if isbn}


def _by_title(keys: set[str]) -> dict[str, list[int]]:
    found = defaultdict(list)
    statement = select(Book.match_key, Book.id).where(Book.match_key.in_(keys)).order_by(Book.id)
    for key, book_id in db.session.execute(statement):
        found[key].append(book_id)
    for key, ids in books_by_alias(keys).items():
        found[key] += ids
    return found


def _by_author(keys: set[str]) -> dict[str, list[ByAuthor]]:
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


def _by_halves(keys: dict[int, str]) -> dict[int, set[int]]:
    """The books whose titles are nearly these, and begin or end with the same half.

    One typing error leaves one of the halves as it is, and this finds them whatever the author is called.
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
            is_near = OSA.distance(keys[place], key, score_cutoff=2) <= 2
            if is_near and len(found[place]) < MOST_CANDIDATES:
                found[place].add(book_id)
    return found


def _told(ids: set[int], with_isbn: dict[str, int]) -> dict[int, list[Wanted]]:
    """What the catalogue tells of these books, and those of the ISBNs that they have.

    What they were known by before they were merged comes behind.
    """
    columns = (Book.id, Book.title, Book.subtitle, Book.first_published, Book.series, Book.series_number)
    names, isbns = defaultdict(list), defaultdict(list)
    credited = select(BookAuthor.book_id, Author.name).join(Author, Author.id == BookAuthor.author_id)
    by_place = credited.where(BookAuthor.book_id.in_(ids)).order_by(BookAuthor.book_id, BookAuthor.place)
    for book_id, name in db.session.execute(by_place):
        names[book_id].append(name)
    for isbn, book_id in with_isbn.items():
        isbns[book_id].append(isbn)
    told = {
        book_id: Wanted(
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
    all_told = {book_id: [book] for book_id, book in told.items()}
    for book_id, book in told_by_alias(told):
        all_told[book_id].append(book)
    return all_told
