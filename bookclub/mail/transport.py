"""Transport of mail by SMTP: a connection to the club's server, and what it answers to one mail."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from ..config import MailServer
from ..lib.text.mail_addresses import wire_address
from ..lib.text.messages import gettext as _

Say = Callable[[str], None]


class MailServerError(Exception):
    """A server that cannot be used now; the text says at which step, and what it answered."""


@dataclass(frozen=True)
class Outcome:
    """The state of a mail after an attempt, with the server's answer in its own words.

    It is sent, waiting (to be tried again), failed, or unknown. ``is_of_address``: the server refused the
    recipient or the mail for good, which counts against the address. ``is_over``: the connection is of no
    more use. ``was_tried`` is false for a mail that nobody wanted any more.
    """

    state: str
    reply: str = ""
    is_of_address: bool = False
    is_over: bool = False
    was_tried: bool = True


@contextmanager
def connect(server: MailServer, timeout: int, say: Say = lambda step: None) -> Iterator[smtplib.SMTP]:
    """Open a connection that is ready to take mail, and close it after the block.

    ``say`` is told each step before it is taken. Raises MailServerError.
    """
    smtp = _open(server, timeout, say)
    try:
        yield smtp
    finally:
        # Whatever was to be learned of the mails is known by now.
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def _open(server: MailServer, timeout: int, say: Say) -> smtplib.SMTP:
    where = {"host": server.host, "port": str(server.port)}
    step = _("Connect to %(host)s, port %(port)s", **where)
    smtp: smtplib.SMTP | None = None
    try:
        say(step)
        if server.is_tls:
            smtp = smtplib.SMTP_SSL(
                server.host, server.port, timeout=timeout, context=ssl.create_default_context()
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=timeout)
        smtp.ehlo_or_helo_if_needed()
        if not server.is_tls and (smtp.has_extn("starttls") or not server.is_local):
            step = _("Encrypt the connection (STARTTLS)")
            say(step)
            smtp.starttls(context=_context(server))
            smtp.ehlo_or_helo_if_needed()
        if server.user is not None:
            step = _("Sign in as %(user)s", user=server.user)
            say(step)
            smtp.login(server.user, server.password)
    except (smtplib.SMTPException, OSError, UnicodeError) as problem:
        if smtp is not None:
            smtp.close()
        raise MailServerError(f"{step}: {words_of(problem)}") from None
    return smtp


def _context(server: MailServer) -> ssl.SSLContext:
    """Return how the server's certificate is checked."""
    context = ssl.create_default_context()
    if server.is_local:
        # Nobody stands between two programs of one machine, and no authority signs for localhost.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def send(smtp: smtplib.SMTP, sender: str, address: str, message: EmailMessage) -> Outcome:
    """Hand one mail over. Once the server has begun to receive it, only its answer says what became of it."""
    recipient, begun = wire_address(address), False
    if recipient is None:
        return Outcome("failed", _("No mail can be sent to this address."), is_of_address=True)
    try:
        is_international = not recipient.isascii() or not sender.isascii()
        if is_international and not smtp.has_extn("smtputf8"):
            return Outcome(
                "failed", _("The server does not accept addresses with such letters."), is_of_address=True
            )
        options = ["SMTPUTF8", "BODY=8BITMIME"] if is_international else []
        content = message.as_bytes(policy=SMTPUTF8 if is_international else SMTP)
        # A connection that was closed meanwhile is noticed here, before anything is at stake.
        smtp.rset()
        code, reply = smtp.mail(wire_address(sender) or sender, options)
        if code != 250:
            return _refused(code, reply)
        code, reply = smtp.rcpt(recipient)
        if code not in (250, 251):
            return _refused(code, reply, is_of_address=True)
        code, reply = smtp.docmd("DATA")
        if code != 354:
            return _refused(code, reply, is_of_address=True)
        begun = True
        # A line that begins with a full stop would end the mail (RFC 5321, 4.5.2).
        smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
        code, reply = smtp.getreply()
        if code != 250:
            return _refused(code, reply, is_of_address=True)
        return Outcome("sent", text_of(code, reply))
    except (smtplib.SMTPException, OSError) as problem:
        return Outcome("unknown" if begun else "waiting", words_of(problem), is_over=True)


def _refused(code: int, reply: bytes | str, *, is_of_address: bool = False) -> Outcome:
    """Return the outcome of a refusal: 4xx is temporary, everything else for good (RFC 5321, 4.2.1)."""
    words = text_of(code, reply)
    if 400 <= code < 500 or code == -1:
        # With 421 the server says that it hangs up.
        return Outcome("waiting", words, is_over=code in (421, -1))
    # 5.7 is a matter of policy or security (RFC 3463, 3.8): a relay that is not ours refuses everybody so.
    is_policy = re.match(r"\d{3}[ -]5\.7\.", words) is not None
    return Outcome("failed", words, is_of_address=is_of_address and not is_policy)


def text_of(code: int, reply: bytes | str) -> str:
    """Return a server's answer on one line."""
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(f"{code} {words}".split())


def words_of(problem: Exception) -> str:
    """Return what went wrong, in the server's own words if it had any."""
    if isinstance(problem, smtplib.SMTPResponseException):
        return text_of(problem.smtp_code, problem.smtp_error)
    # smtplib takes a time-out for a connection that was closed.
    if isinstance(problem, TimeoutError) or isinstance(problem.__context__, TimeoutError):
        return _("there was no answer in time")
    if isinstance(problem, ssl.SSLCertVerificationError):
        return _("the certificate was refused: %(reason)s", reason=problem.verify_message)
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror
    return str(problem) or type(problem).__name__
