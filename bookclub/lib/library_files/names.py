"""Parsers for the names of authors, titles with series, and tags that other sites write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..matches.contributors import AUTHOR, role_of
from ..text.keys import key_of

# Words for people who contributed to the book but did not write it.
OTHER_ROLES = (
    "translat", "illustrat", "narrat", "read by", "reader", "foreword", "introduc", "afterword", "preface",
    "prologue", "epilogue", "cover", "design", "photograph", "artist", "letterer", "colorist", "colourist",
    "inker", "penciller", "editor", "edited", "compil", "contribut", "adapt", "perform", "voice", "composer",
    "producer", "director", "annotat", "commentar", "consult", "research", "typograph", "cartograph", "maps",
    "übersetz", "sprecher", "herausgeb", "traduc", "traduttore", "traductor", "vertaler", "vorwort",
)  # fmt: skip
_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md", "m.d.", "esq", "esq."}

_RUN_OF_SPACES = re.compile(r"[^\S\r\n]{2,}")
_ROLE = re.compile(r"\(([^()]*)\)\s*\Z")
_PEOPLE_SEPARATORS = re.compile(r"[;；|\r\n]|\s+(?:&|and|und|et)\s+")
_NAME_SEPARATORS = re.compile(r"[;；|\r\n]")
_NUMBERED = re.compile(
    r"(?:#|\b(?:book|bk\.?|volume|vol\.?|band|bd\.?|tome|part) +#?) ?(\d[\d.]*)", re.IGNORECASE
)
_HASHED = re.compile(r"# ?(\d[\d.]*)")
_SEVERAL = re.compile(r"\s*[-–—&+,]\s*#?\d")
_POSITION = re.compile(r"\(#\d+\)\s*\Z")
_TAG_SEPARATORS = re.compile(r"[,;，、；|\r\n]")
_GENRE_SEPARATORS = re.compile(r"[,;、；\r\n]|\|(?!\d)")
_VOTES = re.compile(r"\s*(?:[|:=]\s*\d+|\(\d+\)|[-–]\s+\d+|\d+\s+(?:users?|votes?|times?|people))\s*\Z")
_COUNTED = re.compile(r"[^|;,]*[^\W\d][^|;,]*\|\s*\d+\s*(?:[;,|][^|;,]+\|\s*\d+\s*)*;?\s*")
# Articles after a title. "I" is left out, since it is a number at least as often.
_ARTICLE_AFTER = re.compile(
    r",\s*(the|an?|der|die|das|den|det|dem|eine?|le|la|les|une?|l['’]|el|los|las|una|uno|il|lo|gli|het|de|een"
    r"|['’]t|os?|as|uma?|en|ett?|ei)"
    r"(?=\s*(?:[:;(\[]|\Z|\s[-–—]\s|,\s*(?:vol|book|bk|part|band|bd|teil|tome|tomo|[0-9])))",
    re.IGNORECASE,
)
# No real title is longer, and searching a longer one for a series would take too long.
LONGEST = 1000


class Titled(NamedTuple):
    """A title without the series written after it, and that series."""

    title: str
    series: str = ""
    number: float | None = None


def titled_from(text: str) -> Titled:
    """Split a title that Goodreads writes: "Messiah (Dune, #2)". Several volumes in one have no number."""
    opening = _last_bracket(text) if text.endswith(")") and len(text) <= LONGEST else 0
    numbered = _NUMBERED.search(text, opening) if opening else None
    series = text[opening + 1 : numbered.start()].strip(" ,;:") if numbered else ""
    if not numbered or not series:
        return Titled(text)
    return Titled(text[:opening].strip(), series, _number(numbered, text))


def split_bracket(text: str) -> tuple[str, str]:
    """Split off the bracket at the end of a text: "Looms (Roe, Jane)" is "Looms" and "Roe, Jane"."""
    opening = _last_bracket(text) if text.endswith(")") and len(text) <= LONGEST else 0
    return (text[:opening].strip(), text[opening + 1 : -1].strip()) if opening else (text.strip(), "")


def _last_bracket(text: str) -> int:
    """Return the start of the bracket that closes at the end; 0 if there is none, or nothing before it."""
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if not depth:
            return place
    return 0


def series_from(text: str) -> tuple[str, float | None]:
    """Read a series: "Sprawl (#1.0)", "Sprawl, #1", "Sprawl #1; Other #2" (the first one), "Sprawl"."""
    text = " ".join(text[:LONGEST].split())
    numbered = _HASHED.search(text)
    if not numbered:
        return text, None
    name = text[: numbered.start()].strip(" ,;:(")
    return (name, _number(numbered, text)) if name else ("", None)


def _number(found: re.Match[str], text: str) -> float | None:
    # "#1-3" is three volumes in one, "#1; Another, #2" a second series.
    if _SEVERAL.match(text, found.end()):
        return None
    try:
        number = float(found[1].rstrip("."))
    except ValueError:
        return None
    return number if number < 1000 else None


def with_article_in_front(title: str) -> str:
    """Return a title in spoken order: "Hobbit, The" becomes "The Hobbit"."""
    found = _ARTICLE_AFTER.search(title) if len(title) <= LONGEST else None
    if not found:
        return title
    between = "" if found[1].lower() in ("l'", "l’") else " "
    return f"{found[1]}{between}{title[: found.start()]}{title[found.end() :]}"


def author_with_comma(name: str, family_first: str) -> tuple[str, ...]:
    """Read a name with a comma, with help from the column that has the first author's family name first.

    "James Westly, Roland" is one person beside "Roland, James Westly" and two beside "Westly, James". Returns
    () if that column decides neither.
    """
    first = natural_order(family_first)
    words, known = key_of(name.replace(",", " ")).split(), key_of(first).split()
    if known and sorted(words) == sorted(known):
        return (first,)
    if known and words[: len(known)] == known and name.partition(",")[0].count(" ") < len(known):
        return split_whole_names(name)
    return ()


def split_whole_names(names: str) -> tuple[str, ...]:
    """Split names at commas; each is in natural order."""
    return distinct(names.split(","))


def crowd_tags(text: str) -> tuple[str, ...]:
    """Return genres that other readers gave a book, without their counts: "Fantasy|637;Fiction|12"."""
    genres = (tag.strip(" []{}'\"") for tag in _GENRE_SEPARATORS.split(_single_spaced(text)))
    return distinct(_VOTES.sub("", tag) for tag in genres)


def has_counts(text: str) -> bool:
    """Return whether each tag of a cell has a count; then the tags come from other readers."""
    return len(text) < LONGEST and bool(_COUNTED.fullmatch(text))


def natural_order(name: str) -> str:
    """Return a name such as "Ishiguro, Kazuo" in spoken order."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and all(parts) and parts[1].lower() not in _SUFFIXES:
        return f"{parts[1]} {parts[0]}"
    if len(parts) == 3 and all(parts) and parts[2].lower() in _SUFFIXES:
        return f"{parts[1]} {parts[0]} {parts[2]}"
    return " ".join(part for part in parts if part)


