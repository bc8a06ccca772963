"""Lists of words in a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def list_text(words: Sequence[str], last: str = "and") -> str:
    """Return words as "A", "A and B" or "A, B and C"; "" if there are none. ``last`` is the word between."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
