"""Names in sentences of another direction: "Alice answered you in “…”", whatever script each is written in.

In a page an element does it (``<bdi>``, ``dir="auto"``). Titles of pages, labels for screen readers, options
and messages hold no elements; there Unicode's isolates do the same (UAX #9, 2.4 and 2.7).
"""

from __future__ import annotations

import unicodedata

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "RLE", "RLO", "RLI", "AN"})


def has_right_to_left(text: str) -> bool:
    """Return whether some character of a text is written, or makes others be written, from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text)


def isolated(text: str) -> str:
    """A name for use inside a sentence: between isolates where it would turn the words beside it around."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if has_right_to_left(text) else text
