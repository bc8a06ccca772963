"""Keys for comparing, sorting and searching titles and names, and slugs for their addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

from anyascii import anyascii

# Folding can make a text longer, so keys are cut at these lengths. Equal texts stay equal.
TITLE_KEY_LENGTH = 600
NAME_KEY_LENGTH = 400
SLUG_LENGTH = 80
# This leaves space in a slug for a number at its end.
SLUG_BASE_LENGTH = 70
# Addresses of forms, such as /books/new, stand where a slug would.
RESERVED_SLUGS = frozenset({"new"})

_APOSTROPHES = "'’‘ʼʻ`"
_ARTICLE = re.compile(r"\A(?:the|an|a) (?=.)")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def fold(text: str) -> str:
    """Fold a title or name to the plain letters and digits by which it is compared and searched.

    Case, accents, apostrophes, invisible characters and the width of letters do not count; other
    punctuation and spaces become one space. Special Latin letters become plain ones ("Nesbø" is "nesbo"),
    letters of other scripts stay as they are. Symbols and emoji stay too. Folding twice changes nothing.
    A text of punctuation alone folds to "".
    """
    # Folding the case can leave the normal form, so it is applied before and after.
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = "".join(_fold_character(character) for character in text)
    return unicodedata.normalize("NFC", " ".join(folded.split()))


def key_of(text: str, length: int = NAME_KEY_LENGTH) -> str:
    """Return the key that equal names or tags share: the folded text, or the bare text if that is empty."""
    return (fold(text) or bare(text))[:length]


def title_key(title: str) -> str:
    """Return the key by which titles are compared and sorted: folded, without an English article in front."""
    return _ARTICLE.sub("", key_of(title, TITLE_KEY_LENGTH))


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in _APOSTROPHES or category == "Cf" or (category == "Mn" and _is_accent(character)):
        return ""
    if category[0] in "LNMS":
        if not character.isascii() and unicodedata.name(character, "").startswith("LATIN "):
            return re.sub(r"[^a-z0-9]", "", anyascii(character).lower())
        return character
    return " "


def _is_accent(mark: str) -> bool:
    """Return whether a mark is an accent or a vowel point of Hebrew or Arabic.

    Marks of other scripts distinguish words, so they count.
    """
    return any(
        first <= mark <= last
        for first, last in (
            ("\u0300", "\u036f"),
            ("\u0591", "\u05c7"),
            ("\u0610", "\u061a"),
            ("\u064b", "\u065f"),
        )
    )


def bare(text: str) -> str:
    """Return the text in one case, with plain spaces and without invisible characters, otherwise whole."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text.casefold())
    return " ".join("".join(c for c in kept if unicodedata.category(c) != "Cf").split())


def slug_base(text: str, kind: str) -> str:
    """Return the preferred slug of a title or name, in ASCII letters and digits for any script.

    If nothing can be spelt in those, it is ``kind`` with a few digits made from the text.
    """
    plain = re.sub(r"['’]", "", anyascii(text).lower())
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(base) > SLUG_BASE_LENGTH:
        # One character more, so that a word that ends exactly at the limit stays.
        head = base[: SLUG_BASE_LENGTH + 1]
        base = (head.rpartition("-")[0] or head[:SLUG_BASE_LENGTH]).strip("-")
    return base or f"{kind}-{sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"


def free_slug(base: str, taken: Iterable[str]) -> str:
    """Return the first of base, base-2, base-3 … that is neither taken nor reserved."""
    refused = RESERVED_SLUGS.union(taken)
    slug, number = base, 1
    while slug in refused:
        number += 1
        slug = f"{base}-{number}"
    return slug


def is_slug(text: str | None) -> bool:
    """Return whether a text is a possible slug, so that others need no query."""
    return text is not None and len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None
