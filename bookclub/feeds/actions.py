"""Changes to members' private addresses of feeds."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete

from ..extensions import db
from ..members.events import on_suspension
from ..members.models import Member
from .models import FeedAddress


def renew_address(member: Member, found: FeedAddress | None, now: datetime) -> None:
    """Give a member a private address, in place of the one before, which dies."""
    address = found or FeedAddress(member_id=member.id)
    address.code, address.made_at = secrets.token_urlsafe(16), now
    db.session.add(address)


@on_suspension
def end_feed(member: Member) -> None:
    """End the address of a member who is suspended: whoever has it reads no further."""
    db.session.execute(delete(FeedAddress).where(FeedAddress.member_id == member.id))
