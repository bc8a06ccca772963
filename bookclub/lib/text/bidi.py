"""Unicode isolates for names inside sentences of another writing direction.

A page uses elements for this (``<bdi>``, ``dir="auto"``). Page titles, labels for screen readers, options and
messages hold no elements; there Unicode's isolates do the same (UAX #9, 2.4 and 2.7).
"""

from __future__ import annotations

import unicodedata

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "RLE", "RLO", "RLI", "AN"})


def has_right_to_left(text: str) -> bool:
    """Return whether a text holds a character that is, or makes others be, written from right to left."""
    # ASCII holds no such character, and most texts are ASCII.
    return not text.isascii() and any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text)


def isolated(text: str) -> str:
    """Put a name between isolates if it could reorder the words beside it; return others unchanged."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if has_right_to_left(text) else text
