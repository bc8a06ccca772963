"""Views in which organisers make, list and withdraw invitations."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..web import invalid, load, require, the_club, the_member
from . import actions, queries
from .forms import InvitationForm
from .invitation_urls import invitation_url, key_parameter
from .models import Club, Invitation

bp = Blueprint("invitations", __name__)


@bp.get("/club/invitations")
def index() -> str:
    """List the invitations, with a form for another."""
    require("edit", the_club())
    return page(InvitationForm())


@bp.post("/club/invitations")
def create() -> Response:
    """Make an invitation."""
    require("edit", the_club())
    form = InvitationForm()
    if not form.validate_on_submit():
        return invalid(page(form))

    # This locks the club, so the second of two clicks waits and finds the invitation that the first has made.
    load(Club, the_club().id, to="edit")
    actions.invite(the_member(), days=form.days.data, uses=form.uses.data, submission=form.sent_as)
    db.session.commit()
    flash(_("The invitation is ready. Send its link to the people you want to invite."), "good")
    return redirect(url_for(".index"), 303)


@bp.post("/club/invitations/<int:invitation_id>/revocation")
def revoke(invitation_id: int) -> Response:
    """Withdraw an invitation. Members who joined by it stay."""
    invitation = load(Invitation, invitation_id, to="revoke")
    # The first withdrawal counts if two organisers withdraw it.
    invitation.revoked_at = invitation.revoked_at or utcnow()
    db.session.commit()
    flash(_("The invitation is withdrawn."), "good")
    return redirect(url_for(".index"), 303)


def page(form: InvitationForm) -> str:
    """Render the page of invitations."""
    invitations, next_before = queries.invitations_before(key_parameter("before"))
    return render_template(
        "members/invitations/index.html",
        form=form,
        invitations=invitations,
        next_before=next_before,
        now=utcnow(),
        link_of=invitation_url,
    )
