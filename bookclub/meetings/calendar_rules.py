"""Tokens of the private addresses of calendars."""

from __future__ import annotations

import hmac

# In hexadecimal digits: 128 bits.
_LENGTH = 32


def token_of(code: str, secret: str) -> str:
    """Return the token of an address. The code alone, as the database has it, opens nothing."""
    return f"{code}.{_signature(code, secret)}"


def code_in(token: str, secret: str) -> str | None:
    """Return the code of a token; None if this club did not make it."""
    code, _, signature = token.partition(".")
    return code if hmac.compare_digest(signature.encode(), _signature(code, secret).encode()) else None


def _signature(code: str, secret: str) -> str:
    # Apart from everything else that is signed with the secret key.
    key = hmac.digest(secret.encode(), b"calendar", "sha256")
    return hmac.new(key, code.encode(), "sha256").hexdigest()[:_LENGTH]
