"""Numbers in titles, converted to digits from words, Roman numerals and ordinals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count

from .words import words_of

_BELOW_TWENTY = words_of(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_ORDINALS = words_of(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_TENS = words_of("twenty thirty forty fifty sixty seventy eighty ninety")
_ROMAN_UNITS = words_of("i ii iii iv v vi vii viii ix")
_ROMAN_TENS = words_of("x xx xxx xl l lx lxx lxxx xc c cx cxx cxxx cxl cl clx clxx clxxx cxc")
_ROMANS = [tens + units for tens in ("", *_ROMAN_TENS) for units in ("", *_ROMAN_UNITS)][1:]
# Within a title larger Roman numerals are rare, and mostly words: "Li", "Civ".
_ROMANS_IN_TITLES = frozenset(_ROMANS[:25])

_SMALL = {
    **dict(zip(_BELOW_TWENTY, count(), strict=False)),
    **dict(zip(_ORDINALS, count(1), strict=False)),
    **dict(zip(_TENS, count(20, 10), strict=False)),
}
_ORDINAL = frozenset(_ORDINALS) | frozenset(
    words_of("thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth")
)
_ROMAN = dict(zip(_ROMANS, count(1), strict=False))
# These are a word or a letter at least as often as a number.
_DOUBTFUL = {"i", "v", "x"}
_LETTERS = {"l", "c"}
_DIGITS = re.compile(r"([0-9]{1,9})(?:st|nd|rd|th|e|eme|er)?")
_WORDS = frozenset(_SMALL) | {"hundred", "thousand"}


def convert_numbers(words: Sequence[str]) -> list[str]:
    """Return the words with every number in digits: "catch twenty two" is "catch 22".

    Ordinals become plain numbers, and leading zeros go. A lone I, V or X stays a letter: see ``number_in``.
    """
    found: list[str] = []
    place = 0
    while place < len(words):
        value, after = _number_at(words, place)
        found.append(words[place] if value is None else str(value))
        place = after
    return found


def number_in(word: str) -> int | None:
    """Return the number that a word means where one is expected, as after "Volume"; None if it is none."""
    if word in _ROMAN and word not in _LETTERS:
        return _ROMAN[word]
    return int(word) if word.isascii() and word.isdigit() else None


def is_ordinal(word: str) -> bool:
    """Return whether a word is an ordinal number, in words ("tenth") or digits ("25th")."""
    return word in _ORDINAL or (word[:1].isdigit() and not word.isdigit() and bool(_DIGITS.fullmatch(word)))


def _number_at(words: Sequence[str], place: int) -> tuple[int | None, int]:
    """Return the number that begins at this place, and its end; None and the next place if none does."""
    word = words[place]
    if word not in _WORDS:
        if word in _ROMANS_IN_TITLES and word not in _DOUBTFUL:
            return _ROMAN[word], place + 1
        digits = _DIGITS.fullmatch(word)
        if not digits:
            return None, place + 1
        value, after = int(digits[1]), place + 1
    elif word in ("hundred", "thousand"):
        value, after = 1, place
    else:
        value, after = _number_below_hundred(words, place)
    more, beyond = (0, after) if word not in _SMALL else _number_below_hundred(words, after)
    if value >= 10 and beyond > after and more >= 10:
        # A year, as in Nineteen Eighty-Four.
        return value * 100 + more, beyond
    for name, unit in (("hundred", 100), ("thousand", 1000)):
        if after < len(words) and words[after] == name:
            value, after = value * unit, after + 1
            # "One hundred and five" has an "and" that belongs to the number.
            start = after + (words[after : after + 1] == ["and"])
            more, beyond = _number_below_hundred(words, start)
            if beyond > start:
                value, after = value + more, beyond
    return value, after


def _number_below_hundred(words: Sequence[str], place: int) -> tuple[int, int]:
    """Return a number below a hundred, in words, and its end; 0 and the same place if there is none."""
    if place >= len(words) or words[place] not in _SMALL:
        return 0, place
    value = _SMALL[words[place]]
    unit = _SMALL.get(words[place + 1], 0) if value >= 20 and place + 1 < len(words) else 0
    return (value + unit, place + 2) if 0 < unit < 10 else (value, place + 1)
