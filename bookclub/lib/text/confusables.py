"""Keys that are equal for names that look alike, and the check that a name is visible at all.

A name is folded as titles are: case, accents, width, spaces, punctuation and invisible characters do not
count. Then letters that look alike become one letter, by Unicode's confusables (UTS 39).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import files

from anyascii import anyascii

KEY_LENGTH = 200

# Unicode calls these letters or symbols, but nothing is drawn for them.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffc\U0001d159\U00013441\U00013442")
# Accents, Hebrew and Arabic points, joiners and variation selectors. Marks of other scripts count, since they
# distinguish names.
_IGNORED_MARKS = (
    ("\u0300", "\u036f"), ("\u0591", "\u05c7"), ("\u0610", "\u061a"), ("\u064b", "\u065f"),
    ("\u17b4", "\u17b5"), ("\u180b", "\u180f"), ("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"),
)  # fmt: skip


def is_visible(text: str) -> bool:
    """Return whether a text shows anything: a letter, a digit, a sign or an emoji."""
    return any(unicodedata.category(sign)[0] in "LNSP" and sign not in BLANK for sign in text)


@lru_cache(maxsize=1024)
def name_keys(name: str) -> frozenset[str]:
    """Return one to three keys of a name. Two names are too much alike if they share a key.

    One key is the name as it reads, the others are the name as it looks: a capital I is an i in one and an l
    in the other. Each has at most KEY_LENGTH characters, and none is empty.
    """
    text = unicodedata.normalize("NFKD", name)
    looks = "".join(_LOOKS.get(sign, sign) for sign in text)
    readings = _fold(text), _fold_looks(looks), _fold_looks(looks.replace("I", "l"))
    # A name of punctuation alone folds to nothing; then its key is the name itself.
    return frozenset((key or f"={text.casefold().strip()}")[:KEY_LENGTH] for key in readings)


def _fold_looks(text: str) -> str:
    # In most fonts "rn" looks like "m", and "vv" like "w".
    return _fold(text).replace("m", "rn").replace("w", "vv")


def _fold(text: str) -> str:
    """Keep letters, digits and symbols, in one case and without accents."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", "".join(map(_fold_sign, text)))


def _fold_sign(sign: str) -> str:
    if sign in BLANK or any(first <= sign <= last for first, last in _IGNORED_MARKS):
        return ""
    if unicodedata.category(sign)[0] not in "LNMS" or sign == "`":
        return ""
    if not sign.isascii() and unicodedata.name(sign, "").startswith("LATIN "):
        return "".join(filter(str.isalnum, anyascii(sign).lower()))
    return sign


def _read_looks() -> dict[str, str]:
    """Map each character to the ASCII letters it looks like, from confusables.txt."""
    looks = {"0": "O", "1": "l", "|": "l"}
    lines = files("bookclub.lib.text").joinpath("confusables.txt").read_text("utf-8").splitlines()
    for line in lines:
        letters, _, signs = line.partition(" ")
        if letters != "#":
            looks |= {sign: "I" if letters == "l" and sign.isupper() else letters for sign in signs}
    return looks


# Read once, when the process starts.
_LOOKS = _read_looks()
