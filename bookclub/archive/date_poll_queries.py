"""Date polls with the answers to them: those of the whole club, and a member's own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ..date_polls.models import Availability, DateOption, DatePoll
from ..extensions import db
from ..text_columns import as_typed
from .queries import Rows, rows_of


def date_polls(_everything: bool) -> Rows:
    """Rows of the date polls with their times."""
    times: dict[int, list[dict[str, Any]]] = {}
    for each in db.session.execute(select(DateOption).order_by(DateOption.id)).scalars():
        entry = {"id": each.id, "starts_on": each.starts_on, "clock": f"{each.clock:%H:%M}"}
        times.setdefault(each.poll_id, []).append({**entry, "starts_at": each.starts_at})
    one = DatePoll
    rows = rows_of(
        select(
            one.id, one.title, one.time_zone, one.minutes, one.created_by_id, one.created_at, one.meeting_id,
            one.withdrawn_at, one.withdraw_reason,
        ).order_by(one.id)
    )  # fmt: skip
    for row in rows:
        yield {**row, "times": times.get(row["id"], [])}


def availabilities(_everything: bool) -> Rows:
    """Rows of the answers in date polls."""
    one = Availability
    columns = (one.option_id, one.member_id, one.answer, one.answered_at)
    yield from rows_of(select(*columns).order_by(one.option_id, one.member_id))


def date_polls_by(member_id: int) -> Rows:
    """Date polls that a member made."""
    one = DatePoll
    yield from rows_of(
        select(
            one.id, as_typed(one.title), one.time_zone, one.minutes, one.created_at, one.meeting_id,
            one.withdrawn_at, as_typed(one.withdraw_reason),
        )
        .where(one.created_by_id == member_id)
        .order_by(one.id)
    )  # fmt: skip


def availabilities_of(member_id: int) -> Rows:
    """A member's answers to proposed times."""
    columns = (DatePoll.id.label("date_poll_id"), DatePoll.title, DateOption.starts_at, Availability.answer)
    yield from rows_of(
        select(*columns, Availability.answered_at)
        .join(DateOption, DateOption.id == Availability.option_id)
        .join(DatePoll, DatePoll.id == DateOption.poll_id)
        .where(Availability.member_id == member_id)
        .order_by(DateOption.id)
    )
