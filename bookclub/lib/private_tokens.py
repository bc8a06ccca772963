"""Tokens of private addresses, such as those of calendars and feeds, which open without a password."""

from __future__ import annotations

import hmac

# In hexadecimal digits: 128 bits.
_LENGTH = 32


def token_of(code: str, purpose: str, secret: str) -> str:
    """Return the token of an address. The code alone, as the database has it, opens nothing."""
    return f"{code}.{_signature(code, purpose, secret)}"


def code_in(token: str, purpose: str, secret: str) -> str | None:
    """Return the code of a token; None if this club did not make it for this purpose."""
    code, _, signature = token.partition(".")
    is_ours = hmac.compare_digest(signature.encode(), _signature(code, purpose, secret).encode())
    return code if is_ours else None


def _signature(code: str, purpose: str, secret: str) -> str:
    # Apart from everything else that is signed with the secret key.
    key = hmac.digest(secret.encode(), purpose.encode(), "sha256")
    return hmac.new(key, code.encode(), "sha256").hexdigest()[:_LENGTH]
