"""Rules of the year: its length, what counts in it, and the figures of one member or of the club.

Nothing here compares members with one another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from ..lib.matches import ratings
from ..lib.matches.field_values import year_text
from ..lib.text.dates import moment_at

# No day of reading lies before it, see ``day_from()`` in lib/positions/progress.py.
FIRST_YEAR = 1900
# A mean of fewer ratings would tell who gave which.
LEAST_RATERS = 3
# A book that one member read says nothing about the club.
LEAST_READERS = 2
# So many entries has each list of a page, and as many fit on its printed sheet.
LISTED = 5
# So many books stand on the page with their covers. The others are in a list behind.
COVERS = 36
# And so many are in that list: a page of thousands of links would be slow, and nobody would read it.
BEHIND = 300
# Books from before it stand together.
FIRST_DECADE = 1900


def has_begun(year: int, today: date) -> bool:
    """Return whether a year has a page: it has begun, and somebody in the club could have read in it."""
    return FIRST_YEAR <= year <= today.year


def span(year: int, zone: str) -> tuple[datetime, datetime]:
    """Return the moments at which a year begins and ends by the clocks of a zone."""
    return moment_at(datetime(year, 1, 1), zone), moment_at(datetime(year + 1, 1, 1), zone)


def year_to_look_back_on(today: date) -> int | None:
    """Return the year that the front page speaks of: in December the year itself, in January the last one."""
    return today.year if today.month == 12 else today.year - 1 if today.month == 1 else None


class Printing(NamedTuple):
    """An edition, as far as its length goes. ``pages`` and ``minutes`` are None if unknown."""

    id: int
    format: str | None
    pages: int | None
    minutes: int | None


class Extent(NamedTuple):
    """The length of what was read: in pages, or in minutes if it was heard, or neither if it is unknown."""

    pages: int | None = None
    minutes: int | None = None


def extent_of(
    printings: Sequence[Printing],
    *,
    edition_id: int | None = None,
    length: int | None = None,
    unit: str | None = None,
) -> Extent:
    """Return the length of a reading.

    ``length`` in ``unit`` ("page" or "minute") is the reader's own and goes first, then the edition that they
    named, then the first of the book's ``printings`` with a length. Somebody who entered minutes, or named
    an audiobook, has heard it: then hours count, and pages never stand in for them.
    """
    if length and unit in ("page", "minute"):
        return Extent(pages=length) if unit == "page" else Extent(minutes=length)
    named = next((each for each in printings if each.id == edition_id), None)
    if named and not named.pages and not named.minutes and named.format != "audiobook":
        named = None
    is_heard = unit == "minute"
    if named:
        is_heard = named.format == "audiobook" or not named.pages or (is_heard and bool(named.minutes))
    in_order = [named, *printings] if named else list(printings)
    pages = next((each.pages for each in in_order if each.pages), None)
    minutes = next((each.minutes for each in in_order if each.minutes), None)
    if is_heard:
        return Extent(minutes=minutes)
    # A book that exists as a recording alone was heard, too.
    return Extent(pages=pages) if pages else Extent(minutes=minutes)


class YearBook(NamedTuple):
    """A book, as a page of a year shows it. Its ratings are those that count in the club, in half stars."""

    id: int
    slug: str
    title: str
    authors_line: str
    first_published: int | None
    rating_count: int
    rating_sum: int
    cover_id: int | None = None

    @property
    def year(self) -> str:
        """The year of first publication in words, or ""."""
        return year_text(self.first_published)

    @property
    def mean(self) -> float | None:
        """The mean of the club's ratings in half stars; None if fewer than three members rated it."""
        return self.rating_sum / self.rating_count if self.rating_count >= LEAST_RATERS else None

    @property
    def mean_text(self) -> str:
        """The mean in stars, "4.3", or "" if there is none."""
        return "" if self.mean is None else ratings.average(self.rating_sum, self.rating_count)


class FinishedRead(NamedTuple):
    """One time that a member read a book to its end. The day is in their own calendar."""

    member_id: int
    book_id: int
    finished_on: date
    rating: int | None = None
    is_private: bool = False
    extent: Extent = Extent()