def split_names(text: str, *, beside_others: bool = False) -> tuple[str, ...]:
    """Split names at commas, each in natural order: "Neil Gaiman, Terry Pratchett (Illustrator)".

    Translators, narrators, illustrators and the like are left out, unless nobody else is named in this column
    and ``beside_others`` is false.
    """
    names: list[str] = []
    for part in _single_spaced(text).split(","):
        # “Martin Luther King, Jr.” is one person.
        if names and part.strip().lower() in _SUFFIXES:
            names[-1] = f"{names[-1]} {part.strip()}"
        else:
            names.append(part)
    writers = [name for name in names if not is_other_role(_role(name))]
    return distinct(_ROLE.sub("", name) for name in (writers if writers or beside_others else names))


def read_typed_names(text: str) -> tuple[str, ...]:
    """Read names as people type them: with semicolons, "and" or commas, family names first or last."""
    text = _single_spaced(text)
    parts = _NAME_SEPARATORS.split(text)
    # One comma alone may separate a family name from a first name.
    if len(parts) == 1 and text.count(",") != 1:
        parts = _PEOPLE_SEPARATORS.split(text)
        if any(part.count(",") != 1 for part in parts):
            parts = [name for part in parts for name in part.split(",")]
            parts = [name for name in parts if name.strip().lower() not in _SUFFIXES]
    names: list[str] = []
    for part in parts:
        first, comma, second = (piece.strip() for piece in part.partition(","))
        # One word beside a comma is half a name; “Jane Roe, John Doe” is two.
        if comma and (len(first.split()) == 1 or len(second.split()) == 1 or second.endswith(".")):
            names.append(natural_order(part))
        else:
            names += [name for piece in (first, second) for name in _PEOPLE_SEPARATORS.split(piece)]
    return distinct(_ROLE.sub("", name) for name in names)


def _single_spaced(text: str) -> str:
    """Return a text with single spaces, line by line: our patterns are slow on long runs of spaces."""
    return _RUN_OF_SPACES.sub(" ", text)


def is_other_role(role: str) -> bool:
    """Return whether a role means that the person did not write the book."""
    return role_of(role) not in (None, AUTHOR) or any(word in role.lower() for word in OTHER_ROLES)


def _role(name: str) -> str:
    found = _ROLE.search(name[-200:])
    return found[1] if found else ""


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names with single spaces, each once, in order."""
    kept: dict[str, str] = {}
    for name in names:
        line = " ".join(name.split())
        if line:
            kept.setdefault(key_of(line), line)
    return tuple(kept.values())


def tags_from(text: str) -> tuple[str, ...]:
    """Split shelves or tags at commas, without the place of the book on them ("owned (#3)")."""
    return distinct(_POSITION.sub("", tag) for tag in _TAG_SEPARATORS.split(_single_spaced(text)))


def own_tags(text: str) -> tuple[str, ...]:
    """Split the tags that Bookclub's own export writes."""
    return distinct(text.split(","))
