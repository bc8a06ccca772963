"""The neighbour pack that an organiser has loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

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
    of_book = select(PackNeighbour.book_id, text_of(PackNeighbour.other_id, PackNeighbour.weight))
    of_book = of_book.group_by(PackNeighbour.book_id).order_by(PackNeighbour.book_id).limit(PACKED_AT_ONCE)
    ids, lengths, others, weights, last = [], [], [], [], 0
    while rows := db.session.execute(of_book.where(PackNeighbour.book_id > last)).all():
        for last, told in rows:
            pairs = numbers_in(told, np.float64).reshape(-1, 2)
            ids.append(last)
            lengths.append(len(pairs))
            others.append(pairs[:, 0].astype(np.int32))
            weights.append(pairs[:, 1].astype(np.float32))
        pause()
    counts = select(text_of(PackReadership.book_id, PackReadership.readers))
    counted = numbers_in(db.session.execute(counts).scalar()).reshape(-1, 2)
    return NeighbourTable.of_rows(ids, lengths, others, weights, counted)
