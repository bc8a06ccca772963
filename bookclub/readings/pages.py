"""Pages on which a reader corrects or confirms what they said, and what an update of their reading shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import render_template, request, url_for

from .. import addresses
from ..books.models import Book
from ..books.pages import LISTS, book_page
from ..extensions import utcnow
from ..lib.positions.measures import Measures
from ..lib.positions.places import END, START
from ..lib.text import cursors
from ..meetings.pace_queries import place_of
from ..meetings.pace_rules import pace_text
from ..meetings.queries import next_meeting
from ..reviews.queries import unlocked_between
from ..web import current_viewer, the_member, time_zone
from .forms import ReadingForm, SentReading
from .models import Reading
from .queries import shelf
from .rules import SHORT_SHELF, OwnDetails, leap_question
from .strip_forms import progress_strip

# These fields are not part of what the reader says, so the question page does not repeat them.
UNASKED = ("csrf_token", "from_member", "tap")


def show_refusal(book: Book, form: ReadingForm, reading: Reading | None, measures: Measures) -> str:
    """Render the page on which to correct an invalid form: the whole form, or that of the strip."""
    strip = progress_strip(
        reading,
        measures,
        typed=form.position.data or "",
        unit=form.position_unit.data or "",
        error=form.complaint,
        made_from=form.based_on,
    )
    # Stars that were chosen come back as they were chosen.
    rated, rating = form.rating_said()
    if rated:
        strip = replace(strip, rating=rating)
    return render_template(
        "readings/edit.html",
        book=book,
        reading=reading,
        reading_form=form.offer(measures),
        strip=strip,
        own=OwnDetails(),
        is_brief="brief" in request.form,
        is_own="own" in request.form,
        back=return_address(book),
    )


def show_leap(book: Book, reading: Reading | None, said: SentReading, measures: Measures) -> str:
    """Render the page that asks whether a long step is meant, and carries everything that was sent."""
    position = END if said.status == "finished" else said.position
    # A field that was sent twice is repeated twice, so the confirmed form says the same as this one.
    asked = [(name, value) for name, value in request.form.items(multi=True) if name not in UNASKED]
    return render_template(
        "readings/leap.html",
        book=book,
        words=progress_strip(reading, measures).words,
        question=leap_question(position or START, said.entry, measures.contents),
        asked=asked,
        back=return_address(book),
    )


def updated_reading(book: Book, reading: Reading | None, measures: Measures, before: int) -> dict[str, Any]:
    """Return what an update shows: the reader's place, and what it has opened since their mark ``before``.

    A form on the book's own page changes more of that page, which is then ``whole``; one on the home page
    changes the member's ``shelf`` there.
    """
    mark = reading.mark if reading else START
    back = return_address(book)
    shown: dict[str, Any] = {
        "book": book,
        "reading": reading,
        "strip": progress_strip(reading, measures),
        "opened": unlocked_between(current_viewer(), book.id, before, mark),
        "back": back,
        "shelf": None,
        "pace_at_home": None,
    }
    address = urlsplit(back)
    if address.path == url_for("home.show"):
        shown["shelf"] = shelf(current_viewer(), the_member().id, limit=SHORT_SHELF)
        shown["pace_at_home"] = pace_at_home(book, reading, measures)
    if address.path != url_for("books.show", slug=book.slug):
        return {**shown, "is_whole": False}
    asked = parse_qs(address.query)
    after = {name: cursors.row_id_from("".join(asked.get(name, ()))) for name in LISTS}
    return {**book_page(book, after), **shown, "is_whole": True}


def pace_at_home(book: Book, reading: Reading | None, measures: Measures) -> str | None:
    """Return the pace that the home page shows for this book; None if it is not there."""
    now, member = utcnow(), the_member()
    meeting = next_meeting(now)
    asked = next((each for each in meeting.books if each.book_id == book.id), None) if meeting else None
    if meeting is None or asked is None or not member.shows_pace or now >= meeting.starts_at:
        return None
    place = place_of(reading)
    return pace_text(place, asked.horizon, measures, meeting.starts_at, now, time_zone())


def return_address(book: Book) -> str:
    """Return the address of the page on which the form stood."""
    return addresses.return_address(url_for("books.show", slug=book.slug))
