"""Names that look alike, compared by keys, and what can be seen of a name at all.

A name is folded as titles are: case, accents, width, spaces, punctuation and invisible characters do not
count. Then letters that look like others do not either, by Unicode's confusables (UTS 39).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import files

from anyascii import anyascii

KEY_LENGTH = 200

# Letters and symbols by their category, of which nothing is drawn.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffc\U0001d159\U00013441\U00013442")
# Accents, points of Hebrew and Arabic, joiners and variants. Marks of other scripts tell names apart.
_PASSED_OVER = (
    ("\u0300", "\u036f"), ("\u0591", "\u05c7"), ("\u0610", "\u061a"), ("\u064b", "\u065f"),
    ("\u17b4", "\u17b5"), ("\u180b", "\u180f"), ("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"),
)  # fmt: skip


def is_visible(text: str) -> bool:
    """Return whether there is anything to see: a letter, a digit, a sign or an emoji."""
    return any(unicodedata.category(sign)[0] in "LNSP" and sign not in BLANK for sign in text)


@lru_cache(maxsize=1024)
def name_keys(name: str) -> frozenset[str]:
    """Return the keys of a name, one to three: two names are too much alike if they have a key in common.

    The first is the name as it reads, the others as it looks: a capital I is an i in one and an l in the
    other. Each has at most KEY_LENGTH characters, and none is empty.
    """
    text = unicodedata.normalize("NFKD", name)
    looks = "".join(_LOOKS.get(sign, sign) for sign in text)
    readings = _fold(text), _look(looks), _look(looks.replace("I", "l"))
    return frozenset((key or f"={text.casefold().strip()}")[:KEY_LENGTH] for key in readings)


def _look(text: str) -> str:
    return _fold(text).replace("m", "rn").replace("w", "vv")


def _fold(text: str) -> str:
    """Letters, digits and symbols alone, in one case and without accents."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", "".join(map(_fold_sign, text)))


def _fold_sign(sign: str) -> str:
    if sign in BLANK or any(first <= sign <= last for first, last in _PASSED_OVER):
        return ""
    if unicodedata.category(sign)[0] not in "LNMS" or sign == "`":
        return ""
    if not sign.isascii() and unicodedata.name(sign, "").startswith("LATIN "):
        return "".join(filter(str.isalnum, anyascii(sign).lower()))
    return sign


def _read_looks() -> dict[str, str]:
    """Each character with the ASCII letters that it looks like, from the file beside this one."""
    looks = {"0": "O", "1": "l", "|": "l"}
    lines = files("bookclub.lib.text").joinpath("confusables.txt").read_text("utf-8").splitlines()
    for line in lines:
        letters, _, signs = line.partition(" ")
        if letters != "#":
            looks |= {sign: "I" if letters == "l" and sign.isupper() else letters for sign in signs}
    return looks


_LOOKS = _read_looks()
