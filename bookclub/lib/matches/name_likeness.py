"""Likeness of names: the comparison of the authors of two books, however the names are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from .words import words_of

# Only so many names are compared: those listed after them hardly ever wrote the book.
MOST_AUTHORS = 6

_BRACKETS = re.compile(r"[(\[].*?(?:[)\]]|\Z)")
_SEVERAL = re.compile(r"\s*(?:;|&|\band\b|\bund\b|\bet\b)\s+", re.IGNORECASE)
_TITLES = frozenset(
    words_of(
        "jr sr junior senior ii iii iv phd md ma dds esq obe mbe cbe dr mr mrs ms miss prof professor sir"
        " dame rev reverend"
    )
)
_NO_AUTHOR = frozenset(
    {
        ("anonymous",),
        ("anon",),
        ("anonym",),
        ("anonimo",),
        ("anonyme",),
        ("unknown",),
        ("unknown", "author"),
        ("various",),
        ("various", "authors"),
        ("author", "unknown"),
        ("traditional",),
        ("not", "a", "book"),
    }
)


class Agreement(IntEnum):
    """Degree to which the authors of two books agree, from DIFFERENT to SAME."""

    DIFFERENT = 0
    UNKNOWN = 1
    # The first name of one side comes later on the other side's list: a translator, perhaps.
    CROSSED = 2
    # The same apart from a typing error, a short form or an omitted name.
    ALIKE = 3
    SAME = 4


@lru_cache(maxsize=1024)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name in natural order, folded, without titles, suffixes and roles."""
    plain = _BRACKETS.sub(" ", name[:200]) if "(" in name or "[" in name else name[:200]
    if "," in plain:
        last, _, first = plain.partition(",")
        if not _TITLES.issuperset(words_of(first)):
            plain = f"{first.replace(',', ' ')} {last}"
    words = tuple(words_of(plain))
    return tuple(word for word in words if word not in _TITLES) or words


def author_key(name: str) -> str:
    """Return the key to look up an author by: the last word of the name and the first letter of the first."""
    words = name_words(name)
    if not words:
        return " ".join(name.casefold().split())[:80] or "?"
    return _key(words[-1], words[0] if len(words) > 1 else "")


def author_keys(names: Sequence[str]) -> set[str]:
    """Return all the keys that these authors may have, whichever word is the family name."""
    keys = set()
    for words in author_words(names):
        for turn in range(min(len(words), 4)):
            turned = words[turn:] + words[:turn]
            keys.add(_key(turned[-1], turned[0] if len(turned) > 1 else ""))
        if len(words) > 2:
            keys.add(_key(words[1], words[0]))
    return keys


def compare_authors(ones: Sequence[str], others: Sequence[str]) -> Agreement:
    """Return the degree to which the authors of two books agree.

    Only the first author of each side counts: some lists add translators and illustrators, and others do
    not.
    """
    one, other = author_words(ones), author_words(others)
    if not one or not other:
        # If both sides name nobody but “Anonymous” or the like, they agree.
        known = one or other
        return Agreement.UNKNOWN if known or not (ones and others) else Agreement.SAME
    best = _compare_names(one[0], other[0])
    if best < Agreement.ALIKE:
        # The same people may be listed in another order.
        if len(one) == len(other) and all(
            max(_compare_names(a, b) for b in other) >= Agreement.ALIKE for a in one
        ):
            return Agreement.SAME
        pairs = [(one[0], b) for b in other[1:]] + [(a, other[0]) for a in one[1:]]
        if any(_compare_names(a, b) >= Agreement.ALIKE for a, b in pairs):
            return Agreement.CROSSED
    return best


