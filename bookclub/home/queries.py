"""Queries for the front page: unlocked posts, unread and active threads, first steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Subquery, and_, case, exists, func, literal, select, tuple_, union_all
from sqlalchemy.orm import joinedload

from ..asks.models import Ask
from ..books.models import Book
from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..members.models import IS_ABSENT, Club, Member
from ..readings.models import Reading
from ..readings.queries import visible_to
from ..reviews.models import Review
from ..reviews.queries import readable as review_readable
from ..reviews.queries import review_rows
from ..reviews.rules import ReviewRow, Unlocked
from ..threads.bookmark_queries import UnreadThread, unread_threads
from ..threads.comment_queries import comment_rows, comment_unlocked, readable, unlocked_for
from ..threads.models import Comment, Thread
from ..threads.rules import CommentRow
from .rules import COMMENT, REVIEW, FirstSteps, Turn

POSTS = 50


@dataclass(frozen=True)
class UnlockedBook:
    """A book in which a member's reading has unlocked something.

    ``begins_with_review`` says that the first unlocked post is a review.
    """

    slug: str
    title: str
    begins_with_review: bool
    unlocked: Unlocked


@dataclass(frozen=True)
class UnlockedPost:
    """A comment or a review in the order of the book, with its context.

    A comment is in a titled thread, under an ask, whose question counts as the title, or under a review: then
    ``thread_title`` is None, and ``review_title`` is that review's, by ``review_author``.
    """

    turn: Turn
    row: CommentRow | ReviewRow
    thread_title: str | None = None
    review_title: str | None = None
    review_author: str | None = None

    @property
    def is_review(self) -> bool:
        return self.turn.kind == REVIEW


@dataclass(frozen=True)
class PostPage:
    """A page of unlocked posts in a book, and the turn after which the next page begins (None: the end)."""

    posts: Sequence[UnlockedPost]
    next_after: Turn | None

    @property
    def runs(self) -> list[list[UnlockedPost]]:
        """The posts in groups: consecutive posts of one thread together."""
        return [list(run) for _, run in groupby(self.posts, key=lambda post: post.row.thread_id)]


def unlocked_books(viewer: Viewer) -> Sequence[UnlockedBook]:
    """Return the books with unlocked posts that the reader has not seen, the latest progress first."""
    if viewer.id is None:
        return []
    posts = _posts(viewer)
    order = (posts.c.horizon, posts.c.kind, posts.c.id)
    # The row numbers find the first post in each book and the first of each kind without a query per book.
    ranked = select(
        posts,
        func.row_number().over(partition_by=posts.c.book_id, order_by=order).label("turn"),
        func.row_number()
        .over(partition_by=(posts.c.book_id, posts.c.kind), order_by=order)
        .label("turn_of_kind"),
    ).subquery()
    is_review, is_first = ranked.c.kind == REVIEW, ranked.c.turn_of_kind == 1
    rows = db.session.execute(
        select(
            Book.slug,
            Book.title,
            func.count(case((and_(is_review, ranked.c.turn == 1), 1))),
            func.count(case((~is_review, 1))),
            func.count(case((is_review, 1))),
            # Only the first post of a kind has a value here, and max() takes it out of the group.
            func.max(case((and_(~is_review, is_first), ranked.c.id))),
            func.max(case((and_(is_review, is_first), ranked.c.id))),
        )
        .join(Book, Book.id == ranked.c.book_id)
        .group_by(Book.id, Book.slug, Book.title)
        .order_by(func.max(ranked.c.changed_at).desc(), Book.id)
    )
    return [
        UnlockedBook(slug, title, bool(begins), Unlocked(*numbers)) for slug, title, begins, *numbers in rows
    ]


def unlocked_in(viewer: Viewer, book_id: int, after: Turn | None = None) -> PostPage:
    """Return a page of unlocked and unseen posts in one book, in its order, keyed by turn."""
    if viewer.id is None:
        return PostPage([], None)
    posts = _posts(viewer, book_id)
    place = tuple_(posts.c.horizon, posts.c.kind, posts.c.id)
    # One row more than fits on a page shows that there is another page.
    statement = select(posts.c.horizon, posts.c.kind, posts.c.id).order_by(*place).limit(POSTS + 1)
    if after is not None:
        # Both databases compare such tuples part by part, as they are sorted.
        statement = statement.where(place > tuple_(after.horizon, after.kind, after.id))
    turns = [Turn(*row) for row in db.session.execute(statement)]
    page = turns[:POSTS]
    posts_by_kind = {
        REVIEW: _reviews(viewer, [turn for turn in page if turn.kind == REVIEW]),
        COMMENT: _comments(viewer, [turn for turn in page if turn.kind == COMMENT]),
    }
    # A post may have gone between the two queries.
    entries = [posts_by_kind[turn.kind][turn.id] for turn in page if turn.id in posts_by_kind[turn.kind]]
    return PostPage(entries, page[-1] if len(turns) > len(page) else None)


def _posts(viewer: Viewer, book_id: int | None = None) -> Subquery:
    """Select unlocked and unseen posts of both kinds: book, time of the reader's progress, and turn."""
    comments = (
        select(*_turn(Comment, COMMENT))
        .join(Thread, Thread.book_id == Reading.book_id)
        .join(Comment, and_(Comment.thread_id == Thread.id, *_reached(Comment)))
        .where(comment_unlocked(viewer), readable(viewer))
    )
    unlocked_review = unlocked_for(
        viewer,
        horizon=Review.horizon,
        author_id=Review.member_id,
        created_at=Review.created_at,
        deleted_at=Review.deleted_at,
        book_id=Review.book_id,
        thread_id=Review.thread_id,
    )
    reviews = (
        select(*_turn(Review, REVIEW))
        .join(Review, and_(Review.book_id == Reading.book_id, *_reached(Review)))
        .where(unlocked_review, review_readable(viewer))
    )
    # These start from the reader's own books, of which there are few.
    mine = [Reading.member_id == viewer.id] + ([] if book_id is None else [Reading.book_id == book_id])
    # No row is in both, so the database need not look for duplicates.
    return union_all(comments.where(*mine), reviews.where(*mine)).subquery()


