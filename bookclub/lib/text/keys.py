"""How titles and names are compared and searched, and the slugs they get in addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

from anyascii import anyascii

# How long the folded forms may be, which can be longer than what they are folded from. Cutting them
# keeps equal texts equal.
TITLE_KEY_LENGTH = 600
NAME_KEY_LENGTH = 400
SLUG_LENGTH = 80
# A number at the end of a slug needs room, too.
SLUG_BASE_LENGTH = 70
RESERVED_SLUGS = frozenset({"new"})

_APOSTROPHES = "'’‘ʼʻ`"
_ARTICLE = re.compile(r"\A(?:the|an|a) (?=.)")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def fold(text: str) -> str:
    """The form in which titles and names are compared and searched: letters and digits, plainly.

    Case, accents, apostrophes, invisible characters and the width of letters do not count; other
    punctuation and spaces are one space. Letters of the Latin script lose what makes them special
    ("Nesbø" is "nesbo"), those of other scripts stay as they are. Symbols and emoji stay, too.
    Folding twice changes nothing. A text of punctuation alone folds to "".
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = "".join(_fold_character(character) for character in text)
    return unicodedata.normalize("NFC", " ".join(folded.split()))


def key_of(text: str, length: int = NAME_KEY_LENGTH) -> str:
    """What equality of names and tags goes by: the folded text, or the text itself where that is empty."""
    return (fold(text) or bare(text))[:length]


def title_key(title: str) -> str:
    """What titles are compared and sorted by: folded, and without an article in front."""
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
    """Accents, and the vowel points of Hebrew and Arabic. Marks of other scripts tell words apart."""
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
    """The text in one case, with plain spaces and without what nobody sees, but otherwise whole."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text.casefold())
    return " ".join("".join(c for c in kept if unicodedata.category(c) != "Cf").split())


def slug_base(text: str, kind: str) -> str:
    """The slug that a title or name asks for, in plain letters and digits whatever its script.

    Where nothing can be spelt in those it is ``kind`` with a few digits made from the text.
    """
    plain = re.sub(r"['’]", "", anyascii(text).lower())
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(base) > SLUG_BASE_LENGTH:
        head = base[: SLUG_BASE_LENGTH + 1]
        base = (head.rpartition("-")[0] or head[:SLUG_BASE_LENGTH]).strip("-")
    return base or f"{kind}-{sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"


def free_slug(base: str, taken: Iterable[str]) -> str:
    """The first of base, base-2, base-3 … that is neither taken nor reserved."""
    refused = RESERVED_SLUGS.union(taken)
    slug, number = base, 1
    while slug in refused:
        number += 1
        slug = f"{base}-{number}"
    return slug


def is_slug(text: str | None) -> bool:
    """Whether this can be the slug of anything: what cannot need not be looked for."""
    return text is not None and len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None
