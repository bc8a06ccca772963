"""Views that sign members in and out."""

from __future__ import annotations

from flask import (
    Blueprint,
    after_this_request,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from ..addresses import local_path
from ..body_limits import SIGNED_OUT
from ..ended_sessions import mark_of
from ..extensions import begin_write, db
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..web import always_open, current_member, invalid, the_member
from . import sign_in
from .attempts import known_browser, remember_browser, too_many_attempts
from .forms import SignInForm
from .models import Member
from .sign_in import Verdict

bp = Blueprint("sessions", __name__)

WORDS = {
    # One sentence for a wrong name and a wrong password, so that nobody learns which names exist.
    Verdict.WRONG: lazy_gettext("That name and password do not match. Check both and try again."),
    Verdict.MUST_WAIT: lazy_gettext(
        "There were too many wrong passwords, for this account or from where you are. "
        "Wait a quarter of an hour, or use a browser in which you have signed in before."
    ),
    Verdict.SUSPENDED: lazy_gettext("Your account is suspended. Ask an organiser of the club."),
}


@bp.get("/sign-in")
@always_open
def new() -> Response:
    """Show the sign-in form."""
    if current_member() is not None:
        return redirect(next_url())
    return make_response(page(SignInForm(next=local_path(request.args.get("next")))))


@bp.post("/sign-in")
@always_open
def create() -> Response:
    """Sign in."""
    form = SignInForm()
    if not form.validate_on_submit():
        return invalid(page(form))
    attempt = sign_in.try_password(
        form.username.data, form.password.data, request.remote_addr, known_browser()
    )

    begin_write()
    verdict, member = sign_in.settle_attempt(attempt)
    if member is None:
        # The refusal itself must be stored: settle_attempt() has counted it.
        db.session.commit()
        form.form_errors.append(str(WORDS[verdict]))
        return (
            too_many_attempts(page(form)) if verdict is Verdict.MUST_WAIT else make_response(page(form), 422)
        )
    # The browser gets its cookies only after the commit, which is the last thing that can fail.
    begin_session(member)
    db.session.commit()
    sign_in_browser(member, remember=form.remember.data)
    return remember_browser(redirect(next_url(), 303), member)


@bp.post("/sign-out")
def destroy() -> Response:
    """End this session."""
    begin_write()
    sign_in.end_session(the_member().get_id())
    db.session.commit()
    sign_out_browser()
    flash(_("You have signed out."))
    return redirect(url_for("home.show"), 303)


@bp.get("/session")
def show() -> Response:
    """Say whose session it is, to a page that the browser kept and shows again."""
    answer = make_response(mark_of(the_member()))
    answer.mimetype = "text/plain"
    return answer


def begin_session(member: Member) -> None:
    """Begin a session on the server, in place of the one that this browser may have."""
    before = current_member()
    if before is not None:
        sign_in.end_session(before.get_id())
    sign_in.open_session(member)


def sign_in_browser(member: Member, *, remember: bool) -> None:
    """Give the browser the cookies of a session that was begun.

    Nothing of an earlier visitor stays in the cookie.
    """
    session.clear()
    login_user(member, remember=remember)
    if not remember and current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies:
        session["_remember"] = "clear"  # It belongs to a session that has ended.


def sign_out_browser() -> None:
    """Take the session's cookies from the browser, and all that it has stored of the member's pages."""
    # logout_user() leaves a note in the session that deletes the remember cookie, so clear() comes first.
    session.clear()
    logout_user()
    # A form from another tab, filled in before, may still come; body_limits.py accepts its size.
    session[SIGNED_OUT] = True

    @after_this_request
    def forget_pages(answer: Response) -> Response:
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer


def page(form: SignInForm) -> str:
    """Render the sign-in page."""
    return render_template("members/sessions/new.html", form=form)


def next_url() -> str:
    """Return the page that a visitor wanted before they had to sign in; only within this site."""
    return local_path(request.values.get("next")) or url_for("home.show")
