"""What stands in an address, and full addresses, fit to be sent to somebody."""

from __future__ import annotations

from flask import current_app, request, url_for

from ..actions import sign_code
from ..models import Invitation
from ..queries import LARGEST_KEY


def key_from(name: str) -> int | None:
    """The key in the address by which a list goes on; None for anything that cannot be one."""
    key = request.args.get(name, type=int)
    return key if key is not None and 0 <= key <= LARGEST_KEY else None


def full(path: str) -> str:
    """The address of a path on this site: the public one where it is set, else the one asked for."""
    return (current_app.extensions["bookclub"].url or request.host_url.rstrip("/")) + path


def of_invitation(invitation: Invitation) -> str:
    """The link that an invitation is sent as."""
    return full(url_for("sign_up.new", invite=sign_code(invitation.code)))
