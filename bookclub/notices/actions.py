"""Make a notice for a member, take it back, and mark notices as seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, insert, update

from ..config import Settings
from ..extensions import db
from ..hosts import address_for_mail
from ..jobs import enqueue
from ..mail_kinds import sends_mail
from ..members.models import Member
from ..members.queries import member_by_id
from . import queries
from .models import Notice

# The kind of the job that decides which notices go by mail.
MAIL_JOB = "notice_mails"


def notify(
    member_id: int,
    kind: str,
    actor_id: int | None,
    now: datetime,
    *,
    comment_id: int | None = None,
    review_id: int | None = None,
    reading_id: int | None = None,
    ask_id: int | None = None,
    passage_id: int | None = None,
) -> None:
    """Notify a member that someone did something to this comment, review, reading, ask or passage.

    Nobody is notified of what they did themselves, and former members are never notified. A second notice
    of the same kind and subject replaces the first, and is new again.
    """
    member = member_by_id(member_id) if member_id != actor_id else None
    # A suspended member is notified all the same, and finds the notices when they come back.
    if member is None or member.removed_at is not None:
        return
    subject = {
        "comment_id": comment_id,
        "review_id": review_id,
        "reading_id": reading_id,
        "ask_id": ask_id,
        "passage_id": passage_id,
    }
    former = queries.notice_about(member_id, kind, **subject)
    if former is not None:
        db.session.delete(former)
        # The old notice is deleted before the new one is added: they would break the unique constraint.
        db.session.flush()
    due_at = schedule_mails(now)
    db.session.add(
        Notice(
            member_id=member_id, kind=kind, actor_id=actor_id, created_at=now, mail_due_at=due_at, **subject
        )
    )
    db.session.flush()


def notify_followers(member_ids: Iterable[int], comment_id: int, actor_id: int, now: datetime) -> None:
    """Notify the members who follow a thread of a new comment in it, except its author."""
    _add_notices(member_ids, "followed", actor_id, now, comment_id=comment_id)


def schedule_mails(now: datetime) -> datetime | None:
    """Enqueue the job that decides which notices go by mail, after BOOKCLUB_MAIL_WAIT; return when it is due.

    Return None in a club that sends no mail.
    """
    if not sends_mail():
        return None
    settings: Settings = current_app.extensions["bookclub"]
    due_at = now + settings.mail_wait
    enqueue(MAIL_JOB, key=MAIL_JOB, due_at=due_at, site=address_for_mail())
    return due_at


def retract(member_id: int, kind: str, actor_id: int, *, ask_id: int) -> None:
    """Take back the notice of what someone did to this ask, now that it is undone."""
    former = queries.notice_about(member_id, kind, ask_id=ask_id)
    # A newer notice by another member replaced theirs, and stays.
    if former is not None and former.actor_id == actor_id:
        db.session.delete(former)


def notify_of_round(
    member_ids: Iterable[int], kind: str, round_id: int, actor_id: int | None, now: datetime
) -> None:
    """Notify present members of a round, in place of the notices of this kind that they had of it.

    Nobody is notified of what they did themselves.
    """
    retract_of_round(round_id, kind)
    add_notices_of_round(member_ids, kind, round_id, actor_id, now)


def add_notices_of_round(
    member_ids: Iterable[int], kind: str, round_id: int, actor_id: int | None, now: datetime
) -> None:
    """Notify members, who have no notice of this kind of the round yet, except the one who caused it."""
    _add_notices(member_ids, kind, actor_id, now, round_id=round_id)


def notify_of_meeting(
    member_ids: Iterable[int], kind: str, meeting_id: int, actor_id: int | None, now: datetime
) -> None:
    """Notify members of a meeting, in place of the notices of this kind that they had of it.

    Nobody is notified of what they did themselves.
    """
    ids = list(member_ids)
    about = (Notice.meeting_id == meeting_id, Notice.kind == kind)
    db.session.execute(delete(Notice).where(*about, Notice.member_id.in_(ids)))
    _add_notices(ids, kind, actor_id, now, meeting_id=meeting_id)


def retract_of_meeting(meeting_id: int, *kinds: str, member_id: int | None = None) -> None:
    """Take back the notices of these kinds about a meeting, of one member or of all."""
    statement = delete(Notice).where(Notice.meeting_id == meeting_id, Notice.kind.in_(kinds))
    if member_id is not None:
        statement = statement.where(Notice.member_id == member_id)
    db.session.execute(statement)


def notify_of_date_poll(
    member_ids: Iterable[int], kind: str, date_poll_id: int, actor_id: int | None, now: datetime
) -> None:
    """Notify members of a new date poll, except the one who made it."""
    _add_notices(member_ids, kind, actor_id, now, date_poll_id=date_poll_id)


def retract_of_date_poll(date_poll_id: int, member_id: int | None = None) -> None:
    """Take back the notices about a date poll, of one member or of all."""
    statement = delete(Notice).where(Notice.date_poll_id == date_poll_id)
    if member_id is not None:
        statement = statement.where(Notice.member_id == member_id)
    db.session.execute(statement)


def _add_notices(
    member_ids: Iterable[int], kind: str, actor_id: int | None, now: datetime, **subject: int
) -> None:
    told = [member_id for member_id in member_ids if member_id != actor_id]
    if not told:
        return
    same = {
        "kind": kind,
        "actor_id": actor_id,
        "created_at": now,
        "mail_due_at": schedule_mails(now),
        **subject,
    }
    db.session.execute(insert(Notice), [{"member_id": member_id, **same} for member_id in told])


def retract_of_round(round_id: int, *kinds: str, member_id: int | None = None) -> None:
    """Take back the notices of these kinds about a round, of one member or of all."""
    statement = delete(Notice).where(Notice.round_id == round_id, Notice.kind.in_(kinds))
    if member_id is not None:
        statement = statement.where(Notice.member_id == member_id)
    db.session.execute(statement)


def retract_promises(reading_id: int, told_at: datetime) -> None:
    """Take back the notices that a reader had finished, sent at that moment, now that they take it back."""
    sent = (Notice.reading_id == reading_id, Notice.kind == "promise", Notice.created_at == told_at)
    db.session.execute(delete(Notice).where(*sent))


def see(member: Member, now: datetime, until: int | None = None) -> None:
    """Mark a member's notices as seen: all, or those up to the one with the id ``until``."""
    statement = update(Notice).where(Notice.member_id == member.id, Notice.seen_at.is_(None))
    # A notice that came after the page was loaded stays new.
    if until is not None:
        statement = statement.where(Notice.id <= until)
    db.session.execute(statement.values(seen_at=now))
