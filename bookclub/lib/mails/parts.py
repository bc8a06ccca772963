"""Parts of a mail that came in: its text, and how many attachments it has, within bounds."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import errors, message_from_bytes
from email.message import Message

from .flowed_text import unflow
from .html_text import text_of_html

# A mail that somebody wrote has a handful of parts, two or three levels deep. The standard library's parser
# looks at every line once for each open level.
MOST_PARTS, DEEPEST = 200, 10
MOST_CONTAINERS, MOST_BOUNDARIES, MOST_LINES = 50, 2000, 200_000
# Characters of one text, ten times as many as the longest comment has.
MOST_TEXT = 200_000
# Decoding of these takes quadratic time, or turns letters into control characters.
UNSAFE_CODECS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}
SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_CONTAINER = re.compile(rb"(?:multipart|message)/", re.IGNORECASE)
_BROKEN = (errors.InvalidBase64CharactersDefect, errors.InvalidBase64LengthDefect,
           errors.InvalidBase64PaddingDefect)  # fmt: skip


class MailPartError(ValueError):
    """A mail that cannot be taken apart within the bounds."""


@dataclass(frozen=True)
class Text:
    """One text of a mail, in Markdown; ``was_html`` before."""

    words: str
    was_html: bool = False


@dataclass(frozen=True)
class Parts:
    """The texts of a mail in their order, and how many ``attachments`` it has."""

    texts: Sequence[Text] = ()
    attachments: int = 0

    @property
    def has_plain_words(self) -> bool:
        return any(not text.was_html and text.words.strip() for text in self.texts)


def parse(raw: bytes) -> Message:
    """Return a mail as its parts. Raises MailPartError if it would take too long to find them."""
    if (
        len(_CONTAINER.findall(raw)) > MOST_CONTAINERS
        or raw.count(b"\n--") > MOST_BOUNDARIES
        or raw.count(b"\n") > MOST_LINES
    ):
        raise MailPartError("too many parts")
    try:
        return message_from_bytes(raw)
    except Exception as problem:
        raise MailPartError(repr(problem)) from None


def read_parts(message: Message, depth: int = 0) -> Parts:
    """Return the texts of a mail or of a part of it. Raises MailPartError."""
    kind = message.get_content_type()
    if depth > DEEPEST:
        raise MailPartError("too deep")
    if message.is_multipart() and kind.startswith("multipart/"):
        children = message.get_payload()
        if len(children) > MOST_PARTS:
            raise MailPartError("too many parts")
        found = [read_parts(child, depth + 1) for child in children if isinstance(child, Message)]
        attachments = sum(parts.attachments for parts in found)
        if kind == "multipart/alternative":
            return Parts(_best_of(found).texts, attachments)
        return Parts([text for parts in found for text in parts.texts], attachments)
    is_text = kind in ("text/plain", "text/html") and message.get_content_disposition() != "attachment"
    if not is_text or message.get_filename():
        return Parts((), 0 if kind in SIGNATURES else 1)
    return Parts([_text_of(message, kind)])


def _best_of(found: Sequence[Parts]) -> Parts:
    """Return the form of a text that is plain, else the last, which is the one its program likes best."""
    plain = (parts for parts in found if parts.has_plain_words)
    return next(plain, next((parts for parts in reversed(found) if parts.texts), Parts()))


def _text_of(part: Message, kind: str) -> Text:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or any(isinstance(defect, _BROKEN) for defect in part.defects):
        raise MailPartError("a text that is no base64")
    text = decode(content, part.get_content_charset() or "")[:MOST_TEXT]
    if kind == "text/html":
        return Text(text_of_html(text), was_html=True)
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unflow(text, drops_spaces=str(part.get_param("delsp", "")).lower() == "yes")
    return Text(text)


def decode(content: bytes, charset: str) -> str:
    """Return bytes as text: as they say, else as UTF-8, else as Windows wrote it in the West."""
    for name in (charset, "utf-8"):
        try:
            if codecs.lookup(name).name.replace("_", "-") not in UNSAFE_CODECS:
                return content.decode(name)
        except (LookupError, ValueError):
            # No charset has this name, or the text is in another one.
            pass
    return content.decode("cp1252", "replace")
