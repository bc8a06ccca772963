"""Mentions of books by title in a text: ``[[The Remains of the Day]]``."""

import re
import unicodedata

LONGEST_MENTION = 200
MOST_MENTIONS = 50

MENTION = re.compile(rf"\[\[(?P<title>[^\[\]\n|]{{1,{LONGEST_MENTION}}})\]\]")


def find_mentions(text: str) -> list[str]:
    """Return the titles that a text mentions, each once, in their order; at most MOST_MENTIONS."""
    # A later mention with the same key keeps the place of the first one.
    found = {mention_key(match["title"]): match["title"].strip() for match in MENTION.finditer(text)}
    return [title for title in found.values() if title][:MOST_MENTIONS]


def mention_key(title: str) -> str:
    """Return the key of a mention, which is the same for any case and spacing."""
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())
