"""The neighbour pack that an organiser has loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select

from ...extensions import db
from ..models import NeighbourPack, PackNeighbour, PackReadership
from ..rules import NeighbourTable
from .numbers import numbers_in, text_of

# So many books of a pack are read in one go.
PACKED_AT_ONCE = 100


@dataclass(frozen=True)
class PackSource:
    """Where a neighbour pack comes from, and under which licence."""

    source: str
    licence: str


def pack_source() -> PackSource | None:
    """Where the pack that an organiser has loaded comes from; None where there is none."""
    row = db.session.execute(select(NeighbourPack.source, NeighbourPack.licence)).one_or_none()
    return None if row is None else PackSource(row.source, row.licence)


def pack_table(pause: Callable[[], None]) -> NeighbourTable | None:
    """What the pack says of the club's books; None where there is none. ``pause`` is called between steps."""
    if pack_source() is None:
        return None
    pairs = db.session.execute(select(func.count()).select_from(PackNeighbour)).scalar_one()
    # Filled bit by bit: that of a large pack a second copy is made would be felt.
    others, weights = np.empty(pairs, dtype=np.int32), np.empty(pairs, dtype=np.float32)
    ids, starts, last = [], [0], 0
    of_book = select(PackNeighbour.book_id, text_of(PackNeighbour.other_id, PackNeighbour.weight))
    of_book = of_book.group_by(PackNeighbour.book_id).order_by(PackNeighbour.book_id).limit(PACKED_AT_ONCE)
    while rows := db.session.execute(of_book.where(PackNeighbour.book_id > last)).all():
        for last, told in rows:
            table = numbers_in(told, np.float64).reshape(-1, 2)[: pairs - starts[-1]]
            ids.append(last)
            starts.append(starts[-1] + len(table))
            others[starts[-2] : starts[-1]] = table[:, 0]
            weights[starts[-2] : starts[-1]] = table[:, 1]
        pause()
    counts = select(text_of(PackReadership.book_id, PackReadership.readers))
    counted = numbers_in(db.session.execute(counts).scalar()).reshape(-1, 2)
    return NeighbourTable.of(np.array(ids, dtype=np.int64), np.array(starts), others, weights, counted)
