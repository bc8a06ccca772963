"""The meetings of the sample club: one that is over, with its recap, and the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time

from ..books.models import Book
from ..extensions import db
from ..lib.positions.places import END, START
from ..lib.text.markdown import render
from ..meetings.actions import plan_meeting
from ..meetings.models import Attendance, Meeting
from ..meetings.rules import BookToRead, Plan
from ..members.models import Member
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
RECAP = {"days": -11}


def plan_meetings(olive: Member, book: Book, at: Callable[[float], datetime]) -> list[Meeting]:
    """Plan two meetings about the club's book, as Olive did some time ago: one over, one to come."""
    meetings = []
    for days, planned, until, title in ((-12, -30, 25, "The first half"), (9, -5, 60, "Soup and Hailsham")):
        plan = Plan(
            title=title,
            starts_on=at(days).date(),
            clock=time(19, 30),
            time_zone="UTC",
            place="Olive’s kitchen, 12 Canal Street",
            access="Step-free from the yard. You can join by phone.",
            read_until=str(until),
            notes=NOTES,
            notes_html=render(NOTES).safe_html,
            host_id=olive.id,
            books=(BookToRead(book.id, END * until // 100),),
        )
        meetings.append(plan_meeting(plan, [book], olive, at(planned)))
    return meetings


def write_up(meeting: Meeting, members: Mapping[str, Member], at: Callable[[float], datetime]) -> None:
    """Add the recap of the meeting that is over, by Bob, and who was there."""
    words = Wording(WORDS, render(WORDS), str(START), START)
    comment = add_comment(meeting.books[0].thread, None, members["bob"], words, at(RECAP["days"]))
    db.session.add(Recap(comment_id=comment.id, meeting_id=meeting.id))
    for name in ("olive", "bob", "alice"):
        db.session.add(Attendance(meeting_id=meeting.id, member_id=members[name].id))
