"""Which file of the club's copy holds what an address of the club shows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from ...accounts.models import Member
from ...books.models import Author, Book
from ...extensions import db
from ...recommendations.models import Ask
from ...reviews.models import Review
from ...threads.models import Comment, Thread
from ...voting.models import Round

LONGEST_NUMBER = 9


def page_of(kind: str, key: str) -> str | None:
    """The file for an address such as /books/emma; None where the copy has none."""
    if kind == "books":
        return _named(kind, select(Book.slug).where(Book.slug == key))
    if kind == "authors":
        return _named(kind, select(Author.slug).where(Author.slug == key))
    if kind == "members":
        here = select(Member.username).where(Member.removed_at.is_(None))
        return _named(kind, here.where(Member.username_key == key.lower()))
    if not key.isdecimal() or len(key) > LONGEST_NUMBER:
        return None
    number = int(key)
    if kind == "threads":
        return _of_thread(number)
    if kind == "comments":
        thread_id = _only(select(Comment.thread_id).where(Comment.id == number))
        page = _of_thread(thread_id) if thread_id else None
        return page and f"{page}#comment-{number}"
    if kind == "reviews":
        return _named(kind, _reviews_shown().where(Review.id == number))
    if kind == "asks":
        return _named(kind, select(Ask.id).where(Ask.id == number, Ask.deleted_at.is_(None)))
    return _named(kind, select(Round.id).where(Round.id == number)) if kind == "rounds" else None


def _of_thread(thread_id: int) -> str | None:
    """Titled threads have pages of their own; the others stand under a review or an ask."""
    titled = select(Thread.id).where(Thread.id == thread_id, Thread.title.is_not(None))
    return (
        _named("threads", titled)
        or _named("reviews", _reviews_shown().where(Review.thread_id == thread_id))
        or _named("asks", select(Ask.id).where(Ask.thread_id == thread_id, Ask.deleted_at.is_(None)))
    )


def _reviews_shown() -> Any:
    """One whose words are gone is there for what was said under it."""
    kept = or_(Review.deleted_at.is_(None), Thread.comment_count > 0)
    return select(Review.id).join(Thread, Thread.id == Review.thread_id).where(kept)


def _named(folder: str, statement: Any) -> str | None:
    found = _only(statement)
    return None if found is None else f"{folder}/{found}.html"


def _only(statement: Any) -> Any:
    return db.session.execute(statement).scalar_one_or_none()
