"""The test mail that an organiser sends to themselves, or from the command line."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from ..config import Settings
from ..lib.text.messages import gettext as _
from ..mail_kinds import Draft, mail_kind, post
from ..members.models import Member
from .models import Mail
from .rules import message_id


def post_trial(member: Member, now: datetime) -> bool:
    """Send a test mail to a member; one a minute."""
    return post(
        "test",
        cause=f"test {member.id} {now:%Y-%m-%dT%H:%M}",
        address=member.email or "",
        member_id=member.id,
    )


@mail_kind("test", urgent=True)
def test(_member: Member | None) -> Draft:
    """Compose a test mail."""
    return Draft(_("A test e-mail"), {})


def unstored(address: str, settings: Settings) -> Mail:
    """Return a test mail for the command line, which never was in the outbox."""
    site = settings.url or "http://localhost"
    once = message_id(token_hex(16), site, settings.mail_from)
    return Mail(kind="test", address=address, site=site, arguments={}, message_id=once)
