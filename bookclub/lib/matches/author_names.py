"""Names of authors: their natural order, and the one key that decides which are the same author."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..text.keys import NAME_KEY_LENGTH, bare, fold
from . import name_vocabulary as v

# No real name is longer, and the patterns below are slow on long text.
LONGEST_NAME = 400

_APOSTROPHE = re.compile(r"(?<=\w)['’‘ʼʻ`´＇]\s*(?=\w)")
_COMMA = re.compile(r"\s*[,，、]\s*")
# Names in these scripts begin with the family name, often without a space. Katakana is left out: it
# spells foreign names.
_EAST_ASIAN = ("CJK ", "HIRAGANA ", "HANGUL ")


def natural_name(name: str) -> str:
    """Return a name in spoken order: "Le Guin, Ursula K." becomes "Ursula K. Le Guin".

    A name without a comma, a name with only a suffix after the comma ("Hale, Jr."), and a line that reads
    as several people ("Ann Hale, Bo Reed") change in nothing but their spaces.
    """
    name = " ".join(name[:LONGEST_NAME].split())
    parts = [part for part in _COMMA.split(name) if part]
    suffixes = [part for part in parts[1:] if is_suffix(part)]
    parts = parts[:1] + [part for part in parts[1:] if not is_suffix(part)]
    if len(parts) != 2 or not is_inverted(*parts):
        return name
    family, given = parts[0].split(), parts[1].split()
    if _is_east_asian(parts[0]):
        return " ".join((*family, *given))
    suffixes_kept = [part for part in suffixes if _fold_without_spaces(part) not in v.DEGREES]
    for words in (given, family):
        while len(words) > 1 and _fold_without_spaces(words[-1]) in v.JUNIOR | v.GENERATIONS:
            suffixes_kept.append(words.pop())
    return " ".join((*given, *family, *suffixes_kept))


def is_inverted(last: str, first: str) -> bool:
    """Return whether the two sides of a comma read as "Surname, Forename", not as two people."""
    family, given = last.split(), _without_titles(first.split())
    if not family or not given or _key_of_word(last) in v.ALONE:
        return False
    if len(family) == 1 or all(_key_of_word(word) in v.PARTICLES for word in family[:-1]):
        return True
    if all(_is_initials(word) for word in given):
        return True
    # "García Márquez, Gabriel", but not "Jane Hale, Sappho".
    return _count_given_names(given) == 1 and _key_of_word(family[0]) not in v.GIVEN


@lru_cache(maxsize=4096)
def identity_key(name: str) -> str:
    """Return the key of the author that a name means: the same key is the same author.

    This function alone decides that, wherever an author is named: in forms, imports, lists, look-ups, packs
    and duplicates. The key ignores case, accents, width, apostrophes, hyphens, dots and spaces ("J. K.",
    "JK"), "Surname, Forename", honorifics and degrees ("Sir", "PhD"), and "Jr.". It ignores the order of
    the parts too ("Oe Kenzaburo"), unless both are given names: Henry James is not James Henry. An initial
    is not a forename: "J. Hale" and "John Hale" are two authors. The key has 1 to NAME_KEY_LENGTH
    characters. ``Author.identity_key`` is its column.
    """
    words = _words(name)
    letters = "".join(words)
    if not letters:
        # A name of signs alone needs a key too.
        return bare(name)[:NAME_KEY_LENGTH] or "?"
    # The order counts if both ends are given names, and in East Asian names, which are written in one order.
    is_ordered = len(words) == 1 or (words[0] in v.GIVEN and words[-1] in v.GIVEN) or _is_east_asian(letters)
    return (letters if is_ordered else _least_rotation(letters))[:NAME_KEY_LENGTH]


def same_author(one: str, other: str) -> bool:
    """Return whether two names have the same ``identity_key``, which makes them one author."""
    return identity_key(one) == identity_key(other)


def _words(name: str) -> list[str]:
    """The words of a name that identify its owner, folded, in natural order."""
    text = _APOSTROPHE.sub("", natural_name(name))
    head, *behind = _COMMA.split(text)
    text = " ".join([head, *(part for part in behind if not _is_degree_or_junior(part))])
    words = _joined_letters(fold(text).split())
    named = _without_titles(words)
    # Without a comma "Ma" is a family name, so doubtful degrees stay.
    while len(named) > 1 and named[-1] in (v.JUNIOR | v.DEGREES) - v.DOUBTFUL_DEGREES:
        named = named[:-1]
    # "Dr. Seuss" and "Miss Read" keep the title: one word alone would match too many people.
    return named if len(named) > 1 or len(words) == 1 else words


def _joined_letters(words: list[str]) -> list[str]:
    """Join single letters that follow each other: "j", "r", "r" is "jrr", and "m", "d" is "md"."""
    found: list[str] = []
    was_letter = False
    for word in words:
        if was_letter and len(word) == 1:
            found[-1] += word
        else:
            found.append(word)
        was_letter = len(word) == 1
    return found


def _without_titles(words: list[str]) -> list[str]:
    count = next((n for n, word in enumerate(words) if _key_of_word(word) not in v.HONORIFICS), len(words))
    return words[count:] or words


def is_suffix(part: str) -> bool:
    """Return whether these words are a suffix to a name: "Jr.", "III", "Ph.D."."""
    return _fold_without_spaces(part) in v.JUNIOR | v.GENERATIONS | v.DEGREES


def _is_degree_or_junior(part: str) -> bool:
    return _fold_without_spaces(part) in v.JUNIOR | v.DEGREES


def _is_initials(word: str) -> bool:
    """Return whether a word consists of initials: "J.", "J.K.", "JK", "J.-P."."""
    letters = [character for character in word if character.isalpha()]
    if not letters:
        return False
    return (
        len(letters) == 1
        or ("." in word and all(len(p) <= 1 for p in re.split(r"[.\-‐]+", word)))
        or (len(letters) <= 3 and all(c.isupper() for c in letters))
    )


def _count_given_names(words: list[str]) -> int:
    """Count the given names, without initials and particles ("Honoré de"); 1 if there are only those."""
    return sum(not _is_initials(word) and _key_of_word(word) not in v.PARTICLES for word in words) or 1


def _is_east_asian(letters: str) -> bool:
    return any(unicodedata.name(character, "").startswith(_EAST_ASIAN) for character in letters)


def _least_rotation(letters: str) -> str:
    """Return the rotation that sorts first, which is the same for either order of a name's two parts."""
    # The text is cut first because comparing all rotations takes quadratic time.
    letters = letters[:NAME_KEY_LENGTH]
    return min(letters[turn:] + letters[:turn] for turn in range(len(letters)))


def _key_of_word(word: str) -> str:
    return fold(word).strip()


def _fold_without_spaces(part: str) -> str:
    return fold(part).replace(" ", "")
