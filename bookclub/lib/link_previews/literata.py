"""The one font of the pictures: as much of a text as it can show, and how wide that is."""

from __future__ import annotations

from unicodedata import category, normalize

from ..covers.cover import Typeface
from ..covers.typography import ELLIPSIS, clean_cover_text
from .glyphs import WIDTHS

FAMILY = "Literata"
# The font has signs that look the same as these.
STAND_INS = str.maketrans({"\u2011": "\u2010", "\u2012": "–", "\u201b": "‘", "\u201f": "“"})
# Kerning may also move two letters apart.
SLACK = 1.01


def legible(text: str) -> str:
    """Return as much of a text as the font has characters for; "" if that is not more than half of it.

    An ellipsis stands for the words that are left out. A word goes as a whole, since what is left of one
    would be misread. Emoji and other pictures go alone.
    """
    text = normalize("NFC", clean_cover_text(text)).translate(STAND_INS)
    words: list[str] = []
    for word in filter(None, map(_without_pictures, text.split())):
        if all(character in WIDTHS for character in word):
            words.append(word)
        elif words[-1:] != [ELLIPSIS]:
            words.append(ELLIPSIS)
    shown = " ".join(words)
    return shown if 2 * _count_letters(shown) > _count_letters(text) else ""


def _without_pictures(word: str) -> str:
    """Return a word without emoji, which have no letters between which they would be missed."""
    return "".join(
        character
        for character in word
        if character in WIDTHS
        or (category(character) not in ("So", "Sk", "Cf", "Me") and not _selects(character))
    )


def _selects(character: str) -> bool:
    """Return whether a character is a variation selector, which only chooses how the one before it looks."""
    return "\ufe00" <= character <= "\ufe0f"


def _count_letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def measure(text: str) -> float:
    """Return the width of a text in ems. What the font has no character for counts as one em."""
    return SLACK * sum(WIDTHS.get(character, 1.0) for character in text)


TYPEFACE = Typeface(legible, measure)
