"""A text as everybody may read it: Markdown in which inline spoilers are left out."""

from __future__ import annotations

from ...spoilers import hide

LEFT_OUT = "(spoiler)"


def closed(text: str) -> str:
    """The text with a sign in the place of each of its inline spoilers, as prose.render() finds them."""
    return hide(text.replace("\r\n", "\n").replace("\r", "\n"), LEFT_OUT)
