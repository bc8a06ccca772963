"""Queries on the posts that a member's reading has unlocked and that they have not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from ..asks.models import Ask
from ..books.models import Book
from ..extensions import db
from ..lib.positions.places import START
from ..lib.positions.visibility import Viewer
from ..members.models import Member
from ..passages.models import Passage
from ..passages.queries import passages_by_id
from ..passages.queries import readable as passage_readable
from ..passages.queries import unlocked as passage_unlocked
from ..passages.rules import PassageRow
from ..readings.models import Reading
from ..readings.visibility_queries import anyone_like, asked_by
from ..reviews.models import Review
from ..reviews.queries import readable as review_readable
from ..reviews.queries import review_rows
from ..reviews.rules import ReviewRow, Unlocked
from ..threads.bookmark_queries import THREADS_LOOKED_AT
from ..threads.comment_queries import comment_unlocked, readable, rows_by_id, unlocked_for
from ..threads.models import Bookmark, Comment, Thread
from ..threads.rules import CommentRow
from .rules import COMMENT, PASSAGE, REVIEW, Turn

Post = type[Comment] | type[Review] | type[Passage]
POSTS = 50
# The front page looks at so many books for what is unlocked, and counts so many comments of each.
BOOKS_LOOKED_AT, MOST_UNLOCKED = 5, 100


@dataclass(frozen=True)
class UnlockedBook:
    """A book in which a member's reading, last changed at ``changed_at``, has unlocked something."""

    slug: str
    title: str
    unlocked: Unlocked
    changed_at: datetime


@dataclass(frozen=True)
class UnlockedPost:
    """A comment, a review or a passage in the order of the book, with its context.

    A comment is in a titled thread, under an ask (``of_ask``), whose question counts as the title unless it
    is gone, or under a review: then ``thread_title`` is None, and ``review_title`` is that review's, by
    ``review_author``.
    """

    turn: Turn
    row: CommentRow | ReviewRow | PassageRow
    thread_title: str | None = None
    review_title: str | None = None
    review_author: str | None = None
    of_ask: bool = False

    @property
    def is_review(self) -> bool:
        return self.turn.kind == REVIEW

    @property
    def is_passage(self) -> bool:
        return self.turn.kind == PASSAGE

    @property
    def group(self) -> tuple[bool, int | None]:
        """Posts of one thread stand together; passages stand by themselves, one after another."""
        return self.is_passage, None if self.is_passage else self.row.thread_id


@dataclass(frozen=True)
class PostPage:
    """A page of unlocked posts in a book, and the turn after which the next page begins (None: the end)."""

    posts: Sequence[UnlockedPost]
    next_after: Turn | None

    @property
    def runs(self) -> list[list[UnlockedPost]]:
        """The posts in groups: consecutive posts of one thread together, and consecutive passages."""
        return [list(run) for _, run in groupby(self.posts, key=lambda post: post.group)]


def unlocked_books(viewer: Viewer) -> Sequence[UnlockedBook]:
    """Return the books with unlocked posts that the reader has not seen, the latest progress first.

    It looks at the books whose reading changed last and at their threads with the latest comments, and stops
    counting a book's comments at MOST_UNLOCKED, so that its cost does not grow with the club.
    """
    if viewer.id is None:
        return []
    moved = db.session.execute(_books_moved(), {"member_id": viewer.id}).all()
    if not moved:
        return []
    sent: dict[str, Any] = asked_by(viewer)
    for number, book in enumerate(moved):
        sent |= {
            f"book_id_{number}": book.book_id,
            f"seen_mark_{number}": book.seen_mark,
            f"mark_{number}": book.mark,
        }
    found = db.session.execute(_numbers_unlocked(anyone_like(viewer), len(moved)), sent)
    counts = {(book_id, kind): count for book_id, kind, count in found}
    books = [
        UnlockedBook(
            book.slug,
            book.title,
            Unlocked(
                counts.get((book.book_id, COMMENT), 0),
                counts.get((book.book_id, REVIEW), 0),
                passages=counts.get((book.book_id, PASSAGE), 0),
            ),
            book.changed_at,
        )
        for book in moved
    ]
    return [book for book in books if book.unlocked]


