"""Words by which the search finds passages."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from markupsafe import escape
from sqlalchemy import select

from ..extensions import db
from ..searchable import SearchableText, Source, post_words, searchable
from .models import Passage

_P = Passage.__table__.c


@searchable(
    "passage", 11, Passage,
    Source(_P.id, _P.text, _P.body, _P.body_html, _P.safe_html, _P.has_spoilers, _P.deleted_at),
)  # fmt: skip
def passage_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return the words of passages: those from the book, and the note."""
    rows = select(
        Passage.id, Passage.text, Passage.body_html.label("body_html"), Passage.safe_html.label("safe_html")
    ).where(Passage.id.in_(ids), Passage.deleted_at.is_(None))
    for row in db.session.execute(rows):
        quotation = f"<p>{escape(row.text)}</p>"
        yield post_words(row.id, quotation + row.body_html, quotation + row.safe_html)
