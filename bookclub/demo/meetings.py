"""The meetings of the sample club: a series that reads one book, whose first meeting is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time

from ..books.models import Book
from ..extensions import db
from ..lib.positions.places import END, START
from ..lib.text.markdown import render
from ..meetings.models import Attendance, Meeting
from ..meetings.part_rules import spread
from ..meetings.queries import meetings_to_come
from ..meetings.rules import BookToRead, MeetingPlan
from ..meetings.series_actions import make_next, plan_series
from ..members.models import Member
from ..readings.queries import contents_of
from ..recaps.models import Recap
from ..threads.actions import add_comment
from ..threads.models import Wording

NOTES = (
    "Olive makes soup, so bring bread or something sweet.\n\n"
    "Bring one sentence from the book that stayed with you."
)


WORDS = (
    "Most of us read these chapters as a school story with something wrong in it, and nobody could say what."
    " We kept coming back to **the sales**: why do the pupils treasure things that others threw away?\n\n"
    "Left open for next time: does Kathy remember, or does she put it right?"
)
# An entry among what members wrote, so that ids and dates agree.
RECAP = {"days": -4.5}


def write_up(meeting: Meeting, members: Mapping[str, Member], at: Callable[[float], datetime]) -> None:
    """Add the recap of the meeting that is over, by Bob, and who was there."""
    words = Wording(WORDS, render(WORDS), str(START), START)
    comment = add_comment(meeting.books[0].thread, None, members["bob"], words, at(RECAP["days"]))
    db.session.add(Recap(comment_id=comment.id, meeting_id=meeting.id))
    for name in ("olive", "bob", "alice"):
        db.session.add(Attendance(meeting_id=meeting.id, member_id=members[name].id))


def plan_meetings(olive: Member, book: Book, at: Callable[[float], datetime]) -> tuple[Meeting, Meeting]:
    """Plan a meeting every second week that reads the club's book in three parts, as Olive did.

    Return the first, which is over, and the next.
    """
    plan = MeetingPlan(
        title="Soup and a book",
        starts_on=at(-5).date(),
        clock=time(19, 30),
        time_zone="UTC",
        place="Olive’s kitchen, 12 Canal Street",
        access="Step-free from the yard. You can join by phone.",
        notes=NOTES,
        notes_html=render(NOTES).safe_html,
        host_id=olive.id,
        books=(BookToRead(book.id, END),),
    )
    parts = spread(contents_of(book.id), 3)
    over = plan_series(plan, "FREQ=WEEKLY;INTERVAL=2", [book], olive, at(-30), parts=parts)
    # As the job has done since the first was over.
    if over.series:
        make_next(over.series, at(0))
    coming, *_ = meetings_to_come(at(0))
    return over, coming
