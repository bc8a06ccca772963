"""Actions on incoming mail: post a reply or return it, once, and count a bounce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.datastructures import MultiDict

from ..extensions import Base, db
from ..lib.mails.message import IncomingMail
from ..lib.mails.reply_text import own_words
from ..lib.text.characters import clean_text
from ..lib.text.mail_addresses import wire_address
from ..mail.actions import record_bounce
from ..mail.reply_addresses import ReplyToken, read_token
from ..mail_kinds import post
from ..members.models import Member
from ..members.rules import fold_name
from ..permissions import may
from ..reviews.queries import review_to_act_on
from ..threads.actions import add_comment
from ..threads.forms import CommentForm
from ..threads.models import Comment, Thread
from ..threads.queries import comment_to_act_on
from ..threads.writer_queries import writer_in
from . import queries, rules
from .models import MailboxLook, ReturnedReply, TakenMail


@dataclass(frozen=True)
class MailReply:
    """A reply, ready to be posted: its ``form`` is valid and rendered unless there is a ``problem``.

    ``words`` are its author's own, with the first line that makes a ``choice`` of the horizon.
    """

    identity: str
    words: str
    choice: str | None
    form: CommentForm
    attachments: int
    problem: str | None


def is_from(sender: str | None, member: Member) -> bool:
    """Return whether a mail comes from the present address of a member."""
    if sender is None or member.email is None:
        return False
    written, theirs = wire_address(sender), wire_address(member.email)
    return written is not None and theirs is not None and fold_name(written) == fold_name(theirs)


def token_of(tokens: list[str], incoming: IncomingMail) -> tuple[str, ReplyToken] | None:
    """Return the token by which a mail is taken, with its text: that of a bounce, or of its sender."""
    for text in tokens:
        token = read_token(text)
        if token is not None and (token.member is None or is_from(incoming.sender, token.member)):
            return text, token
    return None


def read_reply(incoming: IncomingMail, addresses: list[str], *, is_whole: bool) -> MailReply:
    """Return the reply in a mail. Rendering is slow, so this happens outside of a transaction that writes."""
    words = own_words(incoming.text, addresses)
    choice, body = rules.split_choice(words)
    form = CommentForm(MultiDict({"body": body}), meta={"csrf": False})
    # Nobody can be asked. A mark that is not closed hides too much rather than too little.
    form.asks_about_doubt = False
    problem = None
    if not is_whole:
        problem = rules.why_too_large()
    elif incoming.is_unreadable:
        problem = rules.why_unreadable()
    elif not clean_text(body).strip():
        problem = rules.why_wordless(incoming.attachments)
    elif not form.validate():
        problem = " ".join(str(error) for error in form.body.errors)
    return MailReply(incoming.identity, words, choice, form, incoming.attachments, problem)


def take_reply(reply: MailReply, token: ReplyToken, now: datetime) -> None:
    """Post a reply as a comment, or return it to its member; neither if this mail was taken before."""
    assert token.member is not None
    member, key = token.member, _key_of(reply, token.member)
    if not _remember(key, now):
        return
    thread, parent = _answered(token)
    if thread is None:
        why: str | None = rules.why_gone()
    else:
        why = _why_refused(member, thread, parent) or reply.problem
        why = why or _post_reply(reply, member, thread, parent, now)
    if why is not None:
        _return(reply, member, key, why, thread, now)


def _post_reply(
    reply: MailReply, member: Member, thread: Thread, parent: Comment | None, now: datetime
) -> str | None:
    """Post a reply as a comment and confirm it. Return why it cannot be, or None."""
    writer = writer_in(member.id, thread, parent)
    if not writer.has_book and reply.choice == rules.SPOILER:
        return rules.why_bookless()
    reason = rules.reason_of_horizon(reply.choice, writer.mark, has_book=writer.has_book)
    reply.form.horizon.data = rules.horizon_choice(reason, writer.mark, writer.least)
    words = reply.form.words(writer)
    # No choice that the rules make needs a place which the writer does not have.
    assert words is not None
    _confirm(add_comment(thread, parent, member, words, now), member, reason, reply.attachments)
    return None


def _key_of(reply: MailReply, member: Member) -> str:
    # With the member in it, nobody can use up the id of somebody else's mail.
    return sha256(f"{member.id} {reply.identity}".encode(errors="replace")).hexdigest()


def _remember(key: str, now: datetime) -> bool:
    """Note that a mail is taken; False if it was before. Of two workers at once, one waits here."""
    row = _insert(TakenMail).values(key=key, taken_at=now).on_conflict_do_nothing()
    return db.session.execute(row.returning(TakenMail.key)).first() is not None


def _insert(model: type[Base]) -> Any:
    dialect = postgresql if db.session.connection().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)


def begin_look() -> MailboxLook:
    """Return the row of the last look into the mailbox, locked; it is made at the first."""
    values = {"id": 1, "place_key": "", "validity": 0, "last_uid": 0, "problem": "", "failures": 0}
    db.session.execute(_insert(MailboxLook).values(**values).on_conflict_do_nothing())
    return queries.locked_look()


def _answered(token: ReplyToken) -> tuple[Thread | None, Comment | None]:
    """Return the thread that a reply goes into, locked, and the comment that it answers, if any."""
    if token.about == "comment":
        comment = comment_to_act_on(token.subject_id, lock=True)
        return (comment.thread, comment) if comment is not None else (None, None)
    review = review_to_act_on(token.subject_id, lock=True)
    if review is not None and review.became_id is not None:
        review = review_to_act_on(review.became_id, lock=True)
    return (review.thread, None) if review is not None and not review.is_gone else (None, None)


def _why_refused(member: Member, thread: Thread, parent: Comment | None) -> str | None:
    """Return why a member may not answer there, or None."""
    if (parent is not None and parent.is_gone) or not may(member, "see", thread):
        return rules.why_gone()
    return None if may(member, "reply", thread) else rules.why_locked()


def _confirm(comment: Comment, member: Member, reason: str, attachments: int) -> None:
    """Tell a member that their reply is posted, and who can read it."""
    if member.email_confirmed_at is not None:
        post(
            "reply_posted",
            cause=f"reply_posted {comment.id}",
            address=member.email or "",
            member_id=member.id,
            comment_id=comment.id,
            reason=reason,
            attachments=attachments,
        )


def _return(
    reply: MailReply, member: Member, key: str, why: str, thread: Thread | None, now: datetime
) -> None:
    """Send a reply back, with why it was not posted."""
    if member.email_confirmed_at is None:
        return
    row = ReturnedReply(
        member_id=member.id,
        thread_id=thread.id if thread else None,
        why=why,
        words=reply.words,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    post(
        queries.RETURNED,
        # Not by the row's id, which SQLite gives away again.
        cause=f"{queries.RETURNED} {key}",
        address=member.email or "",
        member_id=member.id,
        reply_id=row.id,
    )


def take_bounce(token: ReplyToken, incoming: IncomingMail, now: datetime) -> None:
    """Record what a server reports of a mail of ours, if it will never arrive."""
    report = incoming.report
    if report is not None and report.action == "failed":
        is_of_address = rules.is_permanent(report.action, report.status)
        record_bounce(token.subject_id, report.words, now, is_of_address=is_of_address)


def delete_returned(now: datetime) -> None:
    """Delete the words of replies that went back, or that waited for a week."""
    gone_back = queries.replies_gone_back()
    db.session.execute(delete(ReturnedReply).where(queries.returned_long_ago(now)))
    db.session.execute(delete(ReturnedReply).where(ReturnedReply.id.in_(gone_back)))


def forget_taken(now: datetime) -> None:
    """Forget the mails that nobody will deliver again."""
    db.session.execute(delete(TakenMail).where(queries.taken_long_ago(now)))
