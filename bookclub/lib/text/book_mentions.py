"""Books that a text mentions by their titles: ``[[The Remains of the Day]]``."""

import re
import unicodedata

LONGEST_MENTION = 200
MOST_MENTIONS = 50

MENTION = re.compile(rf"\[\[(?P<title>[^\[\]\n|]{{1,{LONGEST_MENTION}}})\]\]")


def mentions(text: str) -> list[str]:
    """The titles that a text mentions, each once, in its order; at most MOST_MENTIONS of them."""
    found = {key_of(match["title"]): match["title"].strip() for match in MENTION.finditer(text)}
    return [title for title in found.values() if title][:MOST_MENTIONS]


def key_of(title: str) -> str:
    """What a mention is known by, whatever its case and its spaces."""
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())
