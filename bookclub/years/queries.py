"""Queries on what was read in a year, by one member or by the club, as its viewer may know of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    case,
    exists,
    extract,
    func,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import contains_eager, joinedload, raiseload

from ..books.models import Author, Book, BookAuthor, Edition
from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..members.models import IS_ABSENT, Member
from ..readings.models import Reading, ReadThrough
from ..readings.queries import is_counted
from ..readings.visibility_queries import anyone_like, asked_by, visible_to
from ..rounds.models import Nomination, Round, Tally
from ..threads.models import Comment, Thread
from .rules import LISTED, Credit, Extent, FinishedRead, Printing, Year, YearBook, extent_of

# A list of undated books is there to be worked off; the next ones follow.
UNDATED = 20
BOOK_COLUMNS = (
    Book.id, Book.slug, Book.title, Book.authors_line, Book.first_published, Book.rating_count,
    Book.rating_sum, Book.cover_id,
)  # fmt: skip


def _is_shown(viewer: Viewer, owner_id: int | None) -> ColumnElement[bool]:
    """Return the condition that a reading counts on a page: of a member, or of the club (None).

    Its reader sees private ones on their own page. Nobody else does, and the club's figures are the same for
    everybody, so that none can be found by subtraction.
    """
    if owner_id is None:
        return is_counted(Reading)
    if viewer.id == owner_id:
        return Reading.member_id == owner_id
    return and_(Reading.member_id == owner_id, is_counted(Reading))


def _reads(is_shown: ColumnElement[bool]) -> Subquery:
    """Select every time that somebody read a book to its end: reading and day. Undated times are left out."""
    latest = select(Reading.id.label("reading_id"), Reading.finished_on.label("finished_on")).where(
        # While a book is read again, the day of the time before is a ReadThrough, too.
        Reading.status == "finished",
        Reading.finished_on.is_not(None),
        is_shown,
    )
    # The days of a book that was never finished are those of an attempt.
    never = and_(Reading.status == "did_not_finish", Reading.times_read == 0)
    earlier = (
        select(ReadThrough.reading_id, ReadThrough.finished_on)
        .join(Reading, Reading.id == ReadThrough.reading_id)
        .where(ReadThrough.finished_on.is_not(None), or_(Reading.status.is_(None), not_(never)), is_shown)
    )
    return union_all(latest, earlier).subquery("reads")


def _reads_in(year: int, is_shown: ColumnElement[bool]) -> tuple[Subquery, ColumnElement[bool]]:
    reads = _reads(is_shown)
    return reads, reads.c.finished_on.between(date(year, 1, 1), date(year, 12, 31))


def books_by_year(viewer: Viewer, owner_id: int | None, until: int) -> dict[int, int]:
    """Return how many different books were read in each year up to ``until``, the latest year first."""
    reads = _reads(_is_shown(viewer, owner_id))
    year = extract("year", reads.c.finished_on)
    rows = db.session.execute(
        select(year, func.count(Reading.book_id.distinct()))
        .select_from(reads)
        .join(Reading, Reading.id == reads.c.reading_id)
        .group_by(year)
        .order_by(year.desc())
    )
    return {int(number): count for number, count in rows if number <= until}


def year_of(viewer: Viewer, owner_id: int | None, number: int) -> Year:
    """Return the figures of a year, of a member or of the club (None).

    It takes four statements, however much was read.
    """
    reads, is_in_year = _reads_in(number, _is_shown(viewer, owner_id))
    of_reads = select(Reading.book_id).join(reads, reads.c.reading_id == Reading.id).where(is_in_year)
    books = db.session.execute(select(*BOOK_COLUMNS).where(Book.id.in_(of_reads)))
    credits = db.session.execute(
        select(BookAuthor.book_id, Author.slug, Author.name)
        .join(Author, Author.id == BookAuthor.author_id)
        .where(BookAuthor.book_id.in_(of_reads))
        .order_by(BookAuthor.book_id, BookAuthor.place)
    )
    printings: dict[int, list[Printing]] = defaultdict(list)
    for row in db.session.execute(
        select(Edition.book_id, Edition.id, Edition.format, Edition.pages, Edition.minutes)
        .where(Edition.book_id.in_(of_reads))
        .order_by(Edition.book_id, Edition.place, Edition.id)
    ):
        printings[row.book_id].append(Printing(row.id, row.format, row.pages, row.minutes))
    rows = db.session.execute(
        select(
            Reading.member_id, Reading.book_id, reads.c.finished_on, Reading.rating, Reading.is_private,
            Reading.edition_id, Reading.length, func.coalesce(Reading.length_unit, Reading.entry_unit),
        )
        .join(reads, reads.c.reading_id == Reading.id)
        .where(is_in_year)
        .order_by(reads.c.finished_on, Reading.id)
    )  # fmt: skip
    # A club reads the same printings over and over.
    extents: dict[tuple[Any, ...], Extent] = {}
    found = []
    for member_id, book_id, day, rating, is_private, *printed in rows:
        key = (book_id, *printed)
        if key not in extents:
            edition_id, length, unit = printed
            extents[key] = extent_of(printings[book_id], edition_id=edition_id, length=length, unit=unit)
        found.append(FinishedRead(member_id, book_id, day, rating, is_private, extents[key]))
    return Year(number, found, {row.id: YearBook(*row) for row in books}, [Credit(*row) for row in credits])


class Discussed(NamedTuple):
    """A book with the number of comments about it that the viewer may see."""

    book: YearBook
    comments: int


def most_discussed(
    viewer: Viewer, seen_as: Viewer, owner_id: int | None, year: int, span: tuple[datetime, datetime]
) -> list[Discussed]:
    """Return the books with the most comments of a year that the viewer may see.

    For a member they are among the books of their year, as ``seen_as`` may know of them. ``span`` is the year
    by the clocks of the viewer.
    """
    start, end = span
    # Comments with the same author and horizon are visible to the same readers, so the condition is checked
    # once for each group and not for each comment.
    kinds = (
        select(
            Thread.book_id,
            Comment.thread_id,
            Comment.member_id,
            Comment.horizon,
            func.count().label("comments"),
        )
        .join(Thread, Thread.id == Comment.thread_id)
        .where(
            Thread.book_id.is_not(None),
            Comment.deleted_at.is_(None),
            Comment.created_at >= start,
            Comment.created_at < end,
        )
        .group_by(Thread.book_id, Comment.thread_id, Comment.member_id, Comment.horizon)
    )
    if owner_id is not None:
        reads, is_in_year = _reads_in(year, _is_shown(seen_as, owner_id))
        of_reads = select(Reading.book_id).join(reads, reads.c.reading_id == Reading.id).where(is_in_year)
        kinds = kinds.where(Thread.book_id.in_(of_reads))
    counted = kinds.subquery()
    place = {"author_id": counted.c.member_id, "book_id": counted.c.book_id, "thread_id": counted.c.thread_id}
    seen = visible_to(anyone_like(viewer), horizon=counted.c.horizon, **place)
    number = func.sum(case((seen, counted.c.comments), else_=0))
    rows = db.session.execute(
        select(*BOOK_COLUMNS, number)
        .join(counted, counted.c.book_id == Book.id)
        .group_by(*BOOK_COLUMNS, Book.title_key)
        .having(number > 0)
        .order_by(number.desc(), Book.title_key, Book.id)
        .limit(LISTED),
        asked_by(viewer),
    )
    return [Discussed(YearBook(*row[:-1]), int(row[-1])) for row in rows]


def nominations_chosen(span: tuple[datetime, datetime], owner_id: int | None = None) -> Sequence[Nomination]:
    """Return the nominations that won the rounds that were settled in a year: a member's, or all (None).

    Members see who nominated a book on the page of its round. A winner that was withdrawn is not among them.
    """
    start, end = span
    statement = (
        select(Nomination)
        .join(Nomination.voting_round)
        .options(
            contains_eager(Nomination.voting_round).options(raiseload(Round.secret)),
            joinedload(Nomination.book).options(raiseload("*")),
        )
        .where(
            Round.settled_at >= start,
            Round.settled_at < end,
            Nomination.withdrawn_at.is_(None),
            exists().where(Tally.winner_id == Nomination.id),
        )
        .order_by(Round.settled_at, Nomination.id)
    )
    if owner_id is not None:
        statement = statement.where(Nomination.member_id == owner_id)
    return db.session.execute(statement).scalars().all()


def undated_books(viewer: Viewer) -> tuple[Sequence[YearBook], int]:
    """Return books that the viewer has finished, nobody knows when, and their number."""
    undated = (
        Reading.member_id == viewer.id,
        Reading.status == "finished",
        Reading.finished_on.is_(None),
    )
    rows = db.session.execute(
        select(*BOOK_COLUMNS, func.count().over())
        .join(Reading, Reading.book_id == Book.id)
        .where(*undated)
        .order_by(Reading.changed_at.desc(), Reading.id.desc())
        .limit(UNDATED)
    ).all()
    return [YearBook(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def members_with_years(viewer: Viewer) -> Sequence[Member]:
    """Return the other members who show their years, by name."""
    statement = select(Member).where(Member.shows_years, ~IS_ABSENT, Member.id != viewer.id)
    return db.session.execute(statement.order_by(Member.username_key)).scalars().all()