def author_words(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the words of each of the first MOST_AUTHORS names, without "Anonymous" and the like."""
    single = [part for name in names[:MOST_AUTHORS] for part in _SEVERAL.split(name[:200]) if part.strip()]
    found = [words for words in map(name_words, single[:MOST_AUTHORS]) if words and words not in _NO_AUTHOR]
    return list(dict.fromkeys(found))


def _key(last: str, first: str) -> str:
    return f"{last} {first[:1]}".strip()[:80]


@lru_cache(maxsize=4096)
def _compare_names(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    """Compare two names: DIFFERENT, ALIKE or SAME."""
    squeezed, others = "".join(one), "".join(other)
    if squeezed == others or sorted(one) == sorted(other):
        return Agreement.SAME
    if min(len(one), len(other)) > 1 and one[0] == other[0] and _contains_words(one, other):
        return Agreement.SAME
    letters, digits = (
        [{word for word in words if is_kind(word)} for words in (one, other)]
        for is_kind in (_is_letter, str.isdigit)
    )
    # Names with different numbers belong to different people, however alike the letters are.
    if digits[0] != digits[1]:
        return Agreement.DIFFERENT
    # In a short name one letter makes another name, so it must have no typing error.
    length = min(len(squeezed), len(others))
    allowed = 0 if length < 4 else 1 if length < 12 else 2
    # An initial may be missing, but a different one is another person, not a typing error.
    may_be_typing_error = allowed and (letters[0] <= letters[1] or letters[1] <= letters[0])
    if may_be_typing_error and OSA.distance(squeezed, others, score_cutoff=allowed) <= allowed:
        return Agreement.ALIKE
    # The family name may come first, so each name is also tried with its first word at the end.
    turns = [(one, other)]
    if len(one) > 1:
        turns.append((one[1:] + one[:1], other))
    if len(other) > 1:
        turns.append((one, other[1:] + other[:1]))
    return max(_compare_family_last(a, b) for a, b in turns)


def _compare_family_last(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    """Compare two names that both end in the family name."""
    given = _compare_given(one[:-1], other[:-1])
    if one[-1] == other[-1]:
        return given
    short = min(len(one[-1]), len(other[-1]))
    allowed = 0 if short < 3 else 1 if short < 9 else 2
    is_near = allowed and OSA.distance(one[-1], other[-1], score_cutoff=allowed) <= allowed
    # Names from another script often differ in both parts: Lev Tolstoj, Leo Tolstoy.
    is_enough = given is Agreement.SAME or (given is Agreement.ALIKE and short >= 6)
    return Agreement.ALIKE if is_near and is_enough else Agreement.DIFFERENT


def _compare_given(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    """Compare given names: in full, as initials ("J. R. R.", "JRR"), or with some left out."""
    if not one or not other:
        return Agreement.ALIKE
    one, other = _split_initials(one, other), _split_initials(other, one)
    short, long = sorted((one, other), key=len)
    if _is_same_or_initial(short[0], long[0]) and _contains_words(short, long, by_initial=True):
        return Agreement.SAME
    a, b = short[0], long[0]
    allowed = 1 if min(len(a), len(b)) > 2 else 0
    if a[0] == b[0] or (allowed and OSA.distance(a, b, score_cutoff=allowed) <= allowed):
        return Agreement.ALIKE
    return Agreement.DIFFERENT


def _split_initials(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Split initials written as one word, "jrr", if the other name confirms that they are initials."""
    first = one[0]
    if 1 < len(first) <= 3 and (len(other) > 1 or len(other[0]) == 1) and first != other[0]:
        initials = "".join(word[0] for word in other)
        if initials.startswith(first) or first.startswith(initials):
            return (*first, *one[1:])
    return one


def _contains_words(one: tuple[str, ...], other: tuple[str, ...], *, by_initial: bool = False) -> bool:
    """Return whether all words of the shorter name occur in the longer one, in order."""
    short, long = sorted((one, other), key=len)
    words = iter(long)
    if by_initial:
        return all(any(_is_same_or_initial(word, candidate) for candidate in words) for word in short)
    return all(any(word == candidate for candidate in words) for word in short)


def _is_letter(word: str) -> bool:
    return len(word) == 1


def _is_same_or_initial(one: str, other: str) -> bool:
    return one == other or (one[0] == other[0] and 1 in (len(one), len(other)))
