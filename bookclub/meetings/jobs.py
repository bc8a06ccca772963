"""Job that reminds members of meetings, and follows changes of the rules of time zones."""

from __future__ import annotations

from datetime import datetime

from ..extensions import utcnow
from ..jobs import enqueue, job, next_night
from ..notices.actions import notify_of_meeting
from . import queries, rules
from .actions import JOB, set_start


@job(JOB, nightly=True)
def run_meetings() -> None:
    """Compute the starts of meetings again, remind members of those that are near, and wait for the next."""
    now = utcnow()
    to_come = queries.meetings_to_come(now)
    for meeting in to_come:
        set_start(meeting)
    remind(now)
    starts = [meeting.starts_at for meeting in to_come if not meeting.is_cancelled]
    next_moment = rules.next_moment(starts, now)
    enqueue(JOB, key=JOB, due_at=min(filter(None, (next_night(now), next_moment))))


def remind(now: datetime) -> None:
    """Tell all members of meetings within a day, once each."""
    for meeting in queries.meetings_to_remind_of(now, now + rules.REMINDER):
        meeting.reminded_at = now
        notify_of_meeting(queries.members_here(), "meeting_tomorrow", meeting.id, None, now)
