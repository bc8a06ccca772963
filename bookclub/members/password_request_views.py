"""Views for somebody who has forgotten their password: they ask for a link by mail."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db
from ..hosts import address_for_mail
from ..jobs import enqueue
from ..lib.text.messages import gettext as _
from ..mail_kinds import sends_mail
from ..web import always_open, invalid
from . import queries, sign_in
from .attempts import too_many_attempts
from .password_forms import PasswordRequestForm
from .rules import request_subjects

bp = Blueprint("password_requests", __name__)


@bp.get("/forgotten-password")
@always_open
def new() -> str:
    """Show the form that asks for a link, or say whom to ask if the club sends no mail."""
    return page(PasswordRequestForm())


@bp.post("/forgotten-password")
@always_open
def create() -> Response:
    """Ask for a link. The answer says nothing of whether a member has the address."""
    if not sends_mail():
        abort(403, _("This club sends no mail. Ask an organiser for a link that sets a new password."))
    form = PasswordRequestForm()
    if not form.validate_on_submit():
        return invalid(page(form))

    subjects = request_subjects(form.email.data, request.remote_addr)
    begin_write()
    queries.hold_throttle()
    if sign_in.is_throttled(*subjects):
        db.session.rollback()
        form.form_errors.append(
            _("You have asked for too many links. Wait a quarter of an hour, and look in your spam folder.")
        )
        return too_many_attempts(page(form))
    sign_in.note_failure(*subjects)
    # The job looks for the member, so a request does the same whoever the address belongs to.
    enqueue("password_request", key=subjects[0], email=form.email.data, site=address_for_mail())
    db.session.commit()
    flash(
        _("If a member has this address, an e-mail is on its way there. The link in it works for one hour.")
    )
    return redirect(url_for("sessions.new"), 303)


def page(form: PasswordRequestForm) -> str:
    """Render the page with the form."""
    return render_template("members/sessions/forgotten.html", form=form, has_mail=sends_mail())
