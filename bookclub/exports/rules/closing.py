"""A text as everybody may read it: Markdown in which inline spoilers are left out."""

from __future__ import annotations

from ...spoilers import spoilers

LEFT_OUT = "[spoiler]"


def closed(text: str) -> str:
    """The text with a sign in the place of each of its inline spoilers, as prose.render() finds them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts: list[str] = []
    end = 0
    for spoiler in spoilers(text):
        parts += text[end : spoiler.start], LEFT_OUT
        end = spoiler.end
    return "".join(parts) + text[end:]
