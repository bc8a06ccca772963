"""Jobs that fetch mail, and forget what need not be known any more."""

from __future__ import annotations

import logging
from time import monotonic

from flask import current_app
from sqlalchemy.exc import DBAPIError

from ..config import Mailbox, Settings
from ..extensions import begin_write, db, is_trouble_with_storage, utcnow
from ..hosts import request_to
from ..jobs import enqueue, job, next_night
from ..lib.mails.message import IncomingMail, read_message, recipients_in
from ..mail.reply_addresses import read_token
from ..mail.transport import MailServerError
from . import actions, queries, rules
from .imap import Folder, open_folder, place_key
from .models import MailboxLook

JOB = "mailbox"

log = logging.getLogger(__name__)


@job(JOB, at_start=True)
def fetch_mail() -> None:
    """Take the new mails in the club's mailbox, each in a transaction of its own, and look again in a minute.

    Nothing is locked while a server is talked to: this job's own transaction ends before, and a new one is
    open at its end. If the worker is killed, the look enqueued first takes over, and knows what was taken.
    """
    settings: Settings = current_app.extensions["bookclub"]
    if settings.mailbox is None:
        return
    now, look = utcnow(), queries.last_look()
    actions.delete_returned(now)
    enqueue(JOB, key=JOB, due_at=now + rules.pause(look.failures if look else 0))
    db.session.commit()
    try:
        done: tuple[int, int] | MailServerError = take_new(settings, settings.mailbox, look)
    except MailServerError as problem:
        done = problem
    begin_write()
    note_look(settings.mailbox, done)


def note_look(mailbox: Mailbox, done: tuple[int, int] | MailServerError) -> None:
    """Record a look: the validity of the folder with its last mail that is dealt with, or what went wrong."""
    now, look = utcnow(), actions.begin_look()
    if isinstance(done, MailServerError):
        # A server that is away for a night fills no log.
        if str(done) != look.problem:
            log.warning("mailbox: %s", done)
        look.fail(str(done), now)
    else:
        look.succeed(place_key(mailbox), *done, now)
        enqueue(JOB, key=JOB, due_at=now + rules.pause(0))


def take_new(settings: Settings, mailbox: Mailbox, look: MailboxLook | None) -> tuple[int, int]:
    """Take one mail after the other until none is new or time is up. Raises MailServerError.

    Return the validity of the folder, and the number of the last mail that is dealt with.
    """
    until = monotonic() + rules.SECONDS
    with open_folder(mailbox, settings.mail_timeout) as folder:
        last = look.begins_after(place_key(mailbox), folder.validity) if look else 0
        for uid in folder.unseen_after(last):
            if monotonic() > until:
                break
            deal_with(folder, uid, settings)
            last = uid
        return folder.validity, last


def deal_with(folder: Folder, uid: int, settings: Settings) -> None:
    """Take a mail if it is for the club, and mark it; others stay as they are.

    A mail over which we stumble is left for a person to see, and does not stop those behind it.
    """
    found = folder.head(uid)
    tokens = rules.tokens_in(recipients_in(found[1]), settings.mail_reply or "{token}") if found else []
    if found is None or not tokens:
        return
    is_whole = found[0] <= rules.LARGEST
    content = folder.content(uid, rules.LARGEST if is_whole else rules.BEGINNING)
    if content is None:
        return
    try:
        incoming = read_message(content)
        if (why := receive(incoming, tokens, settings, is_whole=is_whole)) is not None:
            log.warning("mailbox: mail %s is left alone: %s", uid, why)
        is_readable = not incoming.is_unreadable
    except Exception as problem:
        if isinstance(problem, DBAPIError) and is_trouble_with_storage(problem):
            raise
        log.exception("mailbox: mail %s cannot be taken", uid)
        is_readable = False
    if is_readable:
        folder.mark_seen(uid)
    else:
        folder.mark_flagged(uid)


def receive(incoming: IncomingMail, tokens: list[str], settings: Settings, *, is_whole: bool) -> str | None:
    """Take a mail that went to an address with a token. Return why it is left alone, for the log, or None."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    # A context of its own has a transaction of its own, and nothing of another mail.
    with app.app_context(), request_to(settings.url or "http://localhost"):
        found = actions.token_of(tokens, incoming)
        # The slow work is done before the transaction that writes.
        db.session.close()
        if found is None:
            return "its address is not ours any more, or was not mailed to its sender"
        text, token = found
        if token.about == "mail":
            begin_write()
            actions.take_bounce(token, incoming, utcnow())
            db.session.commit()
            return None
        if incoming.is_automatic:
            return "a program sent it"
        reply = actions.read_reply(incoming, [settings.mail_from], is_whole=is_whole)
        db.session.close()
        begin_write()
        # Its member may have left meanwhile.
        present = read_token(text)
        if present is None:
            return "its address has just ended"
        actions.take_reply(reply, present, utcnow())
        db.session.commit()
        return None


@job("taken_mail", nightly=True)
def forget_mail() -> None:
    """Forget what was taken long ago, and words that waited too long."""
    now = utcnow()
    actions.delete_returned(now)
    actions.forget_taken(now)
    enqueue("taken_mail", key="taken_mail", due_at=next_night(now))
