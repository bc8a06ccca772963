"""Keys in an address, and the link of an invitation."""

from __future__ import annotations

from flask import request, url_for

from ..hosts import full_address
from .actions import sign_code
from .models import Invitation
from .queries import LARGEST_KEY


def key_from(name: str) -> int | None:
    """The key in the address by which a list goes on; None for anything that cannot be one."""
    key = request.args.get(name, type=int)
    return key if key is not None and 0 <= key <= LARGEST_KEY else None


def of_invitation(invitation: Invitation) -> str:
    """The link that an invitation is sent as."""
    return full_address(url_for("sign_up.new", invite=sign_code(invitation.code)))
