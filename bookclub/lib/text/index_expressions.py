"""A search query in the languages of SQLite's FTS5 and of PostgreSQL, and a text as PostgreSQL indexes it.

Words come from ``index_words``: they hold no sign that means something in either language.
"""

from __future__ import annotations

from collections.abc import Iterable

from .search_query import SearchQuery, Term

# PostgreSQL counts places no further than this, and keeps as many of one word. What comes later is found as
# words, but not as a phrase.
LAST_PLACE, MOST_PLACES = 16_383, 256
# No phrase begins in a title and ends in the text below it.
GAP = 2


def fts5_expression(query: SearchQuery, *, in_title: bool | None) -> str:
    """Return the FTS5 expression for rows whose title has all the words, or for all others that match.

    With None it is for all that match, as for rows that have no title.
    """
    wanted = " AND ".join(map(_fts5_term, query.wanted))
    titled = f"({{title}} : ({wanted}))"
    found = titled if in_title else f"({wanted})"
    unwanted = [*map(_fts5_term, query.unwanted), *([titled] if in_title is False else [])]
    return f"({found} NOT ({' OR '.join(unwanted)}))" if unwanted else found


def tsquery(query: SearchQuery, *, in_title: bool | None) -> str:
    """Return the same for PostgreSQL."""
    titled = " & ".join(_tsquery_term(term, "A") for term in query.wanted)
    wanted = titled if in_title else " & ".join(map(_tsquery_term, query.wanted))
    unwanted = [*map(_tsquery_term, query.unwanted), *([f"({titled})"] if in_title is False else [])]
    return " & ".join([wanted, *(f"!{each}" for each in unwanted)])


def tsvector(title: str, words: str) -> str:
    """Return an indexed title and text as PostgreSQL's ``tsvector``, with the title marked as such."""
    places: dict[str, list[str]] = {}
    last = 0
    for place, word in enumerate(title.split(), 1):
        places.setdefault(word, []).append(f"{min(place, LAST_PLACE)}A")
        last = place
    for place, word in enumerate(words.split(), last + GAP):
        places.setdefault(word, []).append(str(min(place, LAST_PLACE)))
    return " ".join(f"{_quoted(word)}:{','.join(found[:MOST_PLACES])}" for word, found in places.items())


def _fts5_term(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.is_beginning else "")


def _tsquery_term(term: Term, weight: str = "") -> str:
    *others, last = term.words
    signs = ("*" if term.is_beginning else "") + weight
    words: Iterable[str] = [
        *(_quoted(word) + (f":{weight}" if weight else "") for word in others),
        _quoted(last) + (f":{signs}" if signs else ""),
    ]
    return f"({' <-> '.join(words)})"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
