"""The mail of one notice, and the pages on which a member says when they want mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from flask import render_template, url_for
from markupsafe import Markup

from ..hosts import full_address
from ..lib.positions.visibility import Viewer
from ..lib.text.messages import gettext as _
from ..lib.text.pictures import without_pictures
from ..lib.text.plain_text import cut_text, plain_text
from ..mail.reply_addresses import reply_address
from ..mail_kinds import Draft, mail_kind, sends_mail
from ..meetings.models import Meeting
from ..meetings.queries import meetings_by_id
from ..members.models import Member
from ..members.signed_links import sign_link
from ..reviews.queries import reviews_by_id
from ..threads.bookmark_queries import has_seen
from ..threads.placed_comment_queries import comments_by_id
from ..threads.queries import thread_to_act_on
from ..threads.subscription_queries import subscription_of, subscriptions
from ..web import current_viewer, the_member
from . import mail_queries
from .events import on_mail
from .mail_forms import MailPreferencesForm
from .mail_rules import AT_ONCE, SAFETY, frequency_of, topic_of
from .models import Notice
from .pages import render_notices

# The purpose of the signed links with which a member ends the mails of a topic.
UNSUBSCRIBE = "unsubscribe"
# In bytes. A mail has the words twice, and quoted-printable takes three for each of another script: 6 x 7 000
# and the frame stay below 60 kB.
LONGEST_POST = 7_000
_PATH_IN_PROSE = re.compile(r'(?<= href=")(?=/)')


@dataclass(frozen=True)
class MailedPost:
    """The words of a post as its reader may see them off the site, and the address for their answer.

    ``is_cut``: they are too long for a mail, and this is their beginning.
    """

    html: Markup
    text: str
    reply_to: str | None
    is_cut: bool = False


@mail_kind("notice")
def notice(member: Member, notice_id: int) -> Draft | None:
    """Compose the mail of a notice, unless its reader has seen meanwhile what it is about."""
    viewer = Viewer(member.id, member.new_since, off_site=True)
    found = mail_queries.notice_to(viewer, notice_id)
    if found is None or found.seen_at is not None or is_unwanted(viewer, found):
        return None
    rendered = render_notices(viewer, [found])
    if not rendered:
        return None
    topic, told = topic_of(found.kind), rendered[0]
    post = mailed_post(member, viewer, found)
    return Draft(
        told.sentence,
        {
            "notice": told,
            "post": post,
            "meeting": meeting_of(found),
            "action": next((each for each in on_mail.call(member, found) if each), None),
            "link": full_address(told.path),
            "label": label_for(found),
            "topic": topic.label,
        },
        conversation=conversation_of(found, told.thread_id),
        reply_to=post.reply_to if post else None,
        unsubscribe=unsubscribe_address(member, topic.name) if topic is not SAFETY else None,
    )


def is_unwanted(viewer: Viewer, found: Notice) -> bool:
    """Return whether a notice goes by mail no longer: it was read, its thread muted, or the wish changed."""
    assert viewer.id is not None
    chosen = mail_queries.chosen_frequencies([viewer.id])[viewer.id]
    if frequency_of(topic_of(found.kind), chosen) != AT_ONCE:
        return True
    comment = comments_by_id(viewer, [found.comment_id]).get(found.comment_id) if found.comment_id else None
    if comment is None or found.kind == "removed":
        return False
    subscription = subscription_of(viewer, comment.row.thread_id)
    is_muted = subscription is not None and subscription.state == "muted"
    return is_muted or comment.row.is_gone or has_seen(viewer, comment.row.thread_id, comment.row.id)


def mailed_post(member: Member, viewer: Viewer, found: Notice) -> MailedPost | None:
    """Return the post that a notice is about; None if it is about none, or its words are locked or gone.

    A locked post cannot be answered by mail: nobody answers what they have not read.
    """
    if found.kind == "removed":
        return None
    about: Literal["comment", "review"]
    if found.comment_id is not None:
        comment = comments_by_id(viewer, [found.comment_id])[found.comment_id]
        html, thread_id, about, post_id = comment.row.html, comment.row.thread_id, "comment", comment.row.id
    elif found.kind == "mention" and found.review_id is not None:
        review = reviews_by_id(viewer, [found.review_id])[found.review_id]
        html, thread_id, about, post_id = review.html, review.thread_id, "review", review.id
    else:
        return None
    if not html:
        return None
    thread = thread_to_act_on(thread_id, lock=False)
    is_open = thread is not None and thread.locked_at is None
    # A picture in a mail would be fetched without a session, and outlive what its reader may see.
    whole = _PATH_IN_PROSE.sub(full_address(""), without_pictures(html))
    reply_to = reply_address(member, about, post_id) if is_open else None
    text = plain_text(whole)
    if len(whole.encode()) <= LONGEST_POST:
        return MailedPost(Markup(whole), text, reply_to)
    beginning = cut_text(text, LONGEST_POST)
    lines = Markup("<br>").join(beginning.split("\n"))
    return MailedPost(Markup("<p dir='auto'>{}</p>").format(lines), beginning, reply_to, is_cut=True)


def meeting_of(found: Notice) -> Meeting | None:
    """Return the meeting that a notice is about, if it is to take place."""
    if found.meeting_id is None or found.kind == "question_removed":
        return None
    meeting = meetings_by_id([found.meeting_id]).get(found.meeting_id)
    return None if meeting is None or meeting.is_cancelled else meeting


def label_for(found: Notice) -> str:
    """Return the words on the button that leads to what a notice is about."""
    if found.comment_id is not None:
        return _("Read it in the club")
    if found.kind in ("round_opened", "round_ending"):
        return _("Go to the vote")
    if found.kind == "round_result":
        return _("See the result")
    if found.meeting_id is not None:
        return _("See the meeting")
    if found.date_poll_id is not None:
        return _("Say when you can")
    return _("See it in the club")


def conversation_of(found: Notice, thread_id: int | None) -> str:
    """Return the key by which programs show the mails about one thing together."""
    subjects = {
        "review": found.review_id, "reading": found.reading_id, "ask": found.ask_id, "round": found.round_id,
        "meeting": found.meeting_id, "poll": found.date_poll_id, "comment": found.comment_id,
        "passage": found.passage_id,
    }  # fmt: skip
    if thread_id is not None:
        return f"thread-{thread_id}"
    return next(f"{name}-{key}" for name, key in subjects.items() if key is not None)


def unsubscribe_address(member: Member, name: str) -> str:
    """Return the full address at which a member ends what has this name in ``mail_rules.UNSUBSCRIBED``."""
    return full_address(url_for("unsubscriptions.show", token=sign_link(UNSUBSCRIBE, member, name)))


def show_mail_settings(form: MailPreferencesForm) -> str:
    """Render the choices of when to get mail about what, and the conversations followed and muted."""
    return render_template(
        "notices/mail_settings.html",
        form=form,
        has_mail=sends_mail(),
        subscriptions=subscriptions(current_viewer()),
        member=the_member(),
    )
