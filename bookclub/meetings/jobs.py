"""Job that reminds members of meetings, makes the next of each series, and follows changes of time zones."""

from __future__ import annotations

from datetime import datetime

from ..extensions import utcnow
from ..jobs import enqueue, job, next_night
from ..notices.actions import notify_of_meeting
from . import queries, rules, series_queries
from .actions import JOB, set_start
from .series_actions import make_next


@job(JOB, nightly=True)
def run_meetings() -> None:
    """Make the next meetings of each series, compute starts again, remind members, and wait for the next."""
    now = utcnow()
    for series in series_queries.series_under_way(lock=True):
        make_next(series, now)
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
