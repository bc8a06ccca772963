"""Words by which the search finds threads and comments."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from ..extensions import db
from ..searchable import SearchableText, Source, post_words, public_words, searchable
from .models import Comment, Thread

_T, _C = Thread.__table__.c, Comment.__table__.c


@searchable("thread", 4, Thread, Source(_T.id, _T.title))
def thread_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return the titles of threads that have one."""
    titled = select(Thread.id, Thread.title).where(Thread.id.in_(ids), Thread.title.is_not(None))
    for thread_id, title in db.session.execute(titled):
        yield SearchableText(thread_id, public_words(title))


@searchable(
    "comment",
    10,
    Comment,
    Source(_C.id, _C.body, _C.body_html, _C.safe_html, _C.has_spoilers, _C.deleted_at),
)
def comment_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return the words of comments."""
    rows = select(Comment.id, Comment.body_html.label("body_html"), Comment.safe_html.label("safe_html"))
    for row in db.session.execute(rows.where(Comment.id.in_(ids), Comment.deleted_at.is_(None))):
        yield post_words(row.id, row.body_html, row.safe_html)
