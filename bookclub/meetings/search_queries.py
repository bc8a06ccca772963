"""Words by which the search finds meetings."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from ..extensions import db
from ..lib.text.markdown import plain_text
from ..searchable import SearchableText, Source, public_words, searchable
from .models import Meeting

_M = Meeting.__table__.c


@searchable("meeting", 9, Meeting, Source(_M.id, _M.title, _M.place, _M.notes, _M.notes_html))
def meeting_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return titles of meetings, with their place and notes. How to get in is on their pages alone."""
    rows = select(Meeting.id, Meeting.title, Meeting.place, Meeting.notes_html.label("notes_html")).where(
        Meeting.id.in_(ids)
    )
    for row in db.session.execute(rows):
        yield SearchableText(
            row.id, public_words(row.title), f"{public_words(row.place)}\n{plain_text(row.notes_html)}"
        )
