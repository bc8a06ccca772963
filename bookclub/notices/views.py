"""Views of a member's notices, and the count of new ones."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..web import current_member, current_viewer, the_member
from . import actions, queries
from .pages import show_notices

bp = Blueprint("notices", __name__)


@bp.get("/notices")
def index() -> str:
    """List the member's notices, newest first. Looking at them marks none as seen."""
    return show_notices(row_id_from(request.args.get("after")))


@bp.post("/notices/seen")
def see() -> Response:
    """Mark the member's notices as seen: those on the page, and all before them."""
    until = row_id_from(request.form.get("until"))
    begin_write()
    actions.see(the_member(), utcnow(), until)
    db.session.commit()
    flash(_("Your notices are marked as read."), "good")
    return redirect(url_for(".index"), 303)


def unseen_notices() -> int:
    """Count the notices that the current member has not seen, once per request; 0 for a visitor."""
    member = current_member()
    if member is None:
        return 0
    if "unseen_notices" not in g:
        g.unseen_notices = queries.count_unseen(current_viewer())
    return int(g.unseen_notices)
