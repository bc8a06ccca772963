"""View with which an organiser tries whether mail arrives."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..mail_kinds import sends_mail
from ..members.models import Club
from ..web import load, the_club, the_member
from .trial import post_trial

bp = Blueprint("mail", __name__)
blueprints = (bp,)


@bp.post("/club/mail-test")
def create_test() -> Response:
    """Send a test mail to the organiser who asks."""
    load(Club, the_club().id, to="edit")
    is_new = post_trial(the_member(), utcnow())
    db.session.commit()
    if is_new:
        flash(_("A test e-mail is on its way to you. Load this page again to see what became of it."), "good")
    elif sends_mail():
        flash(_("A test e-mail was sent within the last minute. Wait a moment before you try again."))
    return redirect(url_for("club.settings", _anchor="mail"), 303)
