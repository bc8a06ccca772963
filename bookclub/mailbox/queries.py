"""Queries of incoming mail: the last look into the mailbox, and words on their way back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from ..extensions import db
from ..mail.queries import mails_of_kind
from ..threads.models import Comment
from ..threads.queries import comment_to_act_on
from .models import MailboxLook, ReturnedReply, TakenMail
from .rules import REMEMBERED_FOR, RETURNED_WITHIN

RETURNED = "reply_returned"


def last_look() -> MailboxLook | None:
    """Return the last look into the mailbox, if there was one."""
    return db.session.execute(select(MailboxLook)).scalar_one_or_none()


def locked_look() -> MailboxLook:
    """Return the row of the last look as it is now, locked."""
    query = select(MailboxLook).with_for_update().execution_options(populate_existing=True)
    return db.session.execute(query).scalar_one()


def returned_reply(reply_id: int) -> ReturnedReply | None:
    """Return a reply on its way back; None once it is there."""
    return db.session.execute(select(ReturnedReply).where(ReturnedReply.id == reply_id)).scalar_one_or_none()


def posted_comment(comment_id: int) -> Comment | None:
    """Return a comment with its thread and book, while its words are there."""
    comment: Comment | None = comment_to_act_on(comment_id, lock=False)
    return comment if comment is not None and not comment.is_gone else None


def replies_gone_back() -> list[int]:
    """Return the ids of the replies that went back, or never will."""
    ids = list(db.session.execute(select(ReturnedReply.id)).scalars())
    mails = mails_of_kind(RETURNED, "reply_id", ids)
    return [reply_id for reply_id, mail in mails.items() if mail.state in ("sent", "failed")]


def returned_long_ago(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a reply waited too long to go back, also by a clock that ran ahead."""
    return or_(
        ReturnedReply.created_at <= now - RETURNED_WITHIN, ReturnedReply.created_at > now + RETURNED_WITHIN
    )


def taken_long_ago(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a mail need not be known any more."""
    return TakenMail.taken_at <= now - REMEMBERED_FOR
