"""Known browsers: a long-lived cookie by which a browser that signed in before has a throttle of its own.

Otherwise ten wrong passwords from a stranger would keep a member out of their own account ("device cookies",
as OWASP describes them). The cookie signs nobody in. It holds one entry for each member who signed in here,
a random number and a signature, and says neither who they are nor how many: only with the member at hand can
the signature be checked. The signature covers the password's hash, so that a new password makes every copy
of the cookie worthless, and so does removal, which leaves no hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from hashlib import sha256

from flask import current_app
from itsdangerous import Signer

from ..models import Member

# A family shares a browser; whoever signed in longest ago is forgotten first.
MOST_MEMBERS = 5


def nonce_in(cookie: str | None, member: Member | None) -> str | None:
    """The number under which a browser is known to a member; None where it never signed in to the account."""
    if member is None or member.password_hash is None:
        return None
    return next((nonce for nonce, signature in _entries(cookie) if _is_by(member, nonce, signature)), None)


def add_to(cookie: str | None, member: Member) -> str:
    """The cookie of a browser in which a member has signed in. A number that is good already stays."""
    nonce = nonce_in(cookie, member) or secrets.token_hex(16)
    others = remove_from(cookie, member).split("~")
    return "~".join([f"{nonce}.{_sign(member, nonce)}", *filter(None, others)][:MOST_MEMBERS])


def remove_from(cookie: str | None, member: Member) -> str:
    """The same cookie without this member; empty where nobody is left."""
    return "~".join(f"{nonce}.{sign}" for nonce, sign in _entries(cookie) if not _is_by(member, nonce, sign))


def _entries(cookie: str | None) -> Iterator[tuple[str, str]]:
    for entry in (cookie or "").split("~", MOST_MEMBERS)[:MOST_MEMBERS]:
        nonce, _, signature = entry.partition(".")
        if nonce and signature and entry.isascii():
            yield nonce, signature


def _sign(member: Member, nonce: str) -> str:
    return _signer().get_signature(_signed(member, nonce)).decode()


def _is_by(member: Member, nonce: str, signature: str) -> bool:
    return _signer().verify_signature(_signed(member, nonce), signature)


def _signed(member: Member, nonce: str) -> str:
    return f"{nonce} {member.id} {member.password_hash}"


def _signer() -> Signer:
    return Signer(current_app.secret_key or "", salt="known-browser", digest_method=sha256)