@cache
def _books_moved() -> Select[int, int, int, datetime, str, str]:
    return (
        select(Reading.book_id, Reading.seen_mark, Reading.mark, Reading.changed_at, Book.slug, Book.title)
        .join(Book, Book.id == Reading.book_id)
        .where(Reading.member_id == bindparam("member_id"), Reading.mark > Reading.seen_mark)
        .order_by(Reading.changed_at.desc(), Reading.id.desc())
        .limit(BOOKS_LOOKED_AT)
    )


@cache
def _numbers_unlocked(viewer: Viewer, books: int) -> CompoundSelect[Any]:
    """Select the numbers of unlocked posts on so many books, as (book, kind, number)."""
    return union_all(*(part for number in range(books) for part in _unlocked_on(viewer, number)))


def _unlocked_on(viewer: Viewer, number: int) -> list[Select[int, int, int]]:
    """Select the numbers of unlocked comments, reviews and passages on one of the books."""
    book_id, seen_mark, mark = (
        bindparam(f"{name}_{number}", type_=Integer) for name in ("book_id", "seen_mark", "mark")
    )
    latest = (
        select(Thread.id)
        .where(Thread.book_id == book_id, Thread.highest_horizon > seen_mark)
        .order_by(Thread.latest_comment_id.desc())
        .limit(THREADS_LOOKED_AT)
        .subquery()
    )
    # Another alias than that of the condition below, which would otherwise take this table for its own.
    bookmark = aliased(Bookmark)
    noted = func.coalesce(bookmark.mark, START)
    comments = (
        select(Comment.id)
        .select_from(latest)
        .join(Thread, Thread.id == latest.c.id)
        .outerjoin(bookmark, and_(bookmark.member_id == viewer.id, bookmark.thread_id == Thread.id))
        .join(
            Comment,
            and_(
                Comment.thread_id == Thread.id,
                Comment.deleted_at.is_(None),
                # These values bound a range of the index; the condition below says the rest.
                Comment.horizon > case((noted > seen_mark, noted), else_=seen_mark),
                Comment.horizon <= mark,
            ),
        )
        .where(comment_unlocked(viewer), readable(viewer))
        .limit(MOST_UNLOCKED)
    )
    reviews = select(Review.id).where(
        Review.book_id == book_id,
        Review.horizon > seen_mark,
        Review.horizon <= mark,
        _review_unlocked(viewer),
        review_readable(viewer),
    )
    passages = (
        select(Passage.id)
        .where(
            Passage.book_id == book_id,
            Passage.horizon > seen_mark,
            Passage.horizon <= mark,
            passage_unlocked(viewer),
            passage_readable(viewer),
        )
        .limit(MOST_UNLOCKED)
    )
    counted = ((COMMENT, comments), (REVIEW, reviews), (PASSAGE, passages))
    return [_number(book_id, kind, posts) for kind, posts in counted]


def _number(book_id: ColumnElement[int], kind: int, posts: Select[int]) -> Select[int, int, int]:
    return select(book_id, literal(kind), func.count()).select_from(posts.subquery())


def _review_unlocked(viewer: Viewer) -> ColumnElement[bool]:
    return _any_review_unlocked(anyone_like(viewer))


