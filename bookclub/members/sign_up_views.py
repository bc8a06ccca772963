"""Views that sign up new members: by invitation, openly, or as the first organiser."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..web import always_open, current_member, invalid, the_club
from . import actions, mails, passwords
from .actions import SignUpAccess
from .attempts import abort_after_guesses, count_guess, remember_browser
from .forms import SignUpForm
from .rules import TakenError
from .session_views import begin_session, sign_in_browser

bp = Blueprint("sign_up", __name__)


@bp.get("/sign-up")
@always_open
def new() -> Response:
    """Show the sign-up form, or explain how to join."""
    if current_member() is not None:
        return redirect(url_for("home.show"))
    door = sign_up_access()
    form = SignUpForm(the_club(), trusted=door.first_organiser)
    form.invite.data, form.setup.data = request.args.get("invite"), request.args.get("setup")
    return make_response(page(form, door)) if door.problem is None else refuse_sign_up(door)


@bp.post("/sign-up")
@always_open
def create() -> Response:
    """Make an account, and sign in."""
    door = sign_up_access()
    # Hashing the password is slow, so no transaction stays open meanwhile.
    db.session.close()
    if door.problem:
        return refuse_sign_up(door, 403)
    form = SignUpForm(the_club(), trusted=door.first_organiser)
    if not form.validate_on_submit():
        return invalid(page(form, door))
    password_hash = passwords.hash_password(form.password.data)

    begin_write()
    try:
        # The link may have been used since the first check; this time it stays locked.
        door = sign_up_access(hold=True)
        if door.problem:
            return refuse_sign_up(door, 403)
        member = actions.join(form.username.data, form.email.data, password_hash, door=door)
    except TakenError as taken:
        db.session.rollback()
        form[taken.field].errors = [str(taken)]
        return invalid(page(form, door))
    is_asked = mails.post_confirmation(member, utcnow())
    begin_session(member)
    db.session.commit()
    sign_in_browser(member, remember=False)
    flash(_("Welcome, %(name)s.", name=isolated(member.display_name)), "good")
    if is_asked:
        flash(_("We have sent you an e-mail. The link in it confirms your address."))
    return remember_browser(redirect(url_for("home.show"), 303), member)


def sign_up_access(*, hold: bool = False) -> SignUpAccess:
    """Return the right to sign up that comes with the links in this request.

    Without ``hold`` it counts wrong links, and aborts with 429 after too many.
    """
    invite, setup = request.values.get("invite"), request.values.get("setup")
    # With hold the same request asks a second time, which is no second guess.
    if (invite or setup) and not hold:
        abort_after_guesses()
    door = actions.door(the_club(), invite=invite, setup=setup, hold=hold)
    if door.is_guess and not hold:
        count_guess()
    return door


def page(form: SignUpForm, door: SignUpAccess) -> str:
    """Render the sign-up page."""
    return render_template("members/sign_up/new.html", form=form, first_organiser=door.first_organiser)


def refuse_sign_up(door: SignUpAccess, status: int = 200) -> Response:
    """Return the page that explains how to join."""
    return make_response(render_template("members/sign_up/shut.html", door=door), status)
