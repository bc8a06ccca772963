"""The meetings of the sample club: a series that reads one book, of which the first meeting is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from ..books.models import Book
from ..lib.positions.places import END
from ..lib.text.markdown import render
from ..meetings.part_rules import spread
from ..meetings.rules import BookToRead, Plan
from ..meetings.series_actions import plan_series
from ..members.models import Member
from ..readings.queries import contents_of

NOTES = (
    "Olive makes soup, so bring bread or something sweet.\n\n"
    "Bring one sentence from the book that stayed with you."
)


def plan_meetings(olive: Member, book: Book, at: Callable[[float], datetime]) -> None:
    """Plan a meeting every second week that reads the club's book in three parts, as Olive did."""
    plan = Plan(
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
    plan_series(plan, "FREQ=WEEKLY;INTERVAL=2", [book], olive, at(-30), parts=parts)
