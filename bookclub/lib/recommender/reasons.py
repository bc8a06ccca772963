"""Reasons for a recommendation: facts that can be looked up, taken from the signals that weighed most."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from . import signals
from . import weights as recommender_weights
from .library import NO_SERIES, Library
from .scorer import Evidence
from .taste import Taste
from .weights import Choice, Scored

ENOUGH_READ = 3  # A reader with fewer books shows no taste.
LEAST_GROUP = 3  # A count of fewer people is never shown.
LEAST_BOOKS = 2  # A tag gives a reason only if so many liked books share it.
LEADING = 4  # Only so many signals, those that contribute most, give reasons,
CITED = 3  # and only through so many of the reader's books, those that add most.
RARE = 0.1  # A tag is rare if at most this share of all books carries it,
RARE_BOOKS = 5  # or, in a small catalogue, at most this many books.


@dataclass(frozen=True)
class AlsoFinished:
    """``both`` of the ``of`` members who finished ``loved`` finished the book too, by visible readings."""

    loved: int
    both: int
    of: int


@dataclass(frozen=True)
class AlsoReadElsewhere:
    """``both`` of the ``of`` readers of ``loved`` in a neighbour pack also read the book."""

    loved: int
    both: int
    of: int


@dataclass(frozen=True)
class SharedTags:
    """Two rare tags that the book shares with ``books``, each rated four or more by the reader."""

    tags: tuple[int, int]
    books: tuple[int, ...]


@dataclass(frozen=True)
class Recommended:
    """The words of a member who endorsed the book to those who loved ``loved``."""

    endorsement: int
    member: int
    loved: int


@dataclass(frozen=True)
class MostRead:
    """No other candidate by ``author`` (None for any author) has as many readers, known ones or members.

    It is true of all unread books only if every unread book was a candidate, muted ones included.

    ``members`` is the number of members who finished it, None if the reason is readers elsewhere.
    """

    author: int | None
    members: int | None


@dataclass(frozen=True)
class NextInSeries:
    """The next number of a series after the last that the reader finished."""

    series: int
    after: int


@dataclass(frozen=True)
class SameAuthor:
    """The book is by an author whose ``books`` the reader rated four or more."""

    author: int
    books: tuple[int, ...]


Reason = AlsoFinished | AlsoReadElsewhere | SharedTags | Recommended | MostRead | NextInSeries | SameAuthor


@dataclass(frozen=True)
class TooLittle:
    """Too little evidence: ``finished`` of the ``needed`` books, or no signal that says anything."""

    finished: int
    needed: int = ENOUGH_READ


@dataclass(frozen=True)
class Facts:
    """Counts for one book, read from the database in the same request as the page that cites them.

    ``finished`` and ``elsewhere`` map the reader's books that cited_books() names, in its order, to two
    counts: how many finished both books, and how many finished that one. ``finished`` counts members whose
    readings are visible (the reader included), ``elsewhere`` the pack's readers. ``members`` is the number
    of such members who finished the book itself, ``author`` the author that was asked about. A fact that is
    missing here gives no reason.
    """

    finished: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    elsewhere: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    members: int = 0
    author: int | None = None


def find_too_little(taste: Taste, scored: Scored) -> TooLittle | None:
    """Return TooLittle if the reader has fewer than ENOUGH_READ books or no signal says anything.

    The number of readers of a book says nothing about this reader, so nothing is recommended on that alone.
    """
    common = {
        recommender_weights.CLUB_READERS,
        recommender_weights.KNOWN_READERS,
        recommender_weights.EDITIONS,
    }
    own_signals = zip(scored.signals, scored.standardised, strict=True)
    says_something = any(name not in common and values.any() for name, values in own_signals)
    return None if len(taste) >= ENOUGH_READ and says_something else TooLittle(len(taste))


def cited_books(
    library: Library, taste: Taste, evidence: Evidence, books: Collection[int]
) -> dict[int, tuple[int, ...]]:
    """Return for each of some ``books`` the reader's books whose co-readers count most, all by id.

    The caller must count these again for the page, see Facts.
    """
    places = library.places(books)
    found: dict[int, dict[int, None]] = {book: {} for book in books}
    for source in (evidence.club, evidence.pack):
        if source is not None:
            leading = signals.leading_books(taste, source, evidence.totals, places, CITED)
            for place, spots in leading.items():
                found[int(library.ids[place])].update(dict.fromkeys(library.ids[spots].tolist()))
    return {book: tuple(cited) for book, cited in found.items()}


def telling_signals(choices: Iterable[Choice]) -> frozenset[str]:
    """Return the signals that can give a reason for one of the choices."""
    leading = (share for choice in choices for share in choice.leading(LEADING))
    return frozenset(share.signal for share in leading if share.raw > 0)


def choose_reasons(
    library: Library, taste: Taste, evidence: Evidence, scored: Scored, choice: Choice, facts: Facts
) -> tuple[Reason, ...]:
    """Return the reasons for one choice, the weightiest first.

    Only the LEADING signals that contribute most may give reasons, one each, and only if they lift the book.
    No count is below its minimum (LEAST_GROUP, LEAST_BOOKS).
    """
    found: list[Reason] = []
    for share in choice.leading(LEADING):
        for reason in _reasons(share.signal, library, taste, evidence, scored, choice, facts):
            if reason not in found:
                found.append(reason)
    return tuple(found)


def _reasons(
    signal: str,
    library: Library,
    taste: Taste,
    evidence: Evidence,
    scored: Scored,
    choice: Choice,
    facts: Facts,
) -> Iterable[Reason]:
    place = int(library.places([choice.book])[0])
    if signal == recommender_weights.CO_READERS:
        return _co_reader_reasons(taste, facts)
    if signal == recommender_weights.ENDORSEMENTS:
        return _endorsement_reasons(taste, evidence.endorsements, choice.book)
    if signal in (recommender_weights.TAG_PROFILE, recommender_weights.TAG_NEIGHBOURS):
        return _tag_reasons(library, taste, place)
    if signal in (recommender_weights.CLUB_READERS, recommender_weights.KNOWN_READERS):
        return _most_read_reasons(signal, scored, choice, facts)
    if signal == recommender_weights.NEXT_IN_SERIES:
        return _series_reasons(library, taste, place)
    if signal == recommender_weights.SAME_AUTHOR and facts.author is None:
        return _author_reasons(library, taste, place)
    return []


def _co_reader_reasons(taste: Taste, facts: Facts) -> Iterable[Reason]:
    for counts, kind in ((facts.finished, AlsoFinished), (facts.elsewhere, AlsoReadElsewhere)):
        for loved in counts:
            both, of = counts[loved] if loved in taste.finished else (0, 0)
            if min(both, of) >= LEAST_GROUP:
                # The books come in the order of their weight, so the first one is enough.
                yield kind(loved, both, of)
                break


def _endorsement_reasons(
    taste: Taste, endorsements: Sequence[signals.EndorsementSignal], book: int
) -> Iterable[Reason]:
    weights = dict(zip((read.book for read in taste.reads), taste.weights.tolist(), strict=True))
    about_book = [one for one in endorsements if one.book == book and weights.get(one.loved, 0.0) > 0]
    about_book.sort(key=lambda one: (-weights[one.loved] * one.co_readers, one.id))
    return [Recommended(one.id, one.member, one.loved) for one in about_book[:1]]


def _tag_reasons(library: Library, taste: Taste, place: int) -> Iterable[Reason]:
    rarest = max(RARE_BOOKS, RARE * library.of_books)
    carried = {column: library.carriers[column] for column in library.tags.row(place)}
    rare = sorted((column for column in carried if carried[column] <= rarest), key=lambda c: (carried[c], c))
    if len(rare) < 2:
        return []
    which, columns, _ = library.tags.rows(taste.places[taste.liked])
    carrying = {column: set(taste.liked[which[columns == column]].tolist()) for column in rare}
    best: tuple[float, SharedTags] | None = None
    for pair in combinations(rare, 2):
        both = sorted(carrying[pair[0]] & carrying[pair[1]])
        rarity = -float(np.log(carried[pair[0]] * carried[pair[1]]))
        if len(both) >= LEAST_BOOKS and (best is None or rarity > best[0]):
            books = tuple(taste.reads[one].book for one in both)
            best = rarity, SharedTags((int(library.tag_ids[pair[0]]), int(library.tag_ids[pair[1]])), books)
    return [best[1]] if best else []


def _series_reasons(library: Library, taste: Taste, place: int) -> Iterable[Reason]:
    """Give a reason only for the very next number: if it is missing, a later one is not "the next"."""
    after = signals.next_places(taste, library).get(place) if library.series[place] != NO_SERIES else None
    if after is None or library.number[place] != np.floor(library.number[after]) + 1:
        return []
    return [NextInSeries(int(library.series[place]), int(library.ids[after]))]


def _most_read_reasons(signal: str, scored: Scored, choice: Choice, facts: Facts) -> Iterable[Reason]:
    """Give a reason only if no other candidate has as many readers."""
    values = scored.raw[scored.signals.index(signal)]
    mine = next(share.raw for share in choice.shares if share.signal == signal)
    if len(values) < 2 or np.count_nonzero(values >= mine) > 1:
        return []
    if signal == recommender_weights.KNOWN_READERS:
        return [MostRead(facts.author, None)]
    return [MostRead(facts.author, facts.members)] if facts.members >= LEAST_GROUP else []


def _author_reasons(library: Library, taste: Taste, place: int) -> Iterable[Reason]:
    which, authors, _ = library.authors.rows(taste.places[taste.liked])
    for author in library.authors.row(place):
        liked = taste.liked[which[authors == author]].tolist()
        if liked:
            return [SameAuthor(author, tuple(taste.reads[one].book for one in liked))]
    return []
