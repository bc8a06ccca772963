"""Members whom a text mentions, as @username: their names, and links to their pages."""

from __future__ import annotations

import re
from collections.abc import Callable

# Nobody is told of a post because it names the whole club.
MOST_MENTIONED = 10

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
# As usernames are, and neither the second half of an e-mail address nor a part of a link.
_MENTION = re.compile(r"(?<![\w@/.:-])@([A-Za-z0-9][A-Za-z0-9_.-]{1,29})(?![A-Za-z0-9_@])")
_TAG_OR_TEXT = re.compile(r"<(/?)(\w+)[^>]*>|[^<]+")
# A link within a link is none, and code is shown as it was typed.
_UNLINKED = {"a", "code", "pre"}


def find_members(text: str) -> list[str]:
    """Return the usernames that a text mentions, in lower case, each once, the first MOST_MENTIONED.

    A full stop at the end belongs to the sentence. What stands in code mentions nobody.
    """
    found = (_name_in(match) for match in _MENTION.finditer(_CODE.sub(" ", text)))
    return list(dict.fromkeys(name.lower() for name in found if len(name) > 1))[:MOST_MENTIONED]


def link_members(html: str, address_of: Callable[[str], str | None]) -> str:
    """Link the mentions in rendered prose to the pages of members.

    ``address_of`` takes a username in lower case, and returns the escaped address of the member's page, or
    None for a name that stays plain text. What stands in code or in a link stays as it is.
    """
    if "@" not in html:
        return html
    inside = 0

    def link(mention: re.Match[str]) -> str:
        name = _name_in(mention)
        address = address_of(name.lower())
        if address is None:
            return mention[0]
        return f'<a href="{address}">@{name}</a>{mention[1][len(name) :]}'

    def read(piece: re.Match[str]) -> str:
        nonlocal inside
        if piece[2] in _UNLINKED:
            inside += -1 if piece[1] else 1
        return piece[0] if piece[2] or inside else _MENTION.sub(link, piece[0])

    return _TAG_OR_TEXT.sub(read, html)


def is_mentioned(username: str, html: str) -> bool:
    """Return whether rendered prose mentions a member outside code and links."""
    found: list[str] = []
    link_members(html, found.append)
    return username.lower() in found


def _name_in(mention: re.Match[str]) -> str:
    return mention[1].rstrip(".-")
