"""Signals of a recommendation: one number for each book of a library and each signal, not yet weighted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .co_reads import CoReads
from .library import NO_SERIES, Library
from .sparse import Floats, Ints, sum_by_place
from .taste import RatedRead, Taste, heaviest, unfaded_weights

OF_CLUB = 3.0  # One reader in the club counts as much as three in a pack.
DAMPING = 5.0  # Damps books with few readers, which prove little.
ENDORSED = 3.0  # One endorsement counts as so many co-readers in the club,
ENDORSED_BY_KINDRED = 5.0  # and as so many if reader and member both liked
KINDRED = 3  # at least this number of books.
FAR_AWAY = 30.0  # The distance in years if one of the two years is unknown.
MOST_COMPARED = 30  # Only so many books of a long shelf are compared one by one.


@dataclass(frozen=True)
class EndorsementSignal:
    """An endorsement by a member: anyone who loved ``loved`` should read ``book``.

    ``shared`` is the number of books that the reader and the member both liked.
    """

    id: int
    member: int
    loved: int
    book: int
    shared: int = 0

    @property
    def co_readers(self) -> float:
        return ENDORSED_BY_KINDRED if self.shared >= KINDRED else ENDORSED


def co_readers(taste: Taste, club: CoReads, pack: CoReads | None) -> Floats:
    """Return pooled co-readers of every book: Σ wⱼ (pack + 3 club) / (√(nᵢ nⱼ) + 5), n pooled likewise."""
    mine, other, together = club.mine, club.other, OF_CLUB * club.together
    if pack is not None:
        mine, other = np.concatenate([pack.mine, mine]), np.concatenate([pack.other, other])
        together = np.concatenate([pack.together, together])
    return _sum_shares(mine, other, together, taste.by_place, pooled_totals(club, pack))


def leading_books(
    taste: Taste, source: CoReads, totals: Floats, places: Ints, most: int
) -> dict[int, list[int]]:
    """Return the reader's books that add most to co_readers() of one source, for the books at ``places``.

    Maps the position of a book to the positions of the ``most`` books that add most to it, the largest first,
    without those that lower it. ``totals`` are the pooled_totals() of the evidence.
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
        leading = found.setdefault(place, [])
        if len(leading) < most:
            leading.append(book)
    return found


def pooled_totals(club: CoReads, pack: CoReads | None) -> Floats:
    """Return the number of readers of every book; a member of the club counts as three readers of a pack."""
    return OF_CLUB * club.totals if pack is None else pack.totals + OF_CLUB * club.totals


def endorsement_scores(
    taste: Taste, endorsements: Iterable[EndorsementSignal], library: Library, totals: Floats
) -> Floats:
    """Return the weight of endorsements of every book that name a book of the reader, as co_readers() counts.

    ``totals`` are the pooled_totals() of the evidence. A book that the reader disliked adds nothing.
    """
    known = list(endorsements)
    if not known:
        return np.zeros(len(totals))
    loved, has_loved = library.find(np.array([one.loved for one in known], dtype=np.int64))
    book, has_book = library.find(np.array([one.book for one in known], dtype=np.int64))
    strength = np.array([OF_CLUB * one.co_readers for one in known], dtype=np.float64)
    here = has_loved & has_book
    # "If you loved this" says nothing to those who did not.
    weights = np.maximum(taste.by_place, 0.0)
    return _sum_shares(loved[here], book[here], strength[here], weights, totals)


def known_readers(library: Library) -> Floats:
    """Return log(1 + known readers) of every book."""
    return np.log1p(library.known)


def editions(library: Library) -> Floats:
    """Return log(1 + known printings) of every book."""
    return np.log1p(library.editions)


def club_readers(club: CoReads) -> Floats:
    """Return log(1 + other members who have read it) of every book."""
    return np.log1p(club.totals)


def tag_profile(taste: Taste, library: Library) -> Floats:
    """Return the cosine between the TF-IDF tags of each book and those of all the reader's books together."""
    which, columns, values = library.tags.rows(taste.places)
    profile = sum_by_place(columns, values * taste.weights[which], len(library.tag_ids))
    length = float(np.sqrt(profile @ profile))
    # The books' own vectors have length 1, so that only the profile's length is left to divide by.
    # Clipping is faster than a check of each column, and there is none to clip.
    shares = profile.take(library.tags.columns, mode="clip")
    shares *= library.tags.values
    return sum_by_place(library.tag_rows, shares, len(library)) / (length or 1.0)


