"""The page on which a recap is written."""

from __future__ import annotations

from flask import render_template

from ..lib.positions.contents import horizon_text
from ..meetings.models import Meeting
from ..reports.queries import contents_of_books
from .forms import RecapForm


def show_form(meeting: Meeting, form: RecapForm) -> str:
    """Render the page on which the recap of a meeting is written."""
    contents = contents_of_books([each.book_id for each in meeting.books])
    horizons = {
        each.book.title: horizon_text(each.thread.floor, contents[each.book_id]) for each in meeting.books
    }
    return render_template("recaps/new.html", meeting=meeting, form=form, horizons=horizons)
