"""Words of a title or a name, normalised for matching."""

from __future__ import annotations

import re

from ..text.keys import fold

_APOSTROPHES = re.compile(r"['’‘ʼʻ`´]")
_PLAIN = re.compile(r"[a-z0-9]+")
# Separators of thousands: 20,000 leagues.
_THOUSANDS = re.compile(r"(?<=[0-9])[,.](?=[0-9]{3}(?![0-9]))")
_SIGNS = {"&": " and ", "+": " and ", "@": "a", "$": "s"}
_SIGN = re.compile(r"[&+]|(?<=\w)[@$](?=\w)")
# A sign in a title is read as "and", and other editions spell it in their own language.
_ANDS = {"und": "and", "et": "and"}


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded, with signs spelt out."""
    text = _THOUSANDS.sub("", _SIGN.sub(lambda found: _SIGNS[found[0]], text))
    if text.isascii():
        # Most titles are ASCII, and folding letter by letter takes ten times as long.
        words = _PLAIN.findall(_APOSTROPHES.sub("", text).lower())
    else:
        words = [word for word in fold(text).split() if any(map(str.isalnum, word))]
    return [_ANDS.get(word, word) for word in words]
