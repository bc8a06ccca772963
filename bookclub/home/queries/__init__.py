"""What is new for a reader, and what the club reads."""

from __future__ import annotations

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from ...accounts.models import IS_ABSENT, Club, Member
from ...books.models import Book, BookAuthor
from ...extensions import db
from ...readings.queries import visible_to
from ...readings.rules import Viewer
from ...threads.models import Comment, Thread
from ...threads.queries import ThreadEntry, comment_rows, counts, readable
from ...threads.rules import CommentRow, Count
from ..rules import FirstSteps
from .unlocked import PostPage, UnlockedBook, UnlockedPost, unlocked_books, unlocked_in

__all__ = (
    "PostPage",
    "UnlockedBook",
    "UnlockedPost",
    "current_book",
    "first_steps",
    "latest_threads",
    "new_comments",
    "new_counts",
    "pulse",
    "unlocked_books",
    "unlocked_in",
)

# What the first migration calls the club, until its organiser does.
NAME_OF_A_NEW_CLUB = "Our book club"


def new_comments(viewer: Viewer, limit: int = 20) -> list[tuple[CommentRow, Thread]]:
    """What others have said since this reader's last visit, as far as they may see it, the latest first."""
    if viewer.id is None or viewer.new_since is None:
        return []
    statement = (
        comment_rows(viewer)
        .where(
            Comment.created_at > viewer.new_since,
            Comment.member_id != viewer.id,
            Comment.deleted_at.is_(None),
            readable(viewer.id),
        )
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(limit)
    )
    rows = [CommentRow(**row) for row in db.session.execute(statement).mappings()]
    threads = db.session.execute(
        select(Thread).where(Thread.id.in_({row.thread_id for row in rows})).options(joinedload(Thread.book))
    ).scalars()
    by_id = {thread.id: thread for thread in threads}
    return [(row, by_id[row.thread_id]) for row in rows]


def new_counts(viewer: Viewer) -> Count:
    """How many comments others have made since the last visit, and how many of them this reader may see."""
    if viewer.id is None or viewer.new_since is None:
        return Count()
    here = func.sum(case((readable(viewer.id), 1), else_=0))
    total, seen = db.session.execute(
        select(func.count(), here)
        .select_from(Comment)
        .join(Comment.thread)
        .where(
            Comment.created_at > viewer.new_since,
            Comment.member_id != viewer.id,
            Comment.deleted_at.is_(None),
        )
    ).one()
    return Count(total, int(seen or 0))


def current_book(club: Club) -> Book | None:
    """The book that the club reads, with its authors."""
    if not club.current_book_id:
        return None
    authors = selectinload(Book.credits).joinedload(BookAuthor.author)
    return db.session.get(Book, club.current_book_id, options=[authors])


def latest_threads(viewer: Viewer, limit: int = 5) -> list[ThreadEntry]:
    """The latest titled threads whose opening this reader may see; those of rounds are linked there."""
    statement = (
        select(Thread)
        .where(
            Thread.title.is_not(None),
            Thread.of_round.is_(False),
            visible_to(
                viewer.id,
                horizon=Thread.floor,
                author_id=Thread.member_id,
                book_id=Thread.book_id,
                thread_id=Thread.id,
            ),
        )
        .options(joinedload(Thread.book), joinedload(Thread.member))
        .order_by(Thread.id.desc())
        .limit(limit)
    )
    threads = db.session.execute(statement).scalars().all()
    count = counts(viewer.id, [thread.id for thread in threads])
    return [ThreadEntry(thread, count[thread.id], is_new=False) for thread in threads]


def first_steps() -> FirstSteps:
    """What has been done of the things with which a club begins."""
    named, has_current_book, has_books, has_members = db.session.execute(
        select(
            Club.name != NAME_OF_A_NEW_CLUB,
            Club.current_book_id.is_not(None),
            exists(select(Book.id)),
            select(func.count()).select_from(Member).where(~IS_ABSENT).scalar_subquery() > 1,
        )
    ).one()
    return FirstSteps(bool(named), bool(has_books), bool(has_members), bool(has_current_book))


def pulse() -> None:
    """Ask the database for one row. Raises OperationalError where it does not answer."""
    db.session.execute(select(Club.id)).one()
