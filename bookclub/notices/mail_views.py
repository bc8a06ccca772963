"""Views with which a member says when they want mail, signed in or by the link in a mail."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from ..extensions import db
from ..lib.text.messages import gettext as _
from ..members.link_access import member_of_link, page_of
from ..members.models import Member
from ..web import invalid, load, open_by_link, the_member
from . import mail_actions, mail_queries
from .mail_forms import MailPreferencesForm
from .mail_pages import UNSUBSCRIBE, show_mail_settings
from .mail_rules import UNSUBSCRIBED

bp = Blueprint("mail_preferences", __name__)
unsubscriptions = Blueprint("unsubscriptions", __name__)


@bp.route("/settings/mail", methods=["GET", "POST"])
def edit() -> str | Response:
    """Show and save when the member wants mail about what."""
    form, member_id = MailPreferencesForm(), the_member().id
    if request.method == "GET":
        chosen = mail_queries.chosen_frequencies([member_id])[member_id]
        return show_mail_settings(MailPreferencesForm(chosen))
    if not form.validate_on_submit():
        return invalid(show_mail_settings(form))
    member = load(Member, the_member().username, to="edit")
    for topic in form.topics_sent:
        mail_actions.choose_frequency(member, topic, form[topic.name].data)
    db.session.commit()
    flash(_("Your choices are saved."), "good")
    return redirect(url_for(".edit"), 303)


@unsubscriptions.get("/unsubscribe/<token>")
@open_by_link
def show(token: str) -> Response:
    """Ask whether to end the mails of a topic: programs that look at links must end nothing."""
    member, name = member_of_link(UNSUBSCRIBE, token)
    label = UNSUBSCRIBED.get(name) or abort(404)
    return page_of("notices/unsubscribe.html", reader=member, label=label, token=token)


@unsubscriptions.post("/unsubscribe/<token>")
@open_by_link
def create(token: str) -> Response:
    """End the mails of a topic. Mail programs post here themselves, without a form (RFC 8058)."""
    member, name = member_of_link(UNSUBSCRIBE, token)
    label = UNSUBSCRIBED.get(name) or abort(404)
    mail_actions.unsubscribe(member, name)
    db.session.commit()
    return page_of("notices/unsubscribed.html", reader=member, label=label)
