"""Members who are here, and the readings of theirs that count for others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, select

from ...accounts.models import IS_ABSENT, Member
from ..models import Reading

Column = ColumnElement[Any] | Any

# Few are absent, and their ids are looked up once for a whole statement.
_ABSENT = select(Member.id).where(IS_ABSENT).correlate(None)


def is_present(member_id: Column) -> ColumnElement[bool]:
    """Condition that a member is neither suspended nor gone: only these are counted as members."""
    condition: ColumnElement[bool] = member_id.not_in(_ABSENT)
    return condition


def is_counted(reading: type[Reading]) -> ColumnElement[bool]:
    """Condition that a reading counts for others: it is not private, and its reader is here."""
    return and_(reading.is_private.is_(False), is_present(reading.member_id))
