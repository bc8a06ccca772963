"""Messages: a mail composed from its row, with its headers, as plain text and as HTML."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, default
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g

from ..config import Settings
from ..extensions import utcnow
from ..hosts import request_to
from ..lib.text.characters import clean_line
from ..lib.text.mail_addresses import wire_address
from ..lib.text.messages import gettext as _
from ..mail_kinds import KINDS, Draft
from ..members import queries as accounts
from ..members.models import Club
from .models import Mail
from .rules import message_id, why_unwanted

# Long names would only be cut by what shows them. In characters.
LONGEST_NAME, LONGEST_SUBJECT = 70, 150


class UnwantedMailError(Exception):
    """A mail that is not to be sent any more; the text says why."""


def compose(mail: Mail) -> EmailMessage:
    """Compose a mail as of now, in its reader's language and time zone. Raises UnwantedMailError.

    It has an application context of its own, and so a transaction of its own and nothing of another reader.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context(), request_to(mail.site):
        kind, club = KINDS[mail.kind], accounts.the_club()
        member = accounts.member_by_id(mail.member_id) if mail.member_id else None
        if mail.member_id is not None:
            why = why_unwanted(
                is_here=member is not None and member.is_active,
                is_present_address=kind.to_former_address
                or (member and member.email == mail.address)
                or False,
                is_unreachable=member is not None and member.is_unreachable,
                is_vital=kind.is_vital,
            )
            if why is not None:
                raise UnwantedMailError(why)
        g.club, g.time_zone = club, (member and member.time_zone) or club.time_zone
        draft = kind.compose(member, **mail.arguments)
        if draft is None:
            raise UnwantedMailError(_("There is nothing to say any more."))
        shown = {
            "club": club, "member": member, "address": mail.address, "site": mail.site,
            "can_reply": draft.reply_to is not None, "unsubscribe": draft.unsubscribe, **draft.values,
        }  # fmt: skip
        bodies = {
            form: app.jinja_env.get_template(f"mail/{kind.name}.{form}").render(
                subject=draft.subject, **shown
            )
            for form in ("txt", "html")
        }
        name = member.display_name if member else ""
    return build(mail, club, name, draft, bodies)


def build(mail: Mail, club: Club, name: str, draft: Draft, bodies: dict[str, str]) -> EmailMessage:
    """Put headers and bodies together.

    A name that the standard library cannot write so that it is read as a name again is left out.
    """
    settings: Settings = current_app.extensions["bookclub"]
    sender = settings.mail_from_name or club.name
    message = EmailMessage(policy=SMTP)
    message["From"] = address_header(sender, settings.mail_from)
    message["To"] = address_header(name, mail.address)
    message["Subject"] = clean_line(draft.subject)[:LONGEST_SUBJECT]
    message["Date"] = utcnow()
    message["Message-ID"] = mail.message_id
    # No out-of-office replies (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = list_id(club.name, mail.site)
    if draft.conversation:
        # No mail has this id, but programs gather those that all refer to it.
        root = message_id(f"conversation-{draft.conversation}", mail.site, settings.mail_from)
        message["In-Reply-To"] = message["References"] = root
    if draft.reply_to:
        message["Reply-To"] = draft.reply_to
    if draft.unsubscribe:
        message["List-Unsubscribe"] = f"<{draft.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Quoted-printable passes every server, and no line grows too long.
    message.set_content(bodies["txt"].strip() + "\n", cte="quoted-printable")
    message.add_alternative(bodies["html"], subtype="html", cte="quoted-printable")
    return message


def address_header(name: str, address: str) -> Address | str:
    """Return an address with its name, for a header; without the name if it could pass for more addresses."""
    name, written = clean_line(name)[:LONGEST_NAME].strip(), wire_address(address) or address
    named: Any = Address(display_name=name, addr_spec=written) if written.isascii() else written
    if not name or not written.isascii():
        return written
    trial = EmailMessage(policy=SMTP)
    trial["To"] = named
    read = BytesParser(policy=default).parsebytes(trial.as_bytes())["To"]
    is_same = [(each.display_name, each.addr_spec) for each in read.addresses] == [(name, written)]
    return named if is_same and not read.defects else written


def list_id(name: str, site: str) -> str:
    """Return the List-Id of the club: its name, and a name under its host (RFC 2919)."""
    host = (urlsplit(site).hostname or "localhost").replace(":", "-")
    plain = "".join(sign for sign in clean_line(name)[:LONGEST_NAME] if sign not in '<>"\\()')
    return f"{plain} <bookclub.{host.encode('idna').decode('ascii')}>"
