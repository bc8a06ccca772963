"""Addresses of invitations, and the keys with which their lists continue."""

from __future__ import annotations

from flask import request, url_for

from ..hosts import full_address
from .actions import sign_code
from .models import Invitation
from .queries import LARGEST_KEY


def key_parameter(name: str) -> int | None:
    """Return the key in the address with which a list continues, or None if it cannot be one."""
    key = request.args.get(name, type=int)
    return key if key is not None and 0 <= key <= LARGEST_KEY else None


def invitation_url(invitation: Invitation) -> str:
    """Return the link of an invitation, to be sent to guests."""
    return full_address(url_for("sign_up.new", invite=sign_code(invitation.code)))
