"""View with which a member follows or mutes a conversation."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request
from werkzeug.wrappers import Response

from ..addresses import local_path
from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..web import load, the_member
from .forms import SubscriptionForm
from .models import Thread
from .pages import thread_address
from .subscription_actions import subscribe

bp = Blueprint("subscriptions", __name__)


@bp.post("/threads/<int:thread_id>/subscription")
def update(thread_id: int) -> Response:
    """Follow a thread, mute it, or neither."""
    form = SubscriptionForm()
    fits = form.validate_on_submit()
    thread = load(Thread, thread_id, to="subscribe to")
    if not fits:
        abort(422, _("Send “state” as followed or muted, or empty for neither."))
    subscribe(the_member(), thread, form.state.data or "", utcnow())
    db.session.commit()
    flash(form.done, "good")
    return redirect(local_path(request.form.get("next")) or thread_address(thread), 303)
