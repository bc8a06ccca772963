"""Pages of meetings: the list, one meeting, its form, and its cancellation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..body_limits import takes_text
from ..extensions import begin_write, db, utcnow
from ..lib.text.messages import gettext as _
from ..permissions import may
from ..web import (
    current_member,
    current_viewer,
    invalid,
    load,
    open_to_visitors,
    require,
    sign_in_first,
    the_club,
    the_member,
)
from . import actions, queries, rules, series_actions, series_queries
from .forms import CancellationForm, MeetingForm
from .models import Meeting
from .pages import empty_form, form_of, name_choices, show_meeting, show_meetings

bp = Blueprint("meetings", __name__)


@bp.get("/meetings")
@open_to_visitors
def index() -> str | Response:
    """List the meetings; visitors see titles and dates, if the organisers say so."""
    if current_member() is None and not the_club().shows_meetings:
        return sign_in_first()
    return show_meetings(utcnow(), request.args.get("after"))


@bp.get("/meetings/new")
def new() -> str:
    """Show the form in which a meeting is planned."""
    require("plan a meeting in", the_club())
    form = empty_form(utcnow(), request.args.get("book", ""), the_member().username)
    return new_page(name_choices(form, request.args))


@bp.post("/meetings/new")
@takes_text(MeetingForm.characters)
def create() -> Response:
    """Plan a meeting."""
    require("plan a meeting in", the_club())
    member, now = the_member(), utcnow()
    form = empty_form(now, "", member.username)
    plan = form.fits(now)
    if plan is None:
        return invalid(new_page(form))
    # The form has only read; begin_write() must come before a transaction's first read.
    db.session.close()
    begin_write()
    # A second click shows the meeting that the first one made.
    sent = queries.meeting_sent_by(current_viewer(), form.sent_as)
    if sent:
        meeting = sent
    elif form.rule_found:
        meeting = series_actions.plan_series(
            plan, form.rule_found, form.found, member, now, form.sent_as, form.shares
        )
    else:
        meeting = actions.plan_meeting(plan, form.found, member, now, form.sent_as)
    db.session.commit()
    if form.rule_found:
        flash(_("The meetings are planned, and everybody has been told."), "good")
    else:
        flash(_("The meeting is planned, and everybody has been told."), "good")
    return redirect(url_for(".show", meeting_id=meeting.id), 303)


@bp.get("/meetings/<int:meeting_id>")
def show(meeting_id: int) -> str:
    """Show a meeting."""
    return show_meeting(load(Meeting, meeting_id, to="see"), book=request.args.get("book"))


@bp.get("/meetings/<int:meeting_id>/edit")
def edit(meeting_id: int) -> str:
    """Show the form that changes a meeting."""
    meeting = load(Meeting, meeting_id, to="run")
    form = form_of(meeting, actions.plan_of(meeting))
    return edit_page(meeting, name_choices(form, request.args))


@bp.post("/meetings/<int:meeting_id>/edit")
@takes_text(MeetingForm.characters)
def update(meeting_id: int) -> Response:
    """Change a meeting, move it, or hand it over."""
    meeting, now = load(Meeting, meeting_id, to="run"), utcnow()
    before = actions.plan_of(meeting)
    form, fresh = form_of(meeting, before), form_of(meeting, before, fresh=True)
    plan = form.fits(now) if form.validate() and form.merge(fresh) else None
    following = meetings_to_follow(meeting, form, now)
    if plan is None or not fits_following(meeting, form, plan, following):
        return invalid(edit_page(meeting, form))
    was_at, member = meeting.starts_at, the_member()
    has_changed = actions.change_meeting(meeting, plan, form.found, member, now)
    change = series_actions.Change(form.rule_found, form.concerns_following, form.found, form.shares)
    series_actions.change_series(meeting, before, change, following, member, now)
    db.session.commit()
    if form.concerns_following:
        flash(_("The meeting and those after it have been changed."), "good")
    elif meeting.starts_at != was_at:
        flash(_("The meeting has been moved, and everybody has been told."), "good")
    elif has_changed:
        flash(_("The meeting has been changed."), "good")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


@bp.post("/meetings/<int:meeting_id>/cancellation")
def cancel(meeting_id: int) -> Response:
    """Cancel a meeting with a reason."""
    form = CancellationForm()
    fits = form.validate_on_submit()
    meeting = load(Meeting, meeting_id, to="run")
    if not fits:
        return invalid(show_meeting(meeting, cancellation=form))
    actions.cancel(meeting, the_member(), form.reason.data, utcnow())
    db.session.commit()
    flash(_("The meeting has been cancelled, and everybody has been told."), "good")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


def meetings_to_follow(meeting: Meeting, form: MeetingForm, now: datetime) -> Sequence[Meeting]:
    """Return the meetings that the form changes, too, locked like this one."""
    if not form.concerns_following or meeting.series_id is None:
        return []
    series_queries.lock_series(meeting.series_id)
    return series_queries.meetings_after(meeting, now, lock=True)


def fits_following(
    meeting: Meeting, form: MeetingForm, plan: rules.MeetingPlan, following: Sequence[Meeting]
) -> bool:
    """Return whether the meetings after this one may change as the form says; its fields have the errors."""
    if not all(each.is_cancelled or may(the_member(), "run", each) for each in following):
        form.refuse_following()
        return False
    left_over = series_actions.left_over(meeting, form.rule_found, plan, following, utcnow())
    return form.accepts(series_actions.answered(following), [each.starts_on for each in left_over])


def new_page(form: MeetingForm) -> str:
    """Render the form that plans a meeting."""
    return render_template("meetings/new.html", form=form)


def edit_page(meeting: Meeting, form: MeetingForm) -> str:
    """Render the form that changes a meeting."""
    return render_template("meetings/edit.html", meeting=meeting, form=form)
