"""Limits of sealed forms, and the fields that are kept of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

LIFETIME = timedelta(hours=1)
# A form that would last longer than this was sealed while the clock ran ahead, and is not kept for days.
LONGEST_LIFETIME = 2 * LIFETIME
# A page that shows a form may be loaded again before the form is sent.
LIFETIME_ONCE_SHOWN = timedelta(minutes=5)
MOST_PER_MEMBER = 5
# Twelve a character, as two escapes: no form without a file has more characters than that (bodies.py).
LARGEST = 2 * 1024 * 1024
LONGEST_ADDRESS = 2000

Fields = list[tuple[str, str]]


def fields_to_keep(fields: Iterable[tuple[str, str]], secret: Collection[str]) -> Fields:
    """Drop the ``secret`` fields, and every other that is called a password or a token."""
    return [
        (name, text)
        for name, text in fields
        if name not in secret and "password" not in name.lower() and "token" not in name.lower()
    ]


def pack(fields: Fields) -> str | None:
    """Write fields as JSON without characters that a database refuses; None where they are too large."""
    packed = json.dumps(fields)
    return packed if len(packed) <= LARGEST else None


def unpack(packed: str) -> Fields:
    """Read what ``pack()`` wrote."""
    return [(name, text) for name, text in json.loads(packed)]


def is_plain(address: str) -> bool:
    """Return whether an address can be kept: not overlong, and without characters that nobody can see."""
    return len(address) <= LONGEST_ADDRESS and address.isprintable()


def expiry_once_shown(expires_at: datetime, now: datetime) -> datetime:
    """The expiry of a form that is shown now."""
    return min(expires_at, now + LIFETIME_ONCE_SHOWN)


def texts_to_copy(fields: Fields, labels: dict[str, str]) -> list[tuple[str, str]]:
    """Label and text of every visible field that is not empty.

    Without ``labels`` the form itself was not reached, so every field counts, under its name.
    """
    if labels:
        return [(labels[name], text) for name, text in fields if name in labels and text.strip()]
    return [(name.replace("_", " ").capitalize(), text) for name, text in fields if text.strip()]