def _turn(of: type[Comment] | type[Review], kind: int) -> tuple[Any, ...]:
    return Reading.book_id, Reading.changed_at, of.horizon, literal(kind).label("kind"), of.id


def _reached(of: type[Comment] | type[Review]) -> tuple[Any, ...]:
    """Repeat a condition of ``unlocked_for()``, so that the database starts from the reader's own books."""
    return of.deleted_at.is_(None), of.horizon > Reading.seen_mark, of.horizon <= Reading.mark


def _reviews(viewer: Viewer, turns: Sequence[Turn]) -> dict[int, UnlockedPost]:
    by_id = {turn.id: turn for turn in turns}
    rows = db.session.execute(review_rows(viewer).where(Review.id.in_(by_id))).mappings()
    return {row["id"]: UnlockedPost(by_id[row["id"]], ReviewRow(**row)) for row in rows}


def _comments(viewer: Viewer, turns: Sequence[Turn]) -> dict[int, UnlockedPost]:
    by_id = {turn.id: turn for turn in turns}
    # These rows hold no locked text, whatever was unlocked a moment ago.
    found = db.session.execute(comment_rows(viewer).where(Comment.id.in_(by_id))).mappings()
    rows = {row["id"]: CommentRow(**row) for row in found}
    question = case((Ask.deleted_at.is_not(None), "A question that was taken away"), else_=Ask.question)
    title = func.coalesce(Thread.title, question)
    places = db.session.execute(
        select(Comment.id, title, Review.title, Member.display_name)
        .join(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Ask, Ask.thread_id == Thread.id)
        .outerjoin(Review, Review.thread_id == Thread.id)
        .outerjoin(Member, Member.id == Review.member_id)
        .where(Comment.id.in_(rows))
    )
    return {key: UnlockedPost(by_id[key], rows[key], *place) for key, *place in places}


# The first migration gives the club this name, until an organiser changes it.
NAME_OF_A_NEW_CLUB = "Our book club"


@dataclass(frozen=True)
class News:
    """A thread with something unread, and what stands for its title.

    Under an ask that is the question (None if it is gone); under a review, ``review_by`` is its author.
    """

    unread: UnreadThread
    title: str | None
    review_by: str | None


def news(viewer: Viewer, limit: int = 8) -> list[News]:
    """Return the threads with something unread for this reader, those with the latest comments first."""
    unread = unread_threads(viewer, limit)
    rows = db.session.execute(
        select(Thread.id, func.coalesce(Thread.title, Ask.question), Member.display_name)
        .outerjoin(Ask, and_(Ask.thread_id == Thread.id, Ask.deleted_at.is_(None)))
        .outerjoin(Review, Review.thread_id == Thread.id)
        .outerjoin(Member, Member.id == Review.member_id)
        .where(Thread.id.in_([one.thread.id for one in unread]))
    )
    names = {thread_id: (title, review_by) for thread_id, title, review_by in rows}
    return [News(one, *names[one.thread.id]) for one in unread]


@dataclass(frozen=True)
class TalkedAbout:
    """A titled thread and the moment of its latest comment."""

    thread: Thread
    latest_at: datetime | None


def active_threads(viewer: Viewer, limit: int = 5) -> list[TalkedAbout]:
    """Return the titled threads with the latest comments whose opening this reader may see.

    Threads of rounds are linked from their rounds. How much lies ahead is not counted: that would take as
    long as the threads are.
    """
    statement = (
        select(Thread)
        .where(
            # A thread without a title belongs to a review or an ask.
            Thread.title.is_not(None),
            Thread.of_round.is_(False),
            Thread.latest_comment_id > 0,
            visible_to(
                viewer,
                horizon=Thread.floor,
                author_id=Thread.member_id,
                book_id=Thread.book_id,
                thread_id=Thread.id,
            ),
        )
        .options(joinedload(Thread.book), joinedload(Thread.member))
        .order_by(Thread.latest_comment_id.desc())
        .limit(limit)
    )
    threads = db.session.execute(statement).scalars().all()
    return [TalkedAbout(thread, thread.latest_comment_at) for thread in threads]


def first_steps() -> FirstSteps:
    """Return which of the first steps of a new club are done."""
    # Each answer is a column beside the club's one row, so this takes one statement.
    named, has_current_book, has_books, has_members = db.session.execute(
        select(
            Club.name != NAME_OF_A_NEW_CLUB,
            Club.current_book_id.is_not(None),
            exists(select(Book.id)),
            # The organiser who sees the first steps is a member, too.
            select(func.count()).select_from(Member).where(~IS_ABSENT).scalar_subquery() > 1,
        )
    ).one()
    return FirstSteps(bool(named), bool(has_books), bool(has_members), bool(has_current_book))


def pulse() -> None:
    """Read one row from the database. Raises OperationalError if it does not answer."""
    db.session.execute(select(Club.id)).one()
