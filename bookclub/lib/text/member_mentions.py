"""Members whom a text mentions, as @username."""

from __future__ import annotations

import re

# Nobody is told of a post because it names the whole club.
MOST_MENTIONED = 10

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
# As usernames are, and neither the second half of an e-mail address nor a part of a link.
_MENTION = re.compile(r"(?<![\w@/.:-])@([A-Za-z0-9][A-Za-z0-9_.-]{1,29})(?![A-Za-z0-9_@])")


def find_members(text: str) -> list[str]:
    """Return the usernames that a text mentions, in lower case, each once, the first MOST_MENTIONED.

    A full stop at the end belongs to the sentence. What stands in code mentions nobody.
    """
    found = (name.lower().rstrip(".-") for name in _MENTION.findall(_CODE.sub(" ", text)))
    return list(dict.fromkeys(name for name in found if len(name) > 1))[:MOST_MENTIONED]
