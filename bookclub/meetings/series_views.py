"""View that ends a series of meetings."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..permissions import may
from ..web import invalid, load, the_member
from . import series_actions, series_queries
from .models import Meeting
from .pages import show_meeting
from .series_forms import EndOfSeriesForm

bp = Blueprint("series", __name__)


@bp.post("/meetings/<int:meeting_id>/series/closure")
def close(meeting_id: int) -> Response:
    """Let a meeting be the last of its series."""
    form, now = EndOfSeriesForm(), utcnow()
    fits = form.validate_on_submit()
    meeting = load(Meeting, meeting_id, to="run")
    # Sent twice, the second has nothing left to do.
    if meeting.series is None or meeting.series.ended_at:
        return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)
    if not fits:
        return invalid(show_meeting(meeting, ending=form))
    series_queries.lock_series(meeting.series.id)
    following = series_queries.meetings_after(meeting, now, lock=True)
    # A host of this meeting alone cancels nobody else's.
    if not all(each.is_cancelled or may(the_member(), "run", each) for each in following):
        abort(403)
    series_actions.end_series(meeting, following, the_member(), form.last_reason.data, now)
    db.session.commit()
    flash(_("This is the last meeting of its series."), "good")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)
