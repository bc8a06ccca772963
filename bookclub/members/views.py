"""Views of the members' list and profiles, and of an organiser's actions on members."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..hosts import full_address
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..web import invalid, load, the_member
from . import actions, queries
from .events import on_departure, on_readmission, on_suspension
from .forms import RoleForm
from .models import Member
from .pages import show_member
from .rules import ROLES

bp = Blueprint("members", __name__)


@bp.get("/members")
def index() -> str:
    """List the members."""
    people, next_after = queries.members_after(request.args.get("after", ""))
    return render_template("members/index.html", people=people, next_after=next_after)


@bp.get("/members/<username>")
def show(username: str) -> str:
    """Show a member's profile, books and reviews."""
    person = load(Member, username, to="see")
    return show_member(person, RoleForm(formdata=None, role=person.role))


@bp.post("/members/<username>/role")
def update_role(username: str) -> Response:
    """Give a member another role."""
    form = RoleForm()
    fits = form.validate_on_submit()
    member = load_to_manage(username)
    if not fits or not form.merge(RoleForm(formdata=None, role=member.role)):
        return invalid(show_member(member, form))
    before = member.role
    actions.change_role(member, form.role.data)
    db.session.commit()
    said = {"name": isolated(member.display_name), "role": member.role_name}
    # Only more rights end the sessions, see change_role().
    if ROLES.index(member.role) > ROLES.index(before):
        words = _(
            "%(name)s has the role of %(role)s now. To use it they need to sign in again on every device.",
            **said,
        )
    else:
        words = _("%(name)s has the role of %(role)s now.", **said)
    return redirect_to_member(member, words)


@bp.post("/members/<username>/suspension")
def suspend(username: str) -> Response:
    """Shut a member out until the suspension is lifted."""
    member = load_to_manage(username)
    on_suspension.call(member)
    db.session.commit()
    return redirect_to_member(
        member, _("%(name)s is suspended, and signed out everywhere.", name=isolated(member.display_name))
    )


@bp.post("/members/<username>/suspension/deletion")
def lift_suspension(username: str) -> Response:
    """Let a suspended member in again."""
    member = load_to_manage(username)
    on_readmission.call(member)
    db.session.commit()
    return redirect_to_member(member, _("%(name)s can sign in again.", name=isolated(member.display_name)))


@bp.post("/members/<username>/removal")
def remove(username: str) -> Response:
    """Remove a member for good, as if they had left; their words stay."""
    member = load_to_manage(username)
    # Removal replaces the name, and the message still needs it.
    name = member.display_name
    on_departure.call(member, utcnow(), by_id=the_member().id)
    db.session.commit()
    flash(
        _("%(name)s is removed. What they wrote stays, under “a former member”.", name=isolated(name)), "good"
    )
    return redirect(url_for(".index"), 303)


@bp.post("/members/<username>/password-link")
def create_password_link(username: str) -> Response:
    """Make a one-time link that sets a member's new password, and show it once."""
    person = load_to_manage(username)
    # The database holds only the token's hash, so the link cannot be shown again.
    link = full_address(actions.make_password_link(person))
    db.session.commit()
    answer = make_response(render_template("members/password_link.html", person=person, link=link))
    # The page shows a secret link, so no cache may keep it.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def load_to_manage(username: str) -> Member:
    """Load another member, for an organiser to act on. Aborts with 403 if that is not allowed.

    The organiser must still be one when their turn comes: if two demote each other at the same moment,
    the second is refused, and so one always stays.
    """
    begin_write()
    if the_member().id not in queries.active_organisers(lock=True):
        abort(403)
    return load(Member, username, to="manage")


def redirect_to_member(member: Member, words: str) -> Response:
    """Redirect to the member's page with a message about what was done."""
    flash(words, "good")
    return redirect(url_for(".show", username=member.username), 303)
