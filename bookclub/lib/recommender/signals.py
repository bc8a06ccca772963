"""The signals of a recommendation: for each book of a library, what speaks for it, before weighing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .co_reads import CoReads
from .library import NO_SERIES, Library
from .sparse import Floats, Ints, summed
from .taste import Taste, heaviest

OF_CLUB = 3.0  # One reader of the club says as much as three of a pack.
DAMPING = 5.0  # Books with few readers prove little.
ENDORSED = 3.0  # One endorsement counts as so many co-readers of the club,
ENDORSED_BY_KINDRED = 5.0  # and as so many where the two share books that both liked:
KINDRED = 3  # at least so many.
FAR_AWAY = 30.0  # Years, where one of the two is not known.
MOST_COMPARED = 30  # Of a long shelf only so many books are compared one by one.


@dataclass(frozen=True)
class EndorsementSignal:
    """A member's word: who loved ``loved`` should read ``book``. ``shared`` is liked by both, in books."""

    id: int
    member: int
    loved: int
    book: int
    shared: int = 0

    @property
    def co_readers(self) -> float:
        return ENDORSED_BY_KINDRED if self.shared >= KINDRED else ENDORSED


def co_readers(taste: Taste, club: CoReads, pack: CoReads | None) -> Floats:
    """Pooled co-readers of every book: Σ wⱼ (pack + 3 club) / (√(nᵢ nⱼ) + 5), n pooled the same way."""
    totals = pooled_totals(club, pack)
    found = np.zeros(len(totals))
    for source, factor in ((pack, 1.0), (club, OF_CLUB)):
        if source is not None:
            found += _shared(source.mine, source.other, factor * source.together, taste.by_place, totals)
    return found


def leading_books(
    taste: Taste, source: CoReads, totals: Floats, places: Ints, most: int
) -> dict[int, list[int]]:
    """The reader's books through which co_readers() of one source speak most for those at some positions.

    By the position of what they speak for, the positions of the ``most`` that add most, the largest first;
    only those that lift it. ``totals`` are the pooled_totals() of the evidence.
    """
    is_wanted = np.zeros(len(totals), dtype=np.bool_)
    is_wanted[places] = True
    here = is_wanted[source.other]
    mine, other = source.mine[here], source.other[here]
    terms = taste.by_place[mine] * source.together[here]
    terms = terms / (np.sqrt(totals[mine] * totals[other]) + DAMPING)
    order = np.lexsort((mine, -terms, other))
    order = order[terms[order] > 0]
    found: dict[int, list[int]] = {}
    for place, book in zip(other[order].tolist(), mine[order].tolist(), strict=True):
        told = found.setdefault(place, [])
        if len(told) < most:
            told.append(book)
    return found


def pooled_totals(club: CoReads, pack: CoReads | None) -> Floats:
    """How many readers every book has, a member of the club counting as three of a pack."""
    return OF_CLUB * club.totals if pack is None else pack.totals + OF_CLUB * club.totals


def endorsed(
    taste: Taste, endorsements: Iterable[EndorsementSignal], library: Library, totals: Floats
) -> Floats:
    """Endorsements of every book that name a book of the reader's, in the measure of co_readers().

    ``totals`` are the pooled_totals() of the evidence.
    """
    told = list(endorsements)
    if not told:
        return np.zeros(len(totals))
    loved, has_loved = library.find(np.array([one.loved for one in told], dtype=np.int64))
    book, has_book = library.find(np.array([one.book for one in told], dtype=np.int64))
    strength = np.array([OF_CLUB * one.co_readers for one in told], dtype=np.float64)
    here = has_loved & has_book
    weights = np.maximum(taste.by_place, 0.0)
    return _shared(loved[here], book[here], strength[here], weights, totals)


def known_readers(library: Library) -> Floats:
    """log(1 + readers that the book is known to have)."""
    return np.log1p(library.known)


def editions(library: Library) -> Floats:
    """log(1 + printings that the book is known to have)."""
    return np.log1p(library.editions)


def club_readers(club: CoReads) -> Floats:
    """log(1 + others in the club who have read it)."""
    return np.log1p(club.totals)


def tag_profile(taste: Taste, library: Library) -> Floats:
    """The cosine between the tags of each book and those of all the reader's books together, TF-IDF."""
    which, columns, values = library.tags.rows(taste.places)
    profile = summed(columns, values * taste.weights[which], len(library.tag_ids))
    length = float(np.sqrt(profile @ profile))
    shares = library.tags.values * profile[library.tags.columns]
    return summed(library.tag_rows, shares, len(library)) / (length or 1.0)


