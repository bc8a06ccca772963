"""Date polls with all that their pages show, and the answers of the present members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, case, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from ..extensions import UTCDateTime, db
from ..lib.positions.visibility import Viewer
from ..members.models import IS_ABSENT, Member
from ..members.queries import present_members
from ..permissions import loads
from . import rules
from .models import Availability, DateOption, DatePoll


class Said(NamedTuple):
    """A member's answer to a time."""

    option_id: int
    member_id: int
    answer: str


class PollEntry(NamedTuple):
    """A poll in a list: its state, how many present members have answered, and if the viewer has."""

    poll: DatePoll
    state: str
    answered: int
    has_answered: bool


@cache
def whole_polls() -> Select[DatePoll]:
    """Statement for polls with all that pages show of them, but the answers."""
    return select(DatePoll).options(
        joinedload(DatePoll.created_by), joinedload(DatePoll.withdrawn_by), selectinload(DatePoll.options)
    )


@loads(DatePoll)
def poll_to_act_on(poll_id: int, *, lock: bool) -> DatePoll | None:
    """Load a poll, and lock it where the request writes."""
    if lock:
        # The row is locked by itself: PostgreSQL locks no outer join.
        db.session.execute(select(DatePoll.id).where(DatePoll.id == poll_id).with_for_update(key_share=True))
    return db.session.execute(whole_polls().where(DatePoll.id == poll_id)).scalar_one_or_none()


def is_undecided(since: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Condition that no date was chosen in a poll, and that one of its times comes after this moment."""
    has_time = exists().where(DateOption.poll_id == DatePoll.id, DateOption.starts_at > since)
    return DatePoll.meeting_id.is_(None) & DatePoll.withdrawn_at.is_(None) & has_time


def undecided_polls(viewer: Viewer, now: datetime) -> list[PollEntry]:
    """Polls in which no date was chosen, the oldest first; those among them that are over, for a while."""
    polls = db.session.execute(_undecided_polls(), {"since": now - rules.STAYS}).scalars().all()
    answered = members_answered(viewer, [each.id for each in polls])
    return [PollEntry(each, each.state(now), *answered.get(each.id, (0, False))) for each in polls]


@cache
def _undecided_polls() -> Select[DatePoll]:
    since = bindparam("since", type_=UTCDateTime)
    return whole_polls().where(is_undecided(since)).order_by(DatePoll.id)


def polls_to_answer(viewer: Viewer, now: datetime) -> Sequence[DatePoll]:
    """Open polls in which the viewer has not said anything yet, the oldest first."""
    sent = {"now": now, "member_id": viewer.id}
    return db.session.execute(_polls_to_answer(), sent).scalars().all()


@cache
def _polls_to_answer() -> Select[DatePoll]:
    answered = exists().where(
        Availability.option_id == DateOption.id,
        DateOption.poll_id == DatePoll.id,
        Availability.member_id == bindparam("member_id"),
    )
    return (
        select(DatePoll)
        .where(is_undecided(bindparam("now", type_=UTCDateTime)), ~answered)
        .options(joinedload(DatePoll.created_by))
        .order_by(DatePoll.id)
    )


def polls_by_id(ids: Collection[int]) -> dict[int, DatePoll]:
    """Polls by their ids, with their times."""
    if not ids:
        return {}
    found = select(DatePoll).where(DatePoll.id.in_(ids)).options(selectinload(DatePoll.options))
    return {each.id: each for each in db.session.execute(found).scalars()}


def poll_sent_by(viewer: Viewer, submission: str | None) -> DatePoll | None:
    """The poll that the viewer has already made with this form, or None."""
    if submission is None:
        return None
    statement = select(DatePoll).where(DatePoll.created_by_id == viewer.id, DatePoll.submission == submission)
    return db.session.execute(statement).scalar_one_or_none()


def answers_to(poll_id: int) -> list[Said]:
    """The answers of the present members to the times of a poll."""
    statement = (
        select(Availability.option_id, Availability.member_id, Availability.answer)
        .join(DateOption, DateOption.id == Availability.option_id)
        .join(Member, Member.id == Availability.member_id)
        .where(DateOption.poll_id == poll_id, ~IS_ABSENT)
    )
    return [Said(*row) for row in db.session.execute(statement)]


def answers_by(member_id: int, poll_id: int) -> dict[int, Availability]:
    """A member's own answers in a poll, by the id of the time."""
    statement = (
        select(Availability)
        .join(DateOption, DateOption.id == Availability.option_id)
        .where(DateOption.poll_id == poll_id, Availability.member_id == member_id)
    )
    return {each.option_id: each for each in db.session.execute(statement).scalars()}


def names_of_members() -> dict[int, str]:
    """Display names of the present members by their ids, in the order of their names."""
    names = {each.id: each.display_name for each in present_members()}
    return dict(sorted(names.items(), key=lambda one: (one[1].casefold(), one[0])))


def members_answered(viewer: Viewer, poll_ids: Collection[int]) -> dict[int, tuple[int, bool]]:
    """Count the present members who have answered, and say if the viewer has, by poll."""
    if not poll_ids:
        return {}
    rows = db.session.execute(_numbers_answered(), {"poll_ids": list(poll_ids), "member_id": viewer.id})
    return {poll_id: (count, bool(own)) for poll_id, count, own in rows}


@cache
def _numbers_answered() -> Select[int, int, Any]:
    is_own = case((Availability.member_id == bindparam("member_id"), 1), else_=0)
    return (
        select(DateOption.poll_id, func.count(Availability.member_id.distinct()), func.max(is_own))
        .join(Availability, Availability.option_id == DateOption.id)
        .join(Member, Member.id == Availability.member_id)
        .where(DateOption.poll_id.in_(bindparam("poll_ids", expanding=True)), ~IS_ABSENT)
        .group_by(DateOption.poll_id)
    )


def is_present(member_id: int) -> bool:
    """Return whether a member is still here, and not suspended."""
    return db.session.execute(select(Member.id).where(Member.id == member_id, ~IS_ABSENT)).first() is not None
