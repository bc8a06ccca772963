"""The mails that the club sent to a member."""

from __future__ import annotations

from sqlalchemy import select

from ..mail.models import Mail
from .queries import Rows, rows_of


def mails_to(member_id: int) -> Rows:
    """Mails of the last month to a member: their kind, and when they went. Their words are not kept."""
    one = Mail
    yield from rows_of(
        select(one.kind, one.created_at, one.state, one.ended_at)
        .where(one.member_id == member_id)
        .order_by(one.id)
    )
