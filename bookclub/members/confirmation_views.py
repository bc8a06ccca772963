"""Views that confirm a member's e-mail address by the link that was sent there."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..lib.text.messages import gettext as _
from ..mail_kinds import sends_mail
from ..web import always_open, current_member, load, the_member
from . import actions, mails, queries
from .models import Member

bp = Blueprint("confirmations", __name__)


@bp.get("/confirmations/<token>")
@always_open
def show(token: str) -> Response:
    """Show whose address a link confirms. It changes nothing: programs that read mails follow links."""
    member = member_to_confirm(token)
    if member is None:
        return gone_page()
    answer = make_response(render_template("members/sessions/confirm_address.html", whose=member))
    # The address of this page holds the token, so no cache may keep it.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/confirmations/<token>")
@always_open
def create(token: str) -> Response:
    """Confirm the address."""
    begin_write()
    member = member_to_confirm(token, lock=True)
    if member is None:
        db.session.rollback()
        return gone_page()
    member.email_confirmed_at, member.mail_refusals = utcnow(), 0
    db.session.commit()
    flash(_("Your e-mail address is confirmed."), "good")
    return redirect(url_for("home.show" if current_member() else "sessions.new"), 303)


@bp.post("/settings/confirmation")
def send() -> Response:
    """Send the link to the member's address again, also to one that mail was refused at."""
    member = load(Member, the_member().username, to="edit")
    if member.email_confirmed_at is None or member.is_unreachable:
        is_new = mails.post_confirmation(member, utcnow())
        member.email_confirmed_at, member.mail_refusals = None, 0
        db.session.commit()
        if is_new:
            flash(_("An e-mail with a link is on its way to you."), "good")
        elif sends_mail():
            flash(_("An e-mail with a link was sent within the hour. Look in your spam folder, too."))
    return redirect(url_for("settings.show"), 303)


def member_to_confirm(token: str, *, lock: bool = False) -> Member | None:
    """Return the member whose present address a link confirms; None if it is old, used, or of another one."""
    found = actions.confirmed_address(token)
    member = queries.member_by_id(found[0], lock=lock) if found else None
    if member is None or found is None or not member.is_active or member.email != found[1]:
        return None
    return member if member.email_confirmed_at is None else None


def gone_page() -> Response:
    """Return the page of a link that does not work any more."""
    return make_response(render_template("members/sessions/confirmation_gone.html"), 404)
