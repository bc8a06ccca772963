"""Words by which the search finds the questions of meetings."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from ..extensions import db
from ..searchable import SearchableText, Source, post_words, searchable
from .models import Question

_Q = Question.__table__.c


@searchable(
    "question", 5, Question,
    Source(
        _Q.id, _Q.comment_id, _Q.passage_id, _Q.body, _Q.body_html, _Q.safe_html, _Q.has_spoilers,
        _Q.deleted_at,
    ),
)  # fmt: skip
def question_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return the words of questions. One that stands for a post has none: that is found by itself."""
    rows = select(
        Question.id, Question.body_html.label("body_html"), Question.safe_html.label("safe_html")
    ).where(
        Question.id.in_(ids),
        Question.deleted_at.is_(None),
        Question.comment_id.is_(None),
        Question.passage_id.is_(None),
    )
    for row in db.session.execute(rows):
        yield post_words(row.id, row.body_html, row.safe_html)
