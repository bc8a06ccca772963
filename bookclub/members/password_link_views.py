"""Views that set a new password by a one-time link."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..lib.text.messages import gettext as _
from ..web import always_open, invalid, the_club
from . import passwords, queries, sign_in
from .attempts import abort_after_guesses, count_guess, remember_browser
from .events import on_password_reset
from .models import Member
from .password_forms import NewPasswordForm

bp = Blueprint("password_links", __name__)


@bp.get("/sign-in/<token>")
@always_open
def show(token: str) -> Response:
    """Show the form for a new password."""
    abort_after_guesses()
    member = member_of_link(token)
    if member is None:
        count_guess()
        return link_gone_page()
    return page(member, NewPasswordForm(member, the_club()))


@bp.post("/sign-in/<token>")
@always_open
def update(token: str) -> Response:
    """Set the new password, and end every session of the member."""
    abort_after_guesses()
    member = member_of_link(token)
    # Hashing the password is slow, so no transaction stays open meanwhile.
    db.session.close()
    if member is None:
        count_guess()
        return link_gone_page()
    form = NewPasswordForm(member, the_club())
    if not form.validate_on_submit():
        return invalid(page(member, form).get_data(as_text=True))
    password_hash = passwords.hash_password(form.password.data)

    begin_write()
    # Suspending a member locks the member before the link, too; another order could deadlock.
    # The link may have been used while the password was hashed.
    row = queries.member_by_id(member.id, lock=True)
    # The link was good a moment ago, so this does not count as a guess.
    if row is None or queries.password_link(token, lock=True) is None:
        return link_gone_page()
    sign_in.set_password(row, password_hash)
    row.password_reset_at = utcnow()
    on_password_reset.call(row)
    db.session.commit()
    flash(_("Your new password is set. Sign in with it."), "good")
    return remember_browser(redirect(url_for("sessions.new"), 303), row)


def member_of_link(token: str) -> Member | None:
    """Return the member for whom a link was made, or None if it no longer works."""
    link = queries.password_link(token)
    member = queries.member_by_id(link.member_id) if link and link.member_id else None
    return member if member and member.is_active else None


def page(member: Member, form: NewPasswordForm) -> Response:
    """Return the page with the form."""
    answer = make_response(render_template("members/sessions/new_password.html", whose=member, form=form))
    # The address of this page holds the secret token, so no cache may keep it.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def link_gone_page() -> Response:
    """Return the page of a link that was used, has expired or never existed.

    The three look the same, so that nobody learns which links exist.
    """
    return make_response(render_template("members/sessions/link_gone.html"), 404)
