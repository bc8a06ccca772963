"""Transport of incoming mail: a folder on the club's IMAP server."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256

from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted

from ..config import Mailbox
from ..lib.mails.message import LONGEST_HEAD
from ..lib.text.characters import clean_line
from ..lib.text.messages import gettext as _
from ..mail.transport import MailServerError, words_of

_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


def place_key(mailbox: Mailbox) -> str:
    """Return a digest that says which folder this is."""
    place = (mailbox.host, str(mailbox.port), mailbox.user, mailbox.folder)
    return sha256("\0".join(place).encode()).hexdigest()


@dataclass(frozen=True)
class Folder:
    """An open folder. Nothing that is asked of it changes a mail, but for the two flags."""

    box: BaseMailBox
    validity: int

    def unseen_after(self, uid: int) -> list[int]:
        """Return the numbers (UIDs) of unread mails after this one, the oldest first."""
        with _saying(_("Look for new mail")):
            found = self.box.uids(f"UNSEEN UID {uid + 1}:*", charset=None)
        # The star means the last mail, even one before the range.
        return sorted(number for number in map(int, found) if number > uid)

    def head(self, uid: int) -> tuple[int, bytes] | None:
        """Return the size of a mail in bytes and the beginning of its headers; None if it is gone."""
        known, content = self._fetch(uid, f"(RFC822.SIZE BODY.PEEK[HEADER]<0.{LONGEST_HEAD}>)")
        size = _SIZE.search(known)
        return (int(size[1]), content) if size and content is not None else None

    def content(self, uid: int, most: int) -> bytes | None:
        """Return a mail, or as much of its beginning as ``most`` bytes; None if it is gone."""
        return self._fetch(uid, f"(BODY.PEEK[]<0.{most}>)")[1]

    def _fetch(self, uid: int, wanted: str) -> tuple[bytes, bytes | None]:
        """Return what the server says of a mail, and the one text in that; None if it has none."""
        with _saying(_("Fetch a mail")):
            # The library's own fetch() takes mails apart before it knows how large they are.
            _status, answer = self.box.client.uid("FETCH", str(uid), wanted)
        known, content = b"", None
        for piece in answer:
            if isinstance(piece, tuple):
                known, content = known + piece[0], piece[1]
            elif isinstance(piece, bytes):
                # An empty header or mail may come as a quoted text.
                known, content = known + piece, b"" if content is None and b'""' in piece else content
        return known, content

    def mark_seen(self, uid: int) -> None:
        self._flag(uid, r"\Seen")

    def mark_flagged(self, uid: int) -> None:
        """Mark a mail for the eyes of a person."""
        self._flag(uid, r"\Flagged")

    def _flag(self, uid: int, flag: str) -> None:
        with _saying(_("Mark a mail")):
            # The library's own flag() also empties the folder of mails that somebody marked as deleted.
            self.box.client.uid("STORE", str(uid), "+FLAGS.SILENT", f"({flag})")


@contextmanager
def open_folder(mailbox: Mailbox, timeout: int) -> Iterator[Folder]:
    """Open the folder, and close the connection after the block. Raises MailServerError.

    ``timeout`` is how many seconds one answer is awaited.
    """
    with _saying(_("Connect to %(host)s, port %(port)s", host=mailbox.host, port=str(mailbox.port))):
        box = _connect(mailbox, timeout)
    try:
        with _saying(_("Sign in as %(user)s", user=mailbox.user)):
            _sign_in(box, mailbox)
        with _saying(_("Open the folder %(folder)s", folder=mailbox.folder)):
            box.folder.set(mailbox.folder)
            _name, validity = box.client.response("UIDVALIDITY")
        yield Folder(box, int(validity[-1] or 0))
    finally:
        with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
            box.logout()


def _connect(mailbox: Mailbox, timeout: int) -> BaseMailBox:
    where, context = (mailbox.host, mailbox.port), ssl.create_default_context()
    if mailbox.is_tls:
        return MailBox(*where, timeout=timeout, ssl_context=context)
    box = MailBoxUnencrypted(*where, timeout=timeout)
    # Nobody stands between two programs of one machine.
    if not mailbox.is_local:
        try:
            # The library's own class for this leaves the connection open where it fails.
            box.client.starttls(context)
        except (imaplib.IMAP4.error, OSError):
            with suppress(OSError):
                box.client.shutdown()
            raise
    return box


def _sign_in(box: BaseMailBox, mailbox: Mailbox) -> None:
    is_plain = f"{mailbox.user}{mailbox.password}".isascii()
    sign_in = box.login if is_plain else box.login_utf8
    sign_in(mailbox.user, mailbox.password, initial_folder=None)


@contextmanager
def _saying(step: str) -> Iterator[None]:
    """Raise MailServerError for what goes wrong in this step, in the server's own words if it had any."""
    try:
        yield
    except UnexpectedCommandStatusError as problem:
        pieces = [piece for piece in problem.command_result[1] if isinstance(piece, bytes)]
        words = clean_line(b" ".join(pieces).decode("utf-8", "replace"))
        raise MailServerError(f"{step}: {words or problem.command_result[0]}") from None
    except (ImapToolsError, imaplib.IMAP4.error, OSError, UnicodeError) as problem:
        raise MailServerError(f"{step}: {clean_line(words_of(problem))}") from None