@cache
def _any_review_unlocked(viewer: Viewer) -> ColumnElement[bool]:
    return unlocked_for(
        viewer,
        horizon=Review.horizon,
        author_id=Review.member_id,
        created_at=Review.created_at,
        deleted_at=Review.deleted_at,
        book_id=Review.book_id,
        thread_id=Review.thread_id,
    )


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
    turns = [Turn(*row) for row in db.session.execute(statement, asked_by(viewer))]
    page = turns[:POSTS]
    posts_by_kind = {
        REVIEW: _reviews(viewer, [turn for turn in page if turn.kind == REVIEW]),
        COMMENT: _comments(viewer, [turn for turn in page if turn.kind == COMMENT]),
        PASSAGE: _passages(viewer, [turn for turn in page if turn.kind == PASSAGE]),
    }
    # A post may have gone between the two queries.
    entries = [posts_by_kind[turn.kind][turn.id] for turn in page if turn.id in posts_by_kind[turn.kind]]
    return PostPage(entries, page[-1] if len(turns) > len(page) else None)


def _posts(viewer: Viewer, book_id: int | None = None) -> Subquery:
    """Select unlocked and unseen posts of all kinds: book, time of the reader's progress, and turn."""
    comments = (
        select(*_turn(Comment, COMMENT))
        .join(Thread, Thread.book_id == Reading.book_id)
        .join(Comment, and_(Comment.thread_id == Thread.id, *_reached(Comment)))
        .where(comment_unlocked(viewer), readable(viewer))
    )
    reviews = (
        select(*_turn(Review, REVIEW))
        .join(Review, and_(Review.book_id == Reading.book_id, *_reached(Review)))
        .where(_review_unlocked(viewer), review_readable(viewer))
    )
    passages = (
        select(*_turn(Passage, PASSAGE))
        .join(Passage, and_(Passage.book_id == Reading.book_id, *_reached(Passage)))
        .where(passage_unlocked(viewer), passage_readable(viewer))
    )
    # These start from the reader's own books, of which there are few.
    mine = [Reading.member_id == viewer.id] + ([] if book_id is None else [Reading.book_id == book_id])
    # No row is in two of them, so the database need not look for duplicates.
    return union_all(*(kind.where(*mine) for kind in (comments, reviews, passages))).subquery()


def _turn(of: Post, kind: int) -> tuple[Any, ...]:
    return Reading.book_id, Reading.changed_at, of.horizon, literal(kind).label("kind"), of.id


def _reached(of: Post) -> tuple[Any, ...]:
    """Repeat a condition of ``unlocked_for()``, so that the database starts from the reader's own books."""
    return of.deleted_at.is_(None), of.horizon > Reading.seen_mark, of.horizon <= Reading.mark


def _reviews(viewer: Viewer, turns: Sequence[Turn]) -> dict[int, UnlockedPost]:
    by_id = {turn.id: turn for turn in turns}
    statement = review_rows(viewer).where(Review.id.in_(by_id))
    rows = db.session.execute(statement, asked_by(viewer)).mappings()
    return {row["id"]: UnlockedPost(by_id[row["id"]], ReviewRow(**row)) for row in rows}


def _passages(viewer: Viewer, turns: Sequence[Turn]) -> dict[int, UnlockedPost]:
    rows = passages_by_id(viewer, [turn.id for turn in turns])
    return {turn.id: UnlockedPost(turn, rows[turn.id]) for turn in turns if turn.id in rows}


def _comments(viewer: Viewer, turns: Sequence[Turn]) -> dict[int, UnlockedPost]:
    by_id = {turn.id: turn for turn in turns}
    # These rows hold no locked text, whatever was unlocked a moment ago.
    rows = rows_by_id(viewer, by_id)
    question = case((Ask.deleted_at.is_(None), Ask.question))
    title = func.coalesce(Thread.title, question)
    places = db.session.execute(
        select(Comment.id, title, Review.title, Member.display_name, Thread.of_ask)
        .join(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Ask, Ask.thread_id == Thread.id)
        .outerjoin(Review, Review.thread_id == Thread.id)
        .outerjoin(Member, Member.id == Review.member_id)
        .where(Comment.id.in_(rows))
    )
    return {
        key: UnlockedPost(by_id[key], rows[key], thread_title, review_title, author, of_ask)
        for key, thread_title, review_title, author, of_ask in places
    }
