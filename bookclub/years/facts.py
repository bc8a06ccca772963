"""The figures of a year in words: totals, and a book or an author with what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from babel.numbers import format_decimal

from ..lib.text.dates import day_and_month_text
from ..lib.text.durations import minutes_text
from ..lib.text.messages import gettext as _
from ..lib.text.messages import locale, ngettext, number_text
from .rules import AuthorOfYear, BookOfYear, Measured, Year, YearBook


class Total(NamedTuple):
    """A number, and what there is so many of."""

    number: str
    words: str


class Find(NamedTuple):
    """A book with a note, "" if there is nothing to add; ``label`` says why it stands out."""

    book: YearBook
    note: str = ""
    label: str = ""


def say_books(number: int) -> str:
    """Return a number of books in words."""
    return ngettext("%(num)s book", "%(num)s books", number)


def say_pages(number: int) -> str:
    """Return a number of pages in words."""
    return ngettext("%(num)s page", "%(num)s pages", number)


def say_comments(number: int) -> str:
    """Return a number of comments in words."""
    return ngettext("%(num)s comment", "%(num)s comments", number)


def stars_text(halves: float) -> str:
    """Return a mean of half stars as stars with one decimal: "4.3"."""
    return str(format_decimal(halves / 2, format="0.0", locale=locale()))


def totals(year: Year, *, of_club: bool = False) -> list[Total]:
    """Return what there was how much of, without what there was none of."""
    books, reads = len(year.books), len(year.reads)
    found = [Total(number_text(books), ngettext("book", "books", books))]
    if of_club:
        found.append(Total(number_text(year.readers), ngettext("reader", "readers", year.readers)))
    if reads > books:
        found.append(Total(number_text(reads), _("times read to the end")))
    if year.pages:
        found.append(Total(number_text(year.pages), ngettext("page", "pages", year.pages)))
    if year.minutes:
        found.append(Total(minutes_text(year.minutes), _("of audiobooks")))
    return found


def books_of_member(year: Year) -> list[Find]:
    """Return the books of one reader in the order in which they finished them."""
    return [Find(each.book, _note(each)) for each in year.books]


def _note(each: BookOfYear) -> str:
    parts = (
        day_and_month_text(each.last_on),
        ngettext("read once", "read %(num)s times", each.times) if each.times > 1 else "",
        _("%(stars)s ★", stars=number_text(each.rating / 2)) if each.rating else "",
        _("private") if each.is_private else "",
    )
    return " · ".join(part for part in parts if part)


def books_of_club(year: Year) -> list[Find]:
    """Return the books of the club with the number of their readers, those that most have read first."""
    ordered = sorted(year.books, key=lambda each: -each.readers)
    return [Find(each.book, _readers(each)) for each in ordered]


def _readers(each: BookOfYear) -> str:
    return ngettext("%(num)s reader", "%(num)s readers", each.readers)


def lengths(year: Year) -> list[Find]:
    """Return the longest and the shortest book, and the longest and the shortest recording."""
    found = []
    if printed := year.extremes("pages"):
        labels = _("The longest book"), _("The shortest book")
        found += [_measured(*each, say_pages) for each in zip(printed, labels, strict=True)]
    if heard := year.extremes("minutes"):
        labels = _("The longest audiobook"), _("The shortest audiobook")
        found += [_measured(*each, minutes_text) for each in zip(heard, labels, strict=True)]
    return found


def _measured(each: Measured, label: str, say: Callable[[int], str]) -> Find:
    return Find(each.book, say(each.length), label)


def ages(year: Year) -> list[Find]:
    """Return the oldest and the newest book, if there are two."""
    if len(year.published) < 2:
        return []
    oldest, newest = year.published[0], year.published[-1]
    return [Find(oldest, oldest.year, _("The oldest book")), Find(newest, newest.year, _("The newest book"))]


def say_author(author: AuthorOfYear) -> str:
    """Return how many books of an author were read, and how often."""
    if author.books == author.times:
        return say_books(author.books)
    if author.books == 1:
        return ngettext("one book, read once", "one book, read %(num)s times", author.times)
    books, times = number_text(author.books), number_text(author.times)
    return _("%(books)s books, read %(times)s times", books=books, times=times)


def furthest_apart(year: Year) -> list[Find]:
    """Return the books of which the reader and the club think most differently."""
    return [
        Find(
            each.book,
            _(
                "%(own)s ★, the club %(club)s ★",
                own=number_text((each.rating or 0) / 2),
                club=each.book.mean_text,
            ),
        )
        for each in year.furthest_apart
    ]


def read_together(year: Year) -> list[Find]:
    """Return the books that most members have read."""
    return [Find(each.book, _readers(each)) for each in year.read_together]


def liked_best(year: Year) -> list[Find]:
    """Return the books with the highest means."""
    return [Find(book, _("%(stars)s ★", stars=book.mean_text)) for book in year.liked_best]
