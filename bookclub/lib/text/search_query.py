"""The query of a search: words and phrases that must occur, and those that must not.

Each word must occur, in any order. Words between quotes are a phrase, a hyphen in front leaves out what has
the word, and the last word may be the beginning of one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .index_words import FoundWord, find_words, pairs_of

# What somebody types fits; a page of text pasted by mistake does not.
LONGEST_QUERY = 200
# One letter begins too many words to say anything.
SHORTEST_BEGINNING = 2

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_HYPHENS = r"\-−–"
_PART = re.compile(
    rf'(?P<hyphen>(?<!\S)[{_HYPHENS}](?=[^\s{_HYPHENS}]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)


@dataclass(frozen=True)
class Term:
    """Words that stand side by side; ``is_beginning`` says that the last one may go on."""

    words: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True)
class SearchQuery:
    """The terms that must occur, and those that must not."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()


def parse_query(text: str) -> SearchQuery:
    """Return the query that a text means. Signs that mean nothing are ignored, and no text is an error."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    text = text.translate(_QUOTES)
    for part in _PART.finditer(text):
        is_last_word = part["word"] is not None and part.end() == len(text.rstrip())
        term = _term_of(part["word"] or part["phrase"] or "", goes_on=is_last_word and not part["hyphen"])
        if term:
            (unwanted if part["hyphen"] else wanted).append(term)
    return SearchQuery(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)))


def _term_of(text: str, *, goes_on: bool) -> Term | None:
    """Return the words of a part; ``goes_on`` says that the last one may be the beginning of a longer one."""
    found = list(find_words(text))
    if not found:
        return None
    *others, last = found
    words = [piece.folded for word in others for piece in word.pieces()]
    return Term((*words, *_last_pieces(last)), _is_beginning(last, goes_on=goes_on))


def _last_pieces(word: FoundWord) -> list[str]:
    # The text may go on behind a run, so its last character is none by itself, unless it is all of it.
    if word.is_run:
        return pairs_of(word.folded)[:-1] or [word.folded]
    return [word.folded]


def _is_beginning(word: FoundWord, *, goes_on: bool) -> bool:
    if word.is_run:
        # A single character is the beginning of a pair wherever it is not the last of its run.
        return len(word.folded) == 1
    return goes_on and len(word.folded) >= SHORTEST_BEGINNING
