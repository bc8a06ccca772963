"""Views of a member's own settings: profile, password, and leaving the club."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import Field

from ..addresses import local_path
from ..body_limits import takes_text
from ..extensions import begin_write, db, utcnow
from ..forms import BaseForm
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..visits import is_remembered
from ..web import invalid, load, the_club, the_member
from . import actions, mails, passwords, queries, sign_in
from .attempts import forget_browser, known_browser, remember_browser, too_many_attempts
from .events import on_departure
from .forms import ChangePasswordForm, DepartureForm, ProfileForm, TimeZoneForm, add_error
from .models import Member
from .pages import show_settings
from .rules import NEEDS_ORGANISER, TakenError, keeps_organiser
from .session_views import sign_in_browser, sign_out_browser
from .sign_in import Attempt, Verdict

bp = Blueprint("settings", __name__)

WORDS = {
    Verdict.WRONG: lazy_gettext("This is not your current password. Type it again."),
    Verdict.MUST_WAIT: lazy_gettext(
        "There were too many wrong passwords. Wait a quarter of an hour, then try again."
    ),
    Verdict.SUSPENDED: lazy_gettext("Your account is suspended. Ask an organiser of the club."),
}


@bp.get("/settings")
def show() -> str:
    """Show the member's settings."""
    return show_settings()


@bp.post("/settings")
@takes_text(ProfileForm.characters)
def update() -> Response:
    """Change the profile."""
    form = ProfileForm(the_member(), the_club())
    if not form.validate_on_submit():
        return invalid(show_settings(profile=form))
    # Comparing a password is slow, so it happens before the writing transaction opens.
    attempt = try_own_password(form.current_password.data) if form.changes_email else None

    begin_write()
    if attempt is not None:
        verdict, _member = sign_in.settle_attempt(attempt)
        # invalid() would roll the failure back, and it has to count.
        if verdict is not Verdict.RIGHT:
            db.session.commit()
            return wrong_password(verdict, form.current_password, profile=form)
    # This is asked while the cookie still names the present session, which a new address ends.
    member, remembered = load(Member, the_member().username, to="edit"), is_remembered(the_member())
    if not form.merge(ProfileForm(member, the_club(), formdata=None)):
        return invalid(show_settings(profile=form))
    member.theme, member.text_size = form.theme.data, form.text_size.data
    member.shows_pace = form.pace.data == "show"
    # A text that the member did not change stays as it is stored.
    if "about" not in form.kept:
        member.about, member.about_html = form.about.data or "", form.about_html
    member.time_zone = form.time_zone.data or None
    try:
        actions.change_display_name(member, form.display_name.data)
        if form.changes_email:
            before = member.email
            actions.change_email(member, form.email.data)
            mails.post_change_of_address(member, before, utcnow())
            # The address can sign in, so a stolen copy of the cookie must not keep its session.
            sign_in.renew_session(member)
        db.session.commit()
    except TakenError as taken:
        db.session.rollback()
        add_error(form[taken.field], str(taken))
        return invalid(show_settings(profile=form))
    if form.changes_email:
        sign_in_browser(member, remember=remembered)
        flash(
            _("Your settings are saved. Your address has changed, so you are signed out everywhere else."),
            "good",
        )
    else:
        flash(_("Your settings are saved."), "good")
    return redirect(url_for(".show"), 303)


@bp.post("/settings/time-zone")
def update_time_zone() -> Response:
    """Take the time zone that a page offered to a member who has none, and go back to that page."""
    form = TimeZoneForm()
    if not form.validate_on_submit():
        profile = ProfileForm(the_member(), the_club(), formdata=None)
        add_error(profile.time_zone, _("Choose your time zone from the list."))
        return invalid(show_settings(profile=profile))
    member = load(Member, the_member().username, to="edit")
    member.time_zone = form.time_zone.data
    db.session.commit()
    flash(_("Times are now shown in your time zone."), "good")
    return redirect(local_path(request.form.get("next")) or url_for(".show"), 303)


@bp.post("/settings/password")
def update_password() -> Response:
    """Change the password, end every session, and begin a new one for this browser."""
    form = ChangePasswordForm(the_member(), the_club())
    if not form.validate_on_submit():
        return invalid(show_settings(password=form))
    attempt = try_own_password(form.current.data)
    password_hash = passwords.hash_password(form.new.data)

    begin_write()
    verdict, member = sign_in.settle_attempt(attempt)
    if member is None:
        db.session.commit()
        return wrong_password(verdict, form.current, password=form)
    remembered = is_remembered(the_member())
    sign_in.set_password(member, password_hash)
    sign_in.open_session(member)
    db.session.commit()
    sign_in_browser(member, remember=remembered)
    flash(_("Your new password is set. You are signed out everywhere else."), "good")
    return remember_browser(redirect(url_for(".show"), 303), member)


@bp.post("/settings/departure")
def depart() -> Response:
    """Leave the club for good, with or without one's words."""
    form = DepartureForm()
    if not form.validate_on_submit():
        return invalid(show_settings(departure=form))
    attempt = try_own_password(form.password.data)

    begin_write()
    # Organisers are locked after the throttle and before any other member, so that no two requests deadlock.
    queries.hold_throttle()
    if not keeps_organiser(queries.active_organisers(lock=True), the_member().id):
        add_error(form.password, str(NEEDS_ORGANISER))
        return invalid(show_settings(departure=form))
    verdict, member = sign_in.settle_attempt(attempt)
    if member is None:
        db.session.commit()
        return wrong_password(verdict, form.password, departure=form)
    words_too = form.texts.data == "remove"
    on_departure.call(member, utcnow(), words_too=words_too)
    db.session.commit()
    # This copy still has the password hash with which the cookie of known browsers is signed.
    former = the_member()
    sign_out_browser()
    if words_too:
        flash(_("You have left the club. What you wrote is gone, too."))
    else:
        flash(_("You have left the club. What you wrote stays, without your name."))
    return forget_browser(redirect(url_for("home.show"), 303), former)


def try_own_password(password: str | None) -> Attempt:
    """Compare a password with the member's own; it counts like signing in."""
    return sign_in.try_own_password(the_member(), password or "", request.remote_addr, known_browser())


def wrong_password(verdict: Verdict, field: Field, **forms: BaseForm) -> Response:
    """Return the settings with an error beside the password."""
    add_error(field, str(WORDS[verdict]))
    return (
        too_many_attempts(show_settings(**forms))
        if verdict is Verdict.MUST_WAIT
        else make_response(show_settings(**forms), 422)
    )
