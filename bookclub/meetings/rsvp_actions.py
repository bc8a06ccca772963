"""Answer a meeting, and give free seats to those who wait."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from ..extensions import db, utcnow
from ..members.events import on_departure, on_suspension
from ..members.models import Member
from ..notices.actions import notify_of_meeting, retract_of_meeting
from . import queries, rsvp_queries, rsvp_rules
from .models import CalendarAddress, Meeting, Rsvp
from .rsvp_rules import RsvpParty


def answer(meeting: Meeting, member: Member, said: str, guests: int, note: str, now: datetime) -> Rsvp:
    """Record a member's answer to a meeting whose row is locked, and return it.

    A yes keeps its place in the order; somebody who says no gives the seat to those who wait.
    """
    rsvps = rsvp_queries.rsvps_to(meeting.id)
    rsvp = next((each for each in rsvps if each.member_id == member.id), None)
    if rsvp is None:
        rsvp = Rsvp(meeting_id=meeting.id, member_id=member.id, number=0, has_seat=False)
        db.session.add(rsvp)
    if said == "yes" and rsvp.answer != "yes":
        rsvp.number = max((each.number for each in rsvps), default=0) + 1
    if said != "yes":
        rsvp.has_seat, rsvp.number = False, 0
    rsvp.answer, rsvp.guests, rsvp.note, rsvp.answered_at = said, guests, note, now
    retract_of_meeting(meeting.id, "meeting_seat", member_id=member.id)
    db.session.flush()
    give_seats(meeting, now, besides=member.id)
    return rsvp


def give_seats(meeting: Meeting, now: datetime, besides: int | None = None) -> None:
    """Give the free seats to those who wait, in their order, and tell them; not ``besides``, who knows."""
    wanting = [each for each in rsvp_queries.rsvps_to(meeting.id) if each.answer == "yes"]
    waiting = [each for each in wanting if not each.has_seat]
    taken = sum(each.guests + 1 for each in wanting if each.has_seat)
    parties = [RsvpParty(each.member_id, each.guests + 1) for each in waiting]
    seated = rsvp_rules.move_up(parties, rsvp_rules.free_seats(meeting.seats, taken))
    for each in waiting:
        each.has_seat = each.member_id in seated
    db.session.flush()
    told = [member_id for member_id in seated if member_id != besides]
    if told:
        notify_of_meeting(told, "meeting_seat", meeting.id, None, now)


@on_departure
def leave_meetings(
    member: Member, now: datetime, *, words_too: bool = False, by_id: int | None = None
) -> None:
    """Take back the answers of a member who leaves or is removed."""
    _withdraw(member, now)


@on_suspension
def suspend_from_meetings(member: Member) -> None:
    """Take back the answers of a member who is suspended, and end their calendar's address."""
    _withdraw(member, utcnow())
    # Whoever has the address of their calendar reads no further.
    db.session.execute(delete(CalendarAddress).where(CalendarAddress.member_id == member.id))


def _withdraw(member: Member, now: datetime) -> None:
    """Delete a member's answers to meetings to come, and give their seats to those who wait."""
    # While their seats move, nobody else answers.
    for meeting in queries.meetings_to_come(now, lock=True):
        own = next((each for each in rsvp_queries.rsvps_to(meeting.id) if each.member_id == member.id), None)
        if own is not None:
            db.session.delete(own)
            db.session.flush()
        # The rows may be gone already, with everything else that is the member's alone.
        give_seats(meeting, now)
