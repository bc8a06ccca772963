"""What a member should hear of, and how much of it they have not seen."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from ..extensions import db
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
) -> Notice | None:
    """The one notice of this kind that tells this member of this subject."""
    statement = select(Notice).where(
        Notice.member_id == member_id,
        Notice.kind == kind,
        Notice.comment_id == comment_id,
        Notice.review_id == review_id,
        Notice.reading_id == reading_id,
        Notice.ask_id == ask_id,
    )
    return db.session.execute(statement).scalar_one_or_none()


def notices_before(member_id: int, key: int | None) -> tuple[Sequence[Notice], int | None]:
    """A page of a member's notices with who caused them, newest first; the key to go on from, if any."""
    statement = (
        select(Notice)
        .where(Notice.member_id == member_id)
        .options(joinedload(Notice.actor))
        .order_by(Notice.id.desc())
        .limit(NOTICES_PER_PAGE + 1)
    )
    if key is not None:
        statement = statement.where(Notice.id < key)
    found = db.session.execute(statement).scalars().all()
    page = found[:NOTICES_PER_PAGE]
    return page, page[-1].id if len(found) > len(page) else None


def count_unseen(member_id: int) -> int:
    """How many notices a member has not seen; more than MOST_COUNTED are not counted."""
    return db.session.execute(_COUNT_UNSEEN, {"member": member_id}).scalar_one()


# Every page counts them, so the statement is put together once.
_COUNT_UNSEEN = select(func.count()).select_from(
    select(Notice.id)
    .where(Notice.member_id == bindparam("member"), Notice.seen_at.is_(None))
    .limit(MOST_COUNTED + 1)
    .subquery()
)
