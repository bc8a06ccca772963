"""A mail that came in, as far as the club needs to know it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import Message
from hashlib import sha256

from .delivery_reports import DeliveryReport, read_report
from .headers import is_automatic, message_id_of, recipients_of, sender_of, values_of
from .parts import parse, read_parts

# Bytes of headers that are read; servers refuse mails with more.
LONGEST_HEAD = 64 * 1024
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class IncomingMail:
    """A mail: its one ``sender`` (None: not clear), and its whole ``text``, which may quote others.

    ``identity`` is the same for each copy of it. Where it is ``is_unreadable``, it has no text.
    """

    sender: str | None
    identity: str
    is_automatic: bool
    text: str = ""
    attachments: int = 0
    report: DeliveryReport | None = None
    is_unreadable: bool = False


def recipients_in(head: bytes) -> str:
    """Return all that the headers of a mail say of where it went."""
    return recipients_of(message_from_bytes(head))


def read_message(raw: bytes) -> IncomingMail:
    """Return a mail. If its parts cannot be taken, the headers alone are read."""
    ends = _END_OF_HEADERS.search(raw)
    head = message_from_bytes(raw[: min(ends.end() if ends else len(raw), LONGEST_HEAD)])
    body = raw[ends.end() :] if ends else b""
    known = IncomingMail(sender_of(head), _identity(head, body), is_automatic(head))
    try:
        message = parse(raw)
        if known.is_automatic:
            return replace(known, report=read_report(message))
        parts = read_parts(message)
    except Exception:
        # It is a MailPartError, or the standard library, which reads some of it on demand, fails in its way.
        return replace(known, is_unreadable=True)
    text = "\n\n".join(text.words for text in parts.texts)
    return replace(known, text=text, attachments=parts.attachments)


def _identity(head: Message, body: bytes) -> str:
    """Return the Message-ID, or where it has none a digest of what each copy has in common."""
    if message_id := message_id_of(head):
        return message_id
    said = [sender_of(head) or "", *values_of(head, "date"), *values_of(head, "subject")]
    return sha256("\n".join(said).encode(errors="replace") + b"\n\n" + body).hexdigest()
