"""View in which the recap of a meeting is written."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..meetings.models import Meeting
from ..members.forms import add_error
from ..pictures.uploads import takes_pictures
from ..threads.actions import add_comment
from ..threads.models import Thread
from ..threads.queries import comment_sent
from ..threads.writer_queries import writer_in
from ..web import current_viewer, invalid, load, the_member
from . import queries, rules
from .forms import RecapForm
from .models import Recap
from .pages import show_form

bp = Blueprint("recaps", __name__)
blueprints = (bp,)


@bp.get("/meetings/<int:meeting_id>/recap")
def new(meeting_id: int) -> str | Response:
    """Show the form for a recap, or the one that is there."""
    meeting = load(Meeting, meeting_id, to="write up")
    written = queries.threads_with_recap(meeting.id)
    if written.issuperset(thread.id for thread in meeting.threads):
        return redirect(url_for("meetings.show", meeting_id=meeting.id, _anchor="recap"))
    return show_form(meeting, RecapForm(formdata=None).about(meeting))


@bp.post("/meetings/<int:meeting_id>/recap")
@takes_pictures(RecapForm.characters)
def create(meeting_id: int) -> Response:
    """Write what was talked about at a meeting, once for each of its books."""
    member, now = the_member(), utcnow()
    form = RecapForm()
    # Rendering is slow, so the form is validated before load() opens the writing transaction.
    fits = form.validate_on_submit()
    meeting = load(Meeting, meeting_id, to="write up")
    fits = form.about(meeting).has_book() and fits
    chosen = form.chosen
    thread_id = chosen.thread_id if chosen else meeting.threads[0].id
    # The thread is locked, so that of two who write at once the second sees what the first wrote.
    thread = load(Thread, thread_id, to="reply")
    writer = writer_in(member.id, thread, None)
    words = form.words(writer) if fits else None
    problem = rules.recap_problem(meeting.starts_at, now)
    if words is None or problem:
        if problem:
            form.form_errors.append(problem)
        return invalid(show_form(meeting, form))
    sent = comment_sent(current_viewer(), form.sent_as or "")
    if sent is None or (sent.thread_id, sent.body) != (thread.id, words.body):
        if queries.recap_in(thread.id):
            add_error(
                form.body,
                _("Somebody has written the recap already. Add what is missing in the conversation."),
            )
            return invalid(show_form(meeting, form))
        comment = add_comment(thread, None, member, words, now, None if sent else form.sent_as)
        db.session.add(Recap(comment_id=comment.id, meeting_id=meeting.id))
        db.session.commit()
    return redirect(url_for("meetings.show", meeting_id=meeting.id, _anchor="recap"), 303)