class Credit(NamedTuple):
    """An author of a book."""

    book_id: int
    slug: str
    name: str


@dataclass(frozen=True)
class Month:
    """The sums of one month of a year: times that a book was finished, and their lengths."""

    number: int
    reads: int = 0
    pages: int = 0
    minutes: int = 0


@dataclass(frozen=True)
class BookOfYear:
    """A book with all the times that it was read in a year. ``rating`` is of the one who read it."""

    book: YearBook
    reads: tuple[FinishedRead, ...]

    @property
    def times(self) -> int:
        return len(self.reads)

    @cached_property
    def readers(self) -> int:
        return len({read.member_id for read in self.reads})

    @property
    def last_on(self) -> date:
        return max(read.finished_on for read in self.reads)

    @property
    def rating(self) -> int | None:
        return self.reads[-1].rating

    @property
    def is_private(self) -> bool:
        return all(read.is_private for read in self.reads)

    @property
    def distance(self) -> float:
        """The half stars between the reader's rating and the club's; 0 if one of them is missing."""
        return abs(self.rating - self.book.mean) if self.rating and self.book.mean is not None else 0


class AuthorOfYear(NamedTuple):
    """An author with the number of their books that were read in a year, and how often these were."""

    name: str
    slug: str
    books: int
    times: int


class Measured(NamedTuple):
    """A book with a length in pages or in minutes."""

    book: YearBook
    length: int


