"""The meetings of the sample club: one that is over, and the next one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from ..books.models import Book
from ..lib.positions.places import END
from ..lib.text.markdown import render
from ..meetings.actions import plan_meeting
from ..meetings.models import Meeting
from ..meetings.rules import BookToRead, Plan
from ..members.models import Member

NOTES = (
    "Olive makes soup, so bring bread or something sweet.\n\n"
    "Bring one sentence from the book that stayed with you."
)


def plan_meetings(olive: Member, book: Book, at: Callable[[float], datetime]) -> list[Meeting]:
    """Plan two meetings about the club's book, as Olive did some time ago; the next one comes last."""
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