def tag_neighbours(taste: Taste, library: Library, among: Ints) -> Floats:
    """Σ wⱼ cos³ over those of the reader's books that weigh most: a few much alike beat many a little.

    Only over the candidates at the positions ``among``, since it is the costliest of the signals.
    """
    compared = heaviest(taste.weights, MOST_COMPARED)
    which, columns, values = library.tags.rows(taste.places[compared])
    mine = np.zeros((len(library.tag_ids), len(compared)))
    mine[columns, which] = values
    candidate, tags, theirs = library.tags.rows(among)
    cosines = np.zeros((len(among), len(compared)))
    filled, starts = np.unique(candidate, return_index=True)
    if len(filled):
        cosines[filled] = np.add.reduceat(mine[tags] * theirs[:, None], starts, axis=0)
    return np.asarray(cosines**3 @ taste.weights[compared], dtype=np.float64)


def same_author(taste: Taste, library: Library) -> Floats:
    """log(1 + Σ wⱼ over the reader's books by an author of the book), the best of its authors."""
    which, authors, _ = library.authors.rows(taste.places)
    columns = np.searchsorted(library.author_ids, authors)
    told = summed(columns, taste.weights[which], len(library.author_ids))
    regard = np.log1p(np.maximum(told, 0.0))
    found = np.zeros(len(library))
    np.maximum.at(found, library.author_rows, regard[library.author_columns])
    return found


def near_in_time(taste: Taste, library: Library) -> Floats:
    """−log(1 + years between it and the book by an author of it that the reader read last).

    Who asks for an author's next book goes on near where they are in the author's life. 0 for authors
    the reader has not read; where a year is not known, it counts as far away.
    """
    which, authors, _ = library.authors.rows(taste.places)
    last = np.full(len(library.author_ids), -1)
    np.maximum.at(last, np.searchsorted(library.author_ids, authors), which)
    latest = np.full(len(library), -1)
    np.maximum.at(latest, library.author_rows, last[library.author_columns])
    near = np.flatnonzero(latest >= 0)
    found = np.zeros(len(library))
    if len(near):
        years = np.abs(library.year[near] - library.year[taste.places[latest[near]]])
        found[near] = -np.log1p(np.where(np.isnan(years), FAR_AWAY, years))
    return found


def next_in_series(taste: Taste, library: Library) -> Floats:
    """1 for the next book of every series that the reader is in, −1 for those that come too early.

    Too early is a part after the next one, and any but the first part of a series not begun.
    """
    found = np.where((library.series != NO_SERIES) & (library.number > 1), -1.0, 0.0)
    own = taste.places[(library.series[taste.places] != NO_SERIES) & ~np.isnan(library.number[taste.places])]
    furthest = np.full(1 + int(library.series.max(initial=0)), -np.inf)
    np.maximum.at(furthest, library.series[own], library.number[own])
    found[library.number <= furthest[library.series]] = 0.0
    for place in next_places(taste, library):
        found[place] = 1.0
    return found


def next_places(taste: Taste, library: Library) -> dict[int, int]:
    """The next book of each series that the reader is in, and the book of theirs that it comes after.

    It comes after the highest number that they finished and did not dislike; where they disliked that
    one nothing comes next. Parts without a whole number (novellas between) neither count nor come next.
    """
    last: dict[int, int] = {}
    disliked: dict[int, float] = {}
    mine = set(taste.places.tolist())
    for place, read, (series, number) in zip(
        taste.places.tolist(), taste.reads, _parts(taste, library), strict=True
    ):
        if series == NO_SERIES or number != number:
            continue
        if read.is_disliked:
            disliked[series] = max(disliked.get(series, 0.0), number)
        elif series not in last or number > library.number[last[series]]:
            last[series] = place
    following: dict[int, int] = {}
    for series, place in last.items():
        number = float(library.number[place])
        if disliked.get(series, 0.0) > number:
            continue
        parts = library.parts_of(series)
        parts = parts[library.number[parts] > number]
        others = np.array(
            [one for one in parts.tolist() if one not in mine and library.number[one] % 1 == 0], np.int64
        )
        if len(others):
            following[int(others[np.argmin(library.number[others])])] = place
    return following


def _parts(taste: Taste, library: Library) -> list[tuple[int, float]]:
    """The series of each of the reader's books, and its number in it."""
    return list(
        zip(library.series[taste.places].tolist(), library.number[taste.places].tolist(), strict=True)
    )


def _shared(mine: Ints, other: Ints, together: Floats, weights: Floats, totals: Floats) -> Floats:
    roots = np.sqrt(totals)
    shares = roots[mine]
    shares *= roots[other]
    shares += DAMPING
    np.divide(together, shares, out=shares)
    shares *= weights[mine]
    return summed(other, shares, len(totals))
