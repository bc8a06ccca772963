"""Names of authors: their natural order, and the one key that decides who is the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..text.keys import NAME_KEY_LENGTH, bare, fold
from . import name_vocabulary as v

# No name is longer; what is would only take long to look through.
LONGEST_NAME = 400

_APOSTROPHE = re.compile(r"(?<=\w)['’‘ʼʻ`´＇]\s*(?=\w)")
_COMMA = re.compile(r"\s*[,，、]\s*")
# They are written family name first, and often without a space. In katakana stand names from elsewhere.
_EAST_ASIAN = ("CJK ", "HIRAGANA ", "HANGUL ")


def natural_name(name: str) -> str:
    """Return a name in the order in which it is spoken: "Le Guin, Ursula K." is "Ursula K. Le Guin".

    A name without a comma, with a mere suffix behind it ("Hale, Jr."), or that reads as several people
    ("Ann Hale, Bo Reed") comes back as it is but for its spaces.
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
    behind = [part for part in suffixes if _squeeze(part) not in v.DEGREES]
    for words in (given, family):
        while len(words) > 1 and _squeeze(words[-1]) in v.JUNIOR | v.GENERATIONS:
            behind.append(words.pop())
    return " ".join((*given, *family, *behind))


def is_inverted(last: str, first: str) -> bool:
    """Return whether two parts of a name around a comma read as "Surname, Forename", not as two people."""
    family, given = last.split(), _without_titles(first.split())
    if not family or not given or _key_of_word(last) in v.ALONE:
        return False
    if len(family) == 1 or all(_key_of_word(word) in v.PARTICLES for word in family[:-1]):
        return True
    if all(_is_initials(word) for word in given):
        return True
    # "García Márquez, Gabriel", but not "Jane Hale, Sappho".
    return _given_count(given) == 1 and _key_of_word(family[0]) not in v.GIVEN


@lru_cache(maxsize=4096)
def identity_key(name: str) -> str:
    """Return the key of the author whom a name names: names with one key are one author, others are not.

    This function alone decides who is the same, wherever an author is named: forms, imports, lists,
    look-ups, packs and duplicates. Case, accents, width, apostrophes, hyphens, dots and spaces do not count
    ("J. K.", "JK"), nor does "Surname, Forename", the order of the parts of a name ("Oe Kenzaburo"; but both
    names where each is a given name, since Henry James is not James Henry), an honorific or a degree
    ("Sir", "PhD"), or "Jr.". An initial is no forename: "J. Hale" and "John Hale" are two. It has at most
    NAME_KEY_LENGTH characters and is never empty. The column that keeps it is ``Author.identity_key``.
    """
    words = _words(name)
    letters = "".join(words)
    if not letters:
        return bare(name)[:NAME_KEY_LENGTH] or "?"
    is_ordered = len(words) == 1 or (words[0] in v.GIVEN and words[-1] in v.GIVEN) or _is_east_asian(letters)
    return (letters if is_ordered else _least_rotation(letters))[:NAME_KEY_LENGTH]


def same_author(one: str, other: str) -> bool:
    """Return whether two names are those of one author, as ``identity_key`` has it."""
    return identity_key(one) == identity_key(other)


def _words(name: str) -> list[str]:
    """The words of a name that tell who it is, folded, in natural order."""
    text = _APOSTROPHE.sub("", natural_name(name))
    head, *behind = _COMMA.split(text)
    text = " ".join([head, *(part for part in behind if not _is_degree_or_junior(part))])
    words = _joined_letters(fold(text).split())
    named = _without_titles(words)
    while len(named) > 1 and named[-1] in (v.JUNIOR | v.DEGREES) - v.DOUBTFUL_DEGREES:
        named = named[:-1]
    # "Dr. Seuss" and "Miss Read" would be nobody without the title.
    return named if len(named) > 1 or len(words) == 1 else words


def _joined_letters(words: list[str]) -> list[str]:
    """Words with letters that follow each other as one word: "j", "r", "r" is "jrr", "m", "d" is "md"."""
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
    """The words without honorifics in front."""
    count = next((n for n, word in enumerate(words) if _key_of_word(word) not in v.HONORIFICS), len(words))
    return words[count:] or words


def is_suffix(part: str) -> bool:
    """Return whether these words follow a name and are none: "Jr.", "III", "Ph.D."."""
    return _squeeze(part) in v.JUNIOR | v.GENERATIONS | v.DEGREES


def _is_degree_or_junior(part: str) -> bool:
    return _squeeze(part) in v.JUNIOR | v.DEGREES


def _is_initials(word: str) -> bool:
    """Return whether a word is made of initials: "J.", "J.K.", "JK", "J.-P."."""
    letters = [character for character in word if character.isalpha()]
    if not letters:
        return False
    return (
        len(letters) == 1
        or ("." in word and all(len(p) <= 1 for p in re.split(r"[.\-‐]+", word)))
        or (len(letters) <= 3 and all(c.isupper() for c in letters))
    )


def _given_count(words: list[str]) -> int:
    """Count the given names among these words, without initials and particles ("Honoré de")."""
    return sum(not _is_initials(word) and _key_of_word(word) not in v.PARTICLES for word in words) or 1


def _is_east_asian(letters: str) -> bool:
    return any(unicodedata.name(character, "").startswith(_EAST_ASIAN) for character in letters)


def _least_rotation(letters: str) -> str:
    """The rotation of a text that comes first in the alphabet: one for all orders of a name's two parts."""
    letters = letters[:NAME_KEY_LENGTH]
    return min(letters[turn:] + letters[:turn] for turn in range(len(letters)))


def _key_of_word(word: str) -> str:
    return fold(word).strip()


def _squeeze(part: str) -> str:
    return fold(part).replace(" ", "")
