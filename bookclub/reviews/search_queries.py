"""Words by which the search finds reviews."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from ..extensions import db
from ..searchable import SearchableText, Source, post_words, public_words, searchable
from .models import Review

_R = Review.__table__.c


@searchable(
    "review", 6, Review,
    Source(_R.id, _R.title, _R.summary, _R.body, _R.body_html, _R.safe_html, _R.has_spoilers, _R.deleted_at),
)  # fmt: skip
def review_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return the words of reviews; title and summary are for everybody."""
    rows = select(
        Review.id,
        Review.title,
        Review.summary,
        Review.body_html.label("body_html"),
        Review.safe_html.label("safe_html"),
    )
    for row in db.session.execute(rows.where(Review.id.in_(ids), Review.deleted_at.is_(None))):
        title, summary = public_words(row.title), public_words(row.summary)
        yield post_words(row.id, row.body_html, row.safe_html, title=title, public=summary)
