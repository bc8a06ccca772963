"""Counts and names as they read in the sentences of recommendations."""

from __future__ import annotations

from ..text.bidi import isolated
from ..text.emphasis import number_text


def count_text(number: int, thing: str) -> str:
    """Return a count with its noun: "one book", "two books"."""
    return f"{number_text(number)} {thing}" if number == 1 else f"{number_text(number)} {thing}s"


def possessive(name: str) -> str:
    """Return a name with ’s, also a name that ends in s: "Ishiguro’s", "Dickens’s"."""
    return f"{isolated(name)}’s"
