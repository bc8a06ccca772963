"""Views with which a member says when they want mail, signed in or by the link in a mail."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, csrf, db
from ..lib.text.messages import gettext as _
from ..members.models import Member
from ..members.signed_links import read_link
from ..web import always_open, forbid_caching, invalid, load, the_member
from . import mail_actions, mail_queries
from .mail_forms import MailPreferencesForm
from .mail_pages import UNSUBSCRIBE, show_mail_settings
from .mail_rules import NEVER, TOPICS_BY_NAME

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
@always_open
def show(token: str) -> Response:
    """Ask whether to end the mails of a topic: programs that look at links must end nothing."""
    found = read_link(UNSUBSCRIBE, token)
    if found is None or found[1] not in TOPICS_BY_NAME:
        return link_gone()
    member, name = found
    topic = TOPICS_BY_NAME[str(name)]
    return page("notices/unsubscribe.html", reader=member, topic=topic, token=token)


@unsubscriptions.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]
@always_open
def create(token: str) -> Response:
    """End the mails of a topic. Mail programs post here themselves, without a form (RFC 8058)."""
    begin_write()
    found = read_link(UNSUBSCRIBE, token)
    if found is None or found[1] not in TOPICS_BY_NAME:
        return link_gone()
    member, name = found
    topic = TOPICS_BY_NAME[str(name)]
    mail_actions.choose_frequency(member, topic, NEVER)
    db.session.commit()
    return page("notices/unsubscribed.html", reader=member, topic=topic)


def page(template: str, **shown: object) -> Response:
    """Render a page that no cache keeps and no index lists."""
    return forbid_caching(make_response(render_template(template, **shown)))


def link_gone() -> Response:
    """Answer a link that does not work, or not any more."""
    db.session.rollback()
    gone = page("notices/link_gone.html")
    gone.status_code = 404
    return gone
