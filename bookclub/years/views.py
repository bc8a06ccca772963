"""Views of the club's year and of each member's, and the choice to show one's own."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from ..addresses import return_address
from ..extensions import db
from ..lib.text.messages import gettext as _
from ..members.models import Member
from ..permissions import may
from ..threads.forms import SwitchForm
from ..web import current_member, load, the_member
from . import pages, rules

bp = Blueprint("years", __name__)
blueprints = (bp,)


@bp.get("/years")
def index() -> str:
    """List the years of the club, and the member's own."""
    return pages.show_index()


@bp.get("/years/<int:year>")
def show_club(year: int) -> str:
    """Show what the club read in a year."""
    require_begun(year)
    return pages.show_club(year)


@bp.get("/members/<username>/years")
def member_index(username: str) -> str | Response:
    """List the years of a member."""
    person = load_to_look_at(username)
    if person.id == the_member().id:
        return redirect(url_for(".index", _anchor="own"), 303)
    return pages.show_member_index(person)


@bp.get("/members/<username>/years/<int:year>")
def show_member(username: str, year: int) -> str:
    """Show what a member read in a year."""
    person = load_to_look_at(username)
    require_begun(year)
    return pages.show_member(person, year, as_others=request.args.get("as") == "others")


@bp.post("/settings/years")
def update_showing() -> Response:
    """Show the member's years to other members, or keep them to themselves again."""
    form = SwitchForm()
    fits = form.validate_on_submit()
    member = load(Member, the_member().username, to="edit")
    if not fits:
        abort(422, _("Send “on” as 1 to show your years to members, or as 0 to keep them to yourself."))
    member.shows_years = form.is_on
    db.session.commit()
    flash(
        _("Other members can see your years now, without what is private.")
        if form.is_on
        else _("Nobody but you can see your years now."),
        "good",
    )
    return redirect(return_address(url_for(".index", _anchor="own")), 303)


def load_to_look_at(username: str) -> Member:
    """Load a member whose years the person who asks may see.

    Aborts with 404 if these are not shown, as it does where there is nobody of that name.
    """
    person = load(Member, username, to="see")
    if not may(current_member(), "see the years of", person):
        abort(404)
    return person


def require_begun(year: int) -> None:
    """Abort with 404 for a year that has not begun, or in which nobody here could read."""
    if not rules.has_begun(year, pages.today()):
        abort(404)
