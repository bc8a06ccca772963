"""Addresses of calendars: one meeting as a file, a member's private address, and the page about that."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, current_app, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..lib import private_tokens
from ..lib.calendars.calendar_files import calendar_text
from ..lib.text.messages import gettext as _
from ..web import always_open, current_viewer, load, the_club, the_member
from . import calendar_queries
from .calendar_pages import calendar_of_club, file_of, show_calendar, version_of_calendar
from .models import CalendarAddress, Meeting

bp = Blueprint("calendars", __name__)


@bp.get("/meetings/<int:meeting_id>.ics")
def download(meeting_id: int) -> Response:
    """Send a meeting as a file for a calendar."""
    meeting = load(Meeting, meeting_id, to="see")
    answer = make_response(file_of(meeting))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="meeting-{meeting_id}.ics"'
    return answer


@bp.get("/calendar/<token>.ics")
@always_open
def subscribe(token: str) -> Response:
    """Send the calendar of the club to whoever has a member's private address."""
    code = private_tokens.code_in(token, "calendar", current_app.config["SECRET_KEY"])
    if code is None or not calendar_queries.is_subscribed(code):
        abort(404)
    answer = make_response()
    answer.set_etag(version_of_calendar())
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "private, no-cache"
    if answer.make_conditional(request).status_code != 304:
        answer.data = calendar_text(the_club().name, calendar_of_club())
    return answer


@bp.get("/settings/calendar")
def show() -> str:
    """Show the private address of the member's calendar."""
    return show_calendar()


@bp.post("/settings/calendar")
def renew() -> Response:
    """Make a private address, in place of the one before, which dies."""
    begin_write()
    address = calendar_queries.calendar_address(current_viewer())
    if address is None:
        address = CalendarAddress(member_id=the_member().id)
        db.session.add(address)
    address.code, address.made_at = secrets.token_urlsafe(16), utcnow()
    db.session.commit()
    flash(_("This is your new address. Any earlier one has stopped working."), "good")
    return redirect(url_for(".show"), 303)
