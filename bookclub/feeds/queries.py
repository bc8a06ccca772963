"""Queries on the newest posts that a reader of a feed may see, and on the addresses of feeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, select

from ..asks.models import Ask
from ..books.models import Author, Book
from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..members.models import IS_ABSENT, Member
from ..passages import queries as passages
from ..passages.models import Passage
from ..passages.rules import PassageRow
from ..readings.visibility_queries import asked_by, visible_to
from ..reviews.models import Review
from ..reviews.queries import review_rows
from ..reviews.rules import ReviewRow
from ..threads.comment_queries import comment_rows, readable
from ..threads.models import Comment, Thread
from ..threads.rules import CommentRow
from .models import FeedAddress
from .rules import ENTRIES, FeedComment

# A sitemap holds at most 50 000 addresses (sitemaps.org); so many of each kind stay below.
MOST_OF_A_KIND = 10_000

Value = TypeVar("Value")


def newest_comments(
    viewer: Viewer, *, thread_id: int | None = None, book_id: int | None = None
) -> list[FeedComment]:
    """Return the newest comments that this reader may see, of the whole club, of a thread or on a book."""
    where: list[ColumnElement[bool]] = [Comment.deleted_at.is_(None), readable(viewer)]
    if thread_id is not None:
        where.append(Comment.thread_id == thread_id)
    if book_id is not None:
        where.append(Thread.book_id == book_id)
    if not viewer.is_member:
        # Those threads are for members.
        where += [Thread.of_ask.is_(False), Thread.of_round.is_(False), Thread.of_meeting.is_(False)]
    statement = comment_rows(viewer).where(*where).order_by(Comment.created_at.desc(), Comment.id.desc())
    found = db.session.execute(statement.limit(ENTRIES), asked_by(viewer)).mappings()
    rows = [CommentRow(**row) for row in found]
    places = _places(row.thread_id for row in rows)
    return [FeedComment(row, *places[row.thread_id]) for row in rows]


def _places(thread_ids: Iterable[int]) -> dict[int, tuple[str | None, str | None, str | None]]:
    """Return title, book and author of the review of each thread; each is None where there is none."""
    statement = (
        select(Thread.id, Thread.title, Ask.question, Book.title, Member.display_name)
        .outerjoin(Ask, and_(Ask.thread_id == Thread.id, Ask.deleted_at.is_(None)))
        .outerjoin(Book, Book.id == Thread.book_id)
        .outerjoin(Review, Review.thread_id == Thread.id)
        .outerjoin(Member, Member.id == Review.member_id)
        .where(Thread.id.in_(set(thread_ids)))
    )
    rows = db.session.execute(statement)
    return {thread_id: (title or question, book, author) for thread_id, title, question, book, author in rows}


def newest_reviews(
    viewer: Viewer, *, book_id: int | None = None, by: Member | None = None
) -> list[ReviewRow]:
    """Return the newest reviews as this reader sees them: title and summary are safe for everybody."""
    statement = review_rows(viewer).where(Review.deleted_at.is_(None))
    if book_id is not None:
        statement = statement.where(Review.book_id == book_id)
    if by is not None:
        statement = statement.where(Review.member_id == by.id)
    ordered = statement.order_by(Review.created_at.desc(), Review.id.desc()).limit(ENTRIES)
    return [ReviewRow(**row) for row in db.session.execute(ordered, asked_by(viewer)).mappings()]


def newest_passages(viewer: Viewer) -> list[PassageRow]:
    """Return the newest passages that this member may see. No visitor sees any."""
    statement = passages.passage_rows(viewer).where(Passage.deleted_at.is_(None), passages.readable(viewer))
    ordered = statement.order_by(Passage.created_at.desc(), Passage.id.desc()).limit(ENTRIES)
    return [PassageRow(**row) for row in db.session.execute(ordered, asked_by(viewer)).mappings()]


def feed_address(viewer: Viewer) -> FeedAddress | None:
    """Return the private address of the viewer's feed, if they have one."""
    statement = select(FeedAddress).where(FeedAddress.member_id == viewer.id)
    return db.session.execute(statement).scalar_one_or_none()


def feed_reader(code: str) -> Member | None:
    """Return the member whose feed this code opens; None unless they are here."""
    statement = (
        select(Member)
        .join(FeedAddress, FeedAddress.member_id == Member.id)
        .where(FeedAddress.code == code, ~IS_ABSENT)
    )
    return db.session.execute(statement).scalar_one_or_none()


@dataclass(frozen=True)
class PublicPages:
    """Slugs of books and authors, and ids of reviews and threads: the newest of each kind first."""

    books: list[str]
    authors: list[str]
    reviews: list[int]
    threads: list[int]


def public_pages(visitor: Viewer) -> PublicPages:
    """Return the pages that a visitor of a public club may open."""
    is_public = (Thread.of_ask.is_(False), Thread.of_round.is_(False), Thread.of_meeting.is_(False))
    place = {"author_id": Thread.member_id, "book_id": Thread.book_id, "thread_id": Thread.id}
    opens = visible_to(visitor, horizon=Thread.floor, **place)
    return PublicPages(
        _newest(select(Book.slug).order_by(Book.id.desc())),
        _newest(select(Author.slug).order_by(Author.id.desc())),
        _newest(select(Review.id).where(Review.deleted_at.is_(None)).order_by(Review.id.desc())),
        _newest(
            select(Thread.id).where(Thread.title.is_not(None), *is_public, opens).order_by(Thread.id.desc())
        ),
    )


def _newest(statement: Select[Value]) -> list[Value]:
    return list(db.session.execute(statement.limit(MOST_OF_A_KIND)).scalars())