@dataclass(frozen=True)
class Year:
    """The figures of a year, of one member or of the club, from the reads that its viewer may know of."""

    number: int
    reads: Sequence[FinishedRead]
    known_books: Mapping[int, YearBook] = field(default_factory=dict)
    credits: Collection[Credit] = ()

    @cached_property
    def books(self) -> list[BookOfYear]:
        """The books in the order in which they were finished, the last time counting."""
        times: dict[int, list[FinishedRead]] = defaultdict(list)
        for read in sorted(self.reads, key=lambda read: read.finished_on):
            times[read.book_id].append(read)
        found = [BookOfYear(self.known_books[book_id], tuple(reads)) for book_id, reads in times.items()]
        return sorted(found, key=lambda each: (each.last_on, each.book.title))

    @property
    def readers(self) -> int:
        return len({read.member_id for read in self.reads})

    @property
    def private_books(self) -> int:
        return sum(each.is_private for each in self.books)

    @cached_property
    def months(self) -> list[Month]:
        """The twelve months, empty ones too."""
        of_month: dict[int, list[FinishedRead]] = defaultdict(list)
        for read in self.reads:
            of_month[read.finished_on.month].append(read)
        return [Month(number, *self._sums(of_month[number])) for number in range(1, 13)]

    @staticmethod
    def _sums(reads: Collection[FinishedRead]) -> tuple[int, int, int]:
        pages = sum(read.extent.pages or 0 for read in reads)
        return len(reads), pages, sum(read.extent.minutes or 0 for read in reads)

    @property
    def pages(self) -> int:
        return sum(month.pages for month in self.months)

    @property
    def minutes(self) -> int:
        return sum(month.minutes for month in self.months)

    @cached_property
    def unmeasured(self) -> int:
        """The number of reads whose length nobody knows."""
        return sum(read.extent == Extent() for read in self.reads)

    def extremes(self, unit: str) -> tuple[Measured, Measured] | None:
        """Return the longest and the shortest book in "pages" or "minutes"; None unless two differ.

        Of two that are equally long, the one that was finished first stands.
        """
        measured = [
            Measured(each.book, length)
            for each in self.books
            for read in each.reads
            if (length := getattr(read.extent, unit))
        ]
        longest = max(measured, key=lambda each: each.length, default=None)
        shortest = min(measured, key=lambda each: each.length, default=None)
        if longest is None or shortest is None or longest.book.id == shortest.book.id:
            return None
        return (longest, shortest) if longest.length > shortest.length else None

    @cached_property
    def authors(self) -> list[AuthorOfYear]:
        """The authors, those who were read most first."""
        times = {each.book.id: each.times for each in self.books}
        names = {credit.slug: credit.name for credit in self.credits}
        books: dict[str, set[int]] = defaultdict(set)
        for credit in self.credits:
            if credit.book_id in times:
                books[credit.slug].add(credit.book_id)
        found = [
            AuthorOfYear(names[slug], slug, len(ids), sum(times[book_id] for book_id in ids))
            for slug, ids in books.items()
        ]
        return sorted(found, key=lambda each: (-each.times, -each.books, each.name.casefold()))

    @property
    def returned_to(self) -> list[AuthorOfYear]:
        """The authors who were read more than once, those who were read most first."""
        return [each for each in self.authors if each.times > 1][:LISTED]

    @cached_property
    def published(self) -> list[YearBook]:
        """The books of known age, the oldest first."""
        known = [each.book for each in self.books if each.book.first_published is not None]
        return sorted(known, key=lambda book: (book.first_published or 0, book.title))

    @cached_property
    def decades(self) -> list[tuple[int | None, int]]:
        """The books of each decade of first publication, from the first to the last; None is all before 1900.

        Decades without a book between them are among them.
        """
        counts = Counter(decade_of(book.first_published or 0) for book in self.published)
        known = sorted(decade for decade in counts if decade is not None)
        between = range(known[0], known[-1] + 10, 10) if known else ()
        earlier = [(None, counts[None])] if counts[None] else []
        return [*earlier, *((decade, counts[decade]) for decade in between)]

    # Ratings beside the club's

    @cached_property
    def rated(self) -> list[BookOfYear]:
        """The books that the reader rated."""
        return [each for each in self.books if each.rating]

    @cached_property
    def compared(self) -> list[BookOfYear]:
        """The books that the reader and at least three members of the club rated."""
        return [each for each in self.rated if each.book.mean is not None]

    @cached_property
    def own_mean(self) -> float:
        """The mean of the reader's ratings of the books that are ``compared``, in half stars."""
        return _mean([each.rating or 0 for each in self.compared])

    @cached_property
    def club_mean(self) -> float:
        """The mean of the club's means of the same books, in half stars."""
        return _mean([each.book.mean or 0 for each in self.compared])

    @property
    def furthest_apart(self) -> list[BookOfYear]:
        """The books of which the reader and the club think most differently: by a star at least."""
        apart = [each for each in self.compared if each.distance >= 2]
        return sorted(apart, key=lambda each: (-each.distance, each.book.title))[:LISTED]

    # The club

    @cached_property
    def rating_counts(self) -> Counter[int]:
        """The number of ratings by half stars; each member's rating of a book counts once.

        It is empty unless three members gave any: of fewer it would tell who gave which.
        """
        given = {(read.member_id, read.book_id): read.rating for read in self.reads if read.rating}
        if len({member_id for member_id, _ in given}) < LEAST_RATERS:
            return Counter()
        return Counter(rating for rating in given.values() if rating)

    @property
    def read_together(self) -> list[BookOfYear]:
        """The books that most members have read."""
        shared = [each for each in self.books if each.readers >= LEAST_READERS]
        return sorted(shared, key=lambda each: (-each.readers, each.book.title))[:LISTED]

    @property
    def liked_best(self) -> list[YearBook]:
        """The books with the highest mean of at least three ratings."""
        rated = [each.book for each in self.books if each.book.mean is not None]
        return sorted(rated, key=lambda book: (-(book.mean or 0), -book.rating_count, book.title))[:LISTED]


def decade_of(year: int) -> int | None:
    """Return the first year of a decade; None before 1900."""
    return None if year < FIRST_DECADE else year - year % 10


def _mean(numbers: Collection[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0


def neighbours(year: int, years: Iterable[int]) -> tuple[int | None, int | None]:
    """Return the years with something to show before and after a year."""
    known = sorted(set(years))
    before = max((each for each in known if each < year), default=None)
    return before, min((each for each in known if each > year), default=None)
