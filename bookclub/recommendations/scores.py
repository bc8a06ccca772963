"""Scores of every candidate book for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..lib.recommender import library as recommender_library
from ..lib.recommender import scorer, signals
from ..lib.recommender import taste as recommender_taste
from ..lib.recommender import weights as recommender_weights
from ..lib.recommender.scorer import AUTHOR, NEXT
from .cache_queries import CATALOGUE, Stock, rebuild, state_of_stock
from .cache_queries import stock as the_stock
from .catalogue_queries import PackSource, TagSpread, books_of_author, library_of
from .queries import Shelf, endorsements_for


class ScoredFor(NamedTuple):
    """Scored candidates for a reader, with everything that the scores are based on.

    Positions in ``taste`` and ``evidence`` refer to ``library``. ``is_behind`` says that it may be an earlier
    state of the catalogue, ``is_whole`` that no candidate is missing from it.
    """

    library: recommender_library.Library
    taste: recommender_taste.Taste
    evidence: scorer.Evidence
    scored: recommender_weights.Scored
    series: Mapping[int, str]
    spread: TagSpread
    pack_source: PackSource | None
    is_behind: bool
    is_whole: bool


def scored_for(member_id: int, shelf: Shelf, author_id: int | None) -> ScoredFor | None:
    """Score the books that a member with this shelf could read: by one author, or of the whole catalogue.

    None as long as there are no arrays of the catalogue yet.
    """
    if author_id is None:
        found = scored_for_each({member_id: shelf})
        return None if found is None else next(found)[1]
    words = endorsements_for({member_id: _books_of(shelf)})[member_id]
    stock = the_stock(state_of_stock())
    return None if stock is None else _score_author(stock, shelf, member_id, words, author_id)


def scored_for_each(shelves: Mapping[int, Shelf]) -> Iterator[tuple[int, ScoredFor]] | None:
    """Score the whole catalogue for several members, one after the other, or None as in scored_for().

    The scores of one member and their basis take several megabytes, so the caller should keep only what it
    needs of each.
    """
    words = endorsements_for({reader: _books_of(shelf) for reader, shelf in shelves.items()})
    state = state_of_stock()
    stock = the_stock(state)
    if stock is None:
        return None
    needed = {book for shelf in shelves.values() for book in _books_of(shelf)}
    needed.update(one.book for endorsements in words.values() for one in endorsements)
    if stock.lacks(needed):
        # A missing book was read or recommended after the arrays were built. Readings alone rebuild nothing,
        # since most of them are of books that are there already.
        rebuild()
        stock = the_stock(state) or stock
    is_behind = stock.key[CATALOGUE] != state[CATALOGUE]
    return (
        (reader, _score_catalogue(stock, shelf, reader, words[reader], is_behind))
        for reader, shelf in shelves.items()
    )


def _books_of(shelf: Shelf) -> set[int]:
    return {read.book for read in shelf.reads}


def _score_catalogue(
    stock: Stock, shelf: Shelf, member_id: int, words: Sequence[signals.EndorsementSignal], is_behind: bool
) -> ScoredFor:
    library = stock.library
    taste = recommender_taste.Taste.of(shelf.reads, library, fades=True)
    weights = recommender_weights.WEIGHTS[NEXT, scorer.weights_key(library, stock.pack)]
    evidence = scorer.Evidence.live(
        taste, stock.readerships, stock.pack, words, without=member_id, weights=weights
    )
    among = scorer.candidates(library, shelf.taken, scorer.open_books(library, stock.is_open, taste.places))
    scored = scorer.score_candidates(
        library, shelf.reads, evidence, among, task=NEXT, taste=taste, weights=weights
    )
    return ScoredFor(
        library, taste, evidence, scored, {}, stock.spread, stock.pack_source, is_behind, stock.is_whole
    )


def _score_author(
    stock: Stock, shelf: Shelf, member_id: int, words: Sequence[signals.EndorsementSignal], author_id: int
) -> ScoredFor:
    """Score all books of an author as they are now: they are few, so they need not be in the cached arrays.

    The arrays tell which of them are read together with the reader's books; a book that nobody has read is in
    no count.
    """
    own, theirs = _books_of(shelf), books_of_author(author_id).tolist()
    untold = own - signals.books_with_telling_tags(shelf.reads) - set(theirs)
    library, series = library_of({*own, *theirs}, stock.spread, without_tags=untold)
    taste = recommender_taste.Taste.of(shelf.reads, library, fades=False)
    among = scorer.candidates(library, shelf.taken, scorer.written_by(library, author_id))
    # Counts are made in the arrays' own positions, and then carried over to the few books of the author.
    known, places = stock.library, stock.library.places(library.ids[among].tolist())
    club = stock.readerships.around(known.places(own), member_id, places).between(known, library)
    pack = stock.pack.table.beside(library).around(taste.places) if stock.pack else None
    evidence = scorer.Evidence(club, pack, None, words)
    weights = recommender_weights.WEIGHTS[AUTHOR, scorer.weights_key(known, stock.pack)]
    scored = scorer.score_candidates(
        library, shelf.reads, evidence, among, task=AUTHOR, taste=taste, weights=weights
    )
    return ScoredFor(library, taste, evidence, scored, series, stock.spread, stock.pack_source, False, True)
