"""View in which members note who was at a meeting."""

from __future__ import annotations

from collections.abc import Set

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..members.queries import present_members
from ..web import invalid, load, the_member
from . import attendance_queries, attendance_rules
from .attendance_forms import AttendanceForm
from .models import Attendance, Meeting
from .pages import show_meeting

bp = Blueprint("attendances", __name__)


@bp.post("/meetings/<int:meeting_id>/attendance")
def note(meeting_id: int) -> Response:
    """Note who was there: oneself with ``on``, or as the host all who are ticked."""
    form = AttendanceForm()
    fits = form.validate_on_submit()
    meeting = load(Meeting, meeting_id, to="attend" if form.is_about_oneself else "run")
    problem = attendance_rules.attendance_problem(meeting.starts_at, utcnow())
    if problem:
        form.form_errors.append(problem)
    known = {member.username: member for member in present_members()}
    strangers = [name for name in form.member.data if name not in known]
    if strangers:
        unknown = _("Nobody here has the username “%(name)s”.", name=strangers[0])
        form.member.errors = [*form.member.errors, unknown]
    if not fits or form.errors:
        return invalid(show_meeting(meeting, attendance_form=form))
    noted = attendance_queries.attendances_at(meeting.id)
    names = {each.id: each.username for each in known.values()}
    present: Set[str] = frozenset(names[each] for each in noted if each in names)
    if form.is_about_oneself:
        own = {the_member().username}
        wanted = present | own if form.on.data == "1" else present - own
    else:
        shown, ticked = frozenset(form.was.data), frozenset(form.member.data)
        wanted = attendance_rules.after_ticks(present, shown, ticked)
    for name in wanted - present:
        db.session.add(Attendance(meeting_id=meeting.id, member_id=known[name].id))
    for name in present - wanted:
        db.session.delete(noted[known[name].id])
    db.session.commit()
    return redirect(url_for("meetings.show", meeting_id=meeting.id, _anchor="attendance"), 303)
