"""The counts and names in what is said of recommendations."""

from __future__ import annotations

from ..text.bidi import isolated
from ..text.emphasis import in_words


def counted(number: int, thing: str) -> str:
    """ "one book", "two books"."""
    return f"{in_words(number)} {thing}" if number == 1 else f"{in_words(number)} {thing}s"


def possessive(name: str) -> str:
    """ "Ishiguro’s", "Dickens’s": a name that ends in s is treated like any other."""
    return f"{isolated(name)}’s"
