"""Lists of words in a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def list_text(words: Sequence[str]) -> str:
    """Return words as "A", "A and B" or "A, B and C"; "" if there are none."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
