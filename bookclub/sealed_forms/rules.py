"""Limits of sealed forms, and which of their fields are stored."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

LIFETIME = timedelta(hours=1)
# A form that would last longer was sealed while the clock ran ahead. It must not stay for days.
LONGEST_LIFETIME = 2 * LIFETIME
# A member may load the page again before they send the form.
LIFETIME_ONCE_SHOWN = timedelta(minutes=5)
MOST_PER_MEMBER = 5
# A character can take twelve as JSON, in two escapes. No form without a file has more characters than fit
# (body_limits.py).
LARGEST = 2 * 1024 * 1024
LONGEST_ADDRESS = 2000

Fields = list[tuple[str, str]]


def fields_to_keep(fields: Iterable[tuple[str, str]], secret: Collection[str]) -> Fields:
    """Drop the ``secret`` fields, and every other with "password" or "token" in its name."""
    return [
        (name, text)
        for name, text in fields
        if name not in secret and "password" not in name.lower() and "token" not in name.lower()
    ]


def pack(fields: Fields) -> str | None:
    """Return fields as JSON without characters that a database refuses, or None if they are too large."""
    # json.dumps() escapes everything outside ASCII, a zero character too, which PostgreSQL refuses.
    packed = json.dumps(fields)
    return packed if len(packed) <= LARGEST else None


def unpack(packed: str) -> Fields:
    """Return the fields that ``pack()`` wrote."""
    return [(name, text) for name, text in json.loads(packed)]


def is_plain(address: str) -> bool:
    """Return whether an address can be stored: not too long, and without invisible characters."""
    return len(address) <= LONGEST_ADDRESS and address.isprintable()


def expiry_once_shown(expires_at: datetime, now: datetime) -> datetime:
    """Return the expiry of a form that is shown now."""
    # Showing a form again never makes it last longer.
    return min(expires_at, now + LIFETIME_ONCE_SHOWN)


def texts_to_copy(fields: Fields, labels: dict[str, str]) -> list[tuple[str, str]]:
    """Return label and text of every visible field that is not empty.

    Without ``labels`` the form itself was not reached, so every field counts, under its name.
    """
    if labels:
        return [(labels[name], text) for name, text in fields if name in labels and text.strip()]
    return [(name.replace("_", " ").capitalize(), text) for name, text in fields if text.strip()]
