"""A few words of a text around those that were searched for, which are marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .index_words import IndexedWord, find_pieces
from .search_query import SearchQuery, Term

# In characters: how much is shown, and how much of that before the first hit.
LENGTH, BEFORE = 220, 60


@dataclass(frozen=True)
class SnippetPart:
    """A part of a text; ``is_hit`` if it is what was searched for."""

    text: str
    is_hit: bool = False


def mark_words(text: str, query: SearchQuery) -> list[SnippetPart]:
    """Return a whole text, such as a title, with the words of a query marked."""
    return list(_parts(text, _hits(text, query), 0, len(text)))


def snippet(text: str, query: SearchQuery) -> list[SnippetPart]:
    """Return a part of a text with the words of a query marked; the beginning if it has none of them."""
    hits = _hits(text, query)
    start = _word_after(text, hits[0][0] - BEFORE) if hits and hits[0][0] > BEFORE else 0
    end = _word_before(text, start + LENGTH) if len(text) > start + LENGTH else len(text)
    before, after = SnippetPart("… ") if start else None, SnippetPart(" …") if end < len(text) else None
    return [part for part in (before, *_parts(text, hits, start, end), after) if part]


def _hits(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    """Return where the terms of a query stand in a text, in order and without overlaps."""
    pieces = list(find_pieces(text))
    found = sorted(
        span
        for term in query.wanted
        for at in range(len(pieces) - len(term.words) + 1)
        if (span := _span(term, pieces[at : at + len(term.words)]))
    )
    hits: list[tuple[int, int]] = []
    for start, end in found:
        # The pairs of a run overlap, and so do two terms that share a word.
        if hits and start < hits[-1][1]:
            hits[-1] = hits[-1][0], max(end, hits[-1][1])
        else:
            hits.append((start, end))
    return hits


def _span(term: Term, pieces: Sequence[IndexedWord]) -> tuple[int, int] | None:
    """Return from where to where these pieces are a term, or None if they are not."""
    folded, last = [piece.folded for piece in pieces], term.words[-1]
    is_whole = folded[-1] == last
    if folded[:-1] != list(term.words[:-1]) or not (
        is_whole or (term.is_beginning and folded[-1].startswith(last))
    ):
        return None
    end = pieces[-1].end
    # A single character was asked for, and the index holds it as the beginning of a pair.
    if not is_whole and len(last) == 1 and end - pieces[-1].start == len(folded[-1]):
        end = pieces[-1].start + 1
    return pieces[0].start, end


def _parts(text: str, hits: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[SnippetPart]:
    for first, last in hits:
        if first >= end:
            break
        if first >= start:
            if first > start:
                yield SnippetPart(text[start:first])
            start = min(last, end)
            yield SnippetPart(text[first:start], is_hit=True)
    if end > start:
        yield SnippetPart(text[start:end])


def _word_after(text: str, place: int) -> int:
    """Return where the first whole word behind a place begins, or the place itself if none is near."""
    space = text.find(" ", place, place + BEFORE)
    return space + 1 if space >= 0 else place


def _word_before(text: str, place: int) -> int:
    """Return where the last whole word before a place ends, or the place itself if none is near."""
    space = text.rfind(" ", place - BEFORE, place)
    return space if space >= 0 else place
