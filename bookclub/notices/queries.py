"""Queries for a member's notices, and the count of those not seen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from ..extensions import db
from ..lib.positions.visibility import Viewer
from .models import Notice
from .rules import MOST_COUNTED

NOTICES_PER_PAGE = 50


def notice_about(
    member_id: int,
    kind: str,
    *,
    comment_id: int | None = None,
    review_id: int | None = None,
    reading_id: int | None = None,
    ask_id: int | None = None,
    passage_id: int | None = None,
) -> Notice | None:
    """Return the one notice of this kind to this member about this subject, or None."""
    statement = select(Notice).where(
        Notice.member_id == member_id,
        Notice.kind == kind,
        # A subject of None is compared with IS NULL.
        Notice.comment_id == comment_id,
        Notice.review_id == review_id,
        Notice.reading_id == reading_id,
        Notice.ask_id == ask_id,
        Notice.passage_id == passage_id,
    )
    return db.session.execute(statement).scalar_one_or_none()


def members_notified(kind: str, round_id: int) -> set[int]:
    """Ids of the members who have a notice of this kind about a round."""
    statement = select(Notice.member_id).where(Notice.kind == kind, Notice.round_id == round_id)
    return set(db.session.execute(statement).scalars())


def notices_before(viewer: Viewer, key: int | None) -> tuple[Sequence[Notice], int | None]:
    """Return a page of the viewer's notices, newest first, and the key of the next page or None.

    Each comes with the member who caused it.
    """
    statement = _latest_notices()
    if key is not None:
        statement = statement.where(Notice.id < key)
    found = db.session.execute(statement, {"member_id": viewer.id}).scalars().all()
    page = found[:NOTICES_PER_PAGE]
    return page, page[-1].id if len(found) > len(page) else None


@cache
def _latest_notices() -> Select[Notice]:
    return (
        select(Notice)
        .where(Notice.member_id == bindparam("member_id"))
        .options(joinedload(Notice.actor))
        .order_by(Notice.id.desc())
        # One more than a page shows whether there is another page.
        .limit(NOTICES_PER_PAGE + 1)
    )


def count_unseen(viewer: Viewer) -> int:
    """Count the notices that the viewer has not seen, up to MOST_COUNTED + 1."""
    return db.session.execute(_COUNT_UNSEEN, {"member": viewer.id}).scalar_one()


# Every page counts them, so the statement is built once, and stops counting at the badge's limit.
_COUNT_UNSEEN = select(func.count()).select_from(
    select(Notice.id)
    .where(Notice.member_id == bindparam("member"), Notice.seen_at.is_(None))
    .limit(MOST_COUNTED + 1)
    .subquery()
)
