"""Words by which the search finds members."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from ..extensions import db
from ..lib.text.markdown import plain_text
from ..searchable import SearchableText, Source, public_words, searchable
from .models import IS_ABSENT, Member

_M = Member.__table__.c


@searchable(
    "member", 3, Member,
    Source(_M.id, _M.username, _M.display_name, _M.about, _M.about_html, _M.suspended_at, _M.removed_at),
)  # fmt: skip
def member_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return names of members who are here, and what they say about themselves."""
    rows = select(
        Member.id, Member.username, Member._display_name.label("name"), Member.about_html.label("about_html")
    )
    for row in db.session.execute(rows.where(Member.id.in_(ids), ~IS_ABSENT)):
        yield SearchableText(row.id, public_words(row.name, row.username), plain_text(row.about_html))
