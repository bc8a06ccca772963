"""Job that answers a request for a password link."""

from __future__ import annotations

from ..jobs import job
from . import queries
from .mails import post_password_link


@job("password_request", awaited=True)
def answer_password_request(email: str, site: str) -> None:
    """Send a link to the member who has this address, if any.

    It happens here and not in the request, which so takes as long for an address that nobody has.
    """
    member = queries.member_by_email(email)
    if member is not None and member.is_active:
        post_password_link(member, site)