def tag_neighbours(taste: Taste, library: Library, among: Ints) -> Floats:
    """Return Σ wⱼ cos³ over the reader's weightiest books, so a few close ones beat many distant ones.

    Only for the candidates at the positions ``among``, since this is the costliest signal.
    """
    compared = heaviest(taste.weights, MOST_COMPARED)
    which, columns, values = library.tags.rows(taste.places[compared])
    mine = np.zeros((len(library.tag_ids), len(compared)))
    mine[columns, which] = values
    candidate, tags, theirs = library.tags.rows(among)
    cosines = np.zeros((len(among), len(compared)))
    # reduceat cannot add up empty rows, so only books with tags take part.
    filled, starts = np.unique(candidate, return_index=True)
    if len(filled):
        cosines[filled] = np.add.reduceat(mine[tags] * theirs[:, None], starts, axis=0)
    # The third power makes one close book outweigh many that share a common tag.
    return np.asarray(cosines**3 @ taste.weights[compared], dtype=np.float64)


def books_with_telling_tags(reads: Sequence[RatedRead]) -> set[int]:
    """Return the reader's books whose tags matter for an author's next book.

    Those are the books that tag_neighbours() compares, and the liked ones, whose tags give reasons.
    """
    compared = heaviest(unfaded_weights(reads), MOST_COMPARED)
    return {reads[row].book for row in compared.tolist()} | {read.book for read in reads if read.is_liked}


def same_author(taste: Taste, library: Library) -> Floats:
    """Return log(1 + Σ wⱼ over the reader's books by an author of the book), for the best of its authors."""
    which, authors, _ = library.authors.rows(taste.places)
    columns = np.searchsorted(library.author_ids, authors)
    by_author = sum_by_place(columns, taste.weights[which], len(library.author_ids))
    # A logarithm, since the tenth book by an author says less than the second.
    regard = np.log1p(np.maximum(by_author, 0.0))
    found = np.zeros(len(library))
    np.maximum.at(found, library.author_rows, regard[library.author_columns])
    return found


def near_in_time(taste: Taste, library: Library) -> Floats:
    """Return −log(1 + years between a book and the last book that the reader read by one of its authors).

    A reader who asks for an author's next book tends to continue near the one they read. The signal is 0 for
    authors that the reader has not read; an unknown year counts as FAR_AWAY.
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
    """Return 1 for the next book of every series that the reader has begun, −1 for a book that is too early.

    Too early are parts after the next one, and all but the first part of a series that is not begun.
    """
    found = library.later_parts.copy()
    # Few books are part of a series, so the others are left out first.
    parts, series = library.parts, library.series[library.parts]
    own = taste.places[(library.series[taste.places] != NO_SERIES) & ~np.isnan(library.number[taste.places])]
    furthest = np.full(1 + int(series.max(initial=0)), -np.inf)
    np.maximum.at(furthest, library.series[own], library.number[own])
    found[parts[library.number[parts] <= furthest[series]]] = 0.0
    for place in next_places(taste, library):
        found[place] = 1.0
    return found


def next_places(taste: Taste, library: Library) -> dict[int, int]:
    """Map the next book of each series that the reader has begun to the reader's book before it.

    That is the highest number that they finished and did not dislike. If they disliked a later one, nothing
    comes next. A part whose number is not whole (a novella between two) never comes next.
    """
    all_series, numbers = library.series[taste.places], library.number[taste.places]
    last: dict[int, int] = {}
    disliked: dict[int, float] = {}
    # Few books of a long shelf are numbered parts of a series, so the others are left out first.
    for row in np.flatnonzero((all_series != NO_SERIES) & ~np.isnan(numbers)).tolist():
        series, number = int(all_series[row]), float(numbers[row])
        if taste.reads[row].is_disliked:
            disliked[series] = max(disliked.get(series, 0.0), number)
        elif series not in last or number > library.number[last[series]]:
            last[series] = int(taste.places[row])
    # All later parts of all these series are found in one pass, which beats a search for each series.
    parts, part_series = library.parts, library.series[library.parts]
    after = np.full(1 + int(part_series.max(initial=0)), np.inf)
    for series, place in last.items():
        if disliked.get(series, 0.0) <= library.number[place]:
            after[series] = library.number[place]
    later = parts[library.number[parts] > after[part_series]]
    later = later[(library.number[later] % 1 == 0) & ~np.isin(later, taste.places)]
    later = later[np.lexsort((library.number[later], library.series[later]))]
    first = np.unique(library.series[later], return_index=True)[1]
    return {int(place): last[int(library.series[place])] for place in later[first]}


def _sum_shares(mine: Ints, other: Ints, together: Floats, weights: Floats, totals: Floats) -> Floats:
    # The steps work in place, which avoids copies of arrays with an entry for each pair of books.
    roots = np.sqrt(totals)
    shares = roots[mine]
    shares *= roots[other]
    shares += DAMPING
    np.divide(together, shares, out=shares)
    shares *= weights[mine]
    return sum_by_place(other, shares, len(totals))
