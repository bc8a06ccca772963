"""Every candidate's score for a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .. import rules
from ..rules import AUTHOR, NEXT
from .evidence import Shelf, endorsements_for
from .stock import Stock, state_of_stock
from .stock import stock as the_stock


class ScoredFor(NamedTuple):
    """The candidates for a reader with their scores, and all that these go by."""

    stock: Stock
    taste: rules.Taste
    evidence: rules.Evidence
    scored: rules.Scored


def scored_for(member_id: int, shelf: Shelf, author_id: int | None) -> ScoredFor:
    """What a member with this shelf could read: of one author, or of the whole catalogue."""
    return scored_for_each({member_id: shelf}, author_id)[member_id]


def scored_for_each(shelves: Mapping[int, Shelf], author_id: int | None = None) -> dict[int, ScoredFor]:
    """The same for several members, by their ids."""
    loved = {reader: {read.book for read in shelf.reads} for reader, shelf in shelves.items()}
    words, stock = endorsements_for(loved), the_stock(state_of_stock())
    return {
        reader: _scored(stock, shelf, reader, words[reader], author_id) for reader, shelf in shelves.items()
    }


def _scored(
    stock: Stock,
    shelf: Shelf,
    member_id: int,
    words: Sequence[rules.Endorsement],
    author_id: int | None,
) -> ScoredFor:
    task = NEXT if author_id is None else AUTHOR
    taste = rules.Taste.of(shelf.reads, stock.library, fades=task == NEXT)
    among = rules.candidates(stock.library, shelf.taken, author_id)
    found = rules.Evidence.live(
        taste,
        stock.readerships,
        stock.pack,
        words,
        without=member_id,
        among=among if task == AUTHOR else None,
        weights=rules.WEIGHTS[task, rules.loaded(stock.library, stock.pack)],
    )
    scored = rules.scored(stock.library, shelf.reads, found, among, task=task, taste=taste)
    return ScoredFor(stock, taste, found, scored)
