"""Views in which organisers make, list and withdraw invitations."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..mail_kinds import sends_mail
from ..web import forbid_caching, invalid, load, require, the_club, the_member
from . import actions, mails
from .forms import InvitationForm
from .models import Club, Invitation
from .pages import show_invitations, show_sheet
from .rules import INVITED_FOR

bp = Blueprint("invitations", __name__)


@bp.get("/club/invitations")
def index() -> str:
    """List the invitations, with a form for another."""
    require("edit", the_club())
    return show_invitations(InvitationForm())


@bp.post("/club/invitations")
def create() -> Response:
    """Make an invitation."""
    require("edit", the_club())
    form = InvitationForm()
    if not form.validate_on_submit():
        return invalid(show_invitations(form))

    # This locks the club, so the second of two clicks waits and finds the invitation that the first has made.
    load(Club, the_club().id, to="edit")
    if form.email.data and sends_mail():
        one = actions.invite(the_member(), days=INVITED_FOR.days, uses=1, submission=form.sent_as)
        mails.post_invitation(one, form.email.data)
        words = _("The invitation is on its way to %(address)s.", address=form.email.data)
    else:
        actions.invite(the_member(), days=form.days.data, uses=form.uses.data, submission=form.sent_as)
        words = _("The invitation is ready. Send its link to the people you want to invite.")
    db.session.commit()
    flash(words, "good")
    return redirect(url_for(".index"), 303)


@bp.get("/club/invitations/<int:invitation_id>/sheet")
def sheet(invitation_id: int) -> Response:
    """Show an invitation as a sheet to print, with a code that phones read."""
    return forbid_caching(make_response(show_sheet(load(Invitation, invitation_id, to="see"))))


@bp.post("/club/invitations/<int:invitation_id>/revocation")
def revoke(invitation_id: int) -> Response:
    """Withdraw an invitation. Members who joined by it stay."""
    invitation = load(Invitation, invitation_id, to="revoke")
    # The first withdrawal counts if two organisers withdraw it.
    invitation.revoked_at = invitation.revoked_at or utcnow()
    db.session.commit()
    flash(_("The invitation is withdrawn."), "good")
    return redirect(url_for(".index"), 303)
