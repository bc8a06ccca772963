"""Mails that answer a reply: it is posted, or it comes back."""

from __future__ import annotations

from flask import url_for

from ..hosts import full_address
from ..lib.positions.contents import horizon_text
from ..lib.text.messages import gettext as _
from ..lib.text.spoilers import find_doubtful_spoiler
from ..mail_kinds import Draft, mail_kind
from ..members.models import Member
from ..readings.queries import contents_of
from . import queries, rules


@mail_kind("reply_posted")
def reply_posted(member: Member, comment_id: int, reason: str, attachments: int) -> Draft | None:
    """Compose the mail that says where a reply stands and who can read it, while it is there.

    ``reason`` says how its horizon was found (rules.py).
    """
    comment = queries.posted_comment(comment_id)
    if comment is None or comment.member_id != member.id:
        return None
    thread = comment.thread
    place = horizon_text(comment.horizon, contents_of(thread.book_id))
    is_unclosed = find_doubtful_spoiler(comment.body) is not None
    values = {
        "book": thread.book,
        "sentences": [
            rules.reach_text(reason, comment.horizon, place),
            *rules.notes_on(attachments, is_unclosed=is_unclosed),
        ],
        "comment": full_address(url_for("comments.in_thread", comment_id=comment.id)),
        "link": full_address(url_for("comments.edit", comment_id=comment.id)),
    }
    return Draft(_("Your reply is posted"), values, conversation=f"thread-{thread.id}")


@mail_kind(queries.RETURNED)
def reply_returned(member: Member, reply_id: int) -> Draft | None:
    """Compose the mail that brings a reply back to its member, with why it was not posted."""
    reply = queries.returned_reply(reply_id)
    if reply is None or reply.member_id != member.id:
        return None
    link = url_for("threads.show", thread_id=reply.thread_id) if reply.thread_id else None
    values = {"why": reply.why, "words": reply.words, "link": link and full_address(link)}
    return Draft(_("Your reply was not posted"), values)
