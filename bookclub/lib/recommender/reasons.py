"""Why a book is recommended: values that cite what can be looked up, chosen among what weighed most."""

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

ENOUGH_READ = 3  # With fewer books of the reader's there is no taste to speak of.
LEAST_GROUP = 3  # No count of fewer people is ever shown.
LEAST_BOOKS = 2  # Tags are shared with at least so many liked books.
LEADING = 4  # Only the signals that contribute the most give reasons,
CITED = 3  # and only through the books of the reader's that add the most.
RARE = 0.1  # A tag is rare that at most so large a share of all books carries,
RARE_BOOKS = 5  # or in a small catalogue so many books.


@dataclass(frozen=True)
class AlsoFinished:
    """``both`` of the ``of`` members who finished ``loved`` finished the book, readings that may be seen."""

    loved: int
    both: int
    of: int


@dataclass(frozen=True)
class AlsoReadElsewhere:
    """The same among the readers of a neighbour pack."""

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
    """No candidate by ``author`` (None: of all) has as many readers, known ones or members.

    It is true of unread books only where every unread one was a candidate, whatever was muted.

    ``members`` is how many of the club finished it, None where the reason is readers elsewhere.
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
    """By an author of whose books the reader rated ``books`` four or more."""

    author: int
    books: tuple[int, ...]


Reason = AlsoFinished | AlsoReadElsewhere | SharedTags | Recommended | MostRead | NextInSeries | SameAuthor


@dataclass(frozen=True)
class TooLittle:
    """There is too little to go on: ``finished`` books, of the ``needed``, or none that tells anything."""

    finished: int
    needed: int = ENOUGH_READ


@dataclass(frozen=True)
class Facts:
    """Counts for one book, read from the database in the same request as the page that cites them.

    ``finished`` and ``elsewhere`` say for those books of the reader's that cited_books() names, in its order,
    how many finished both and how many finished it: of members whose readings may be seen (the reader is one
    of them), and of the pack's readers. ``members`` is how many such members finished the book itself,
    ``author`` the author that was asked about. What is not here gives no reason.
    """

    finished: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    elsewhere: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    members: int = 0
    author: int | None = None


def too_little(taste: Taste, scored: Scored) -> TooLittle | None:
    """TooLittle where fewer than three books are known of the reader, or none tells anything.

    How many readers a book has tells nothing about this reader, so on that alone nothing is recommended.
    """
    common = {
        recommender_weights.CLUB_READERS,
        recommender_weights.KNOWN_READERS,
        recommender_weights.EDITIONS,
    }
    own = zip(scored.signals, scored.standardised, strict=True)
    tells = any(name not in common and values.any() for name, values in own)
    return None if len(taste) >= ENOUGH_READ and tells else TooLittle(len(taste))


def cited_books(
    library: Library, taste: Taste, evidence: Evidence, books: Collection[int]
) -> dict[int, tuple[int, ...]]:
    """The reader's books through which co-readers speak most for each of some ``books``, all by their ids.

    These are to be counted afresh.
    """
    places = library.places(books)
    found: dict[int, dict[int, None]] = {book: {} for book in books}
    for source in (evidence.club, evidence.pack):
        if source is not None:
            leading = signals.leading_books(taste, source, evidence.totals, places, CITED)
            for place, spots in leading.items():
                found[int(library.ids[place])].update(dict.fromkeys(library.ids[spots].tolist()))
    return {book: tuple(cited) for book, cited in found.items()}


def choose(
    library: Library, taste: Taste, evidence: Evidence, scored: Scored, choice: Choice, facts: Facts
) -> tuple[Reason, ...]:
    """The reasons for one choice, the weightiest first: at most one a signal, each with its floor met.

    Only signals among the four that contribute most, and that lift the book, may speak.
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
        return _co_readers(taste, facts)
    if signal == recommender_weights.ENDORSEMENTS:
        return _endorsements(taste, evidence.endorsements, choice.book)
    if signal in (recommender_weights.TAG_PROFILE, recommender_weights.TAG_NEIGHBOURS):
        return _tags(library, taste, place)
    if signal in (recommender_weights.CLUB_READERS, recommender_weights.KNOWN_READERS):
        return _most_read(signal, scored, choice, facts)
    if signal == recommender_weights.NEXT_IN_SERIES:
        return _next_in_series(library, taste, place)
    if signal == recommender_weights.SAME_AUTHOR and facts.author is None:
        return _same_author(library, taste, place)
    return []


def _co_readers(taste: Taste, facts: Facts) -> Iterable[Reason]:
    for counts, kind in ((facts.finished, AlsoFinished), (facts.elsewhere, AlsoReadElsewhere)):
        for loved in counts:
            both, of = counts[loved] if loved in taste.finished else (0, 0)
            if min(both, of) >= LEAST_GROUP:
                yield kind(loved, both, of)
                break


def _endorsements(
    taste: Taste, endorsements: Sequence[signals.EndorsementSignal], book: int
) -> Iterable[Reason]:
    weights = dict(zip((read.book for read in taste.reads), taste.weights.tolist(), strict=True))
    told = [one for one in endorsements if one.book == book and weights.get(one.loved, 0.0) > 0]
    told.sort(key=lambda one: (-weights[one.loved] * one.co_readers, one.id))
    return [Recommended(one.id, one.member, one.loved) for one in told[:1]]


def _tags(library: Library, taste: Taste, place: int) -> Iterable[Reason]:
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


def _next_in_series(library: Library, taste: Taste, place: int) -> Iterable[Reason]:
    """Only the very next number: where the catalogue lacks some, what follows is not "the next"."""
    after = signals.next_places(taste, library).get(place) if library.series[place] != NO_SERIES else None
    if after is None or library.number[place] != np.floor(library.number[after]) + 1:
        return []
    return [NextInSeries(int(library.series[place]), int(library.ids[after]))]


def _most_read(signal: str, scored: Scored, choice: Choice, facts: Facts) -> Iterable[Reason]:
    """Only where no other candidate has as many readers."""
    values = scored.raw[scored.signals.index(signal)]
    mine = next(share.raw for share in choice.shares if share.signal == signal)
    if len(values) < 2 or np.count_nonzero(values >= mine) > 1:
        return []
    if signal == recommender_weights.KNOWN_READERS:
        return [MostRead(facts.author, None)]
    return [MostRead(facts.author, facts.members)] if facts.members >= LEAST_GROUP else []


def _same_author(library: Library, taste: Taste, place: int) -> Iterable[Reason]:
    which, authors, _ = library.authors.rows(taste.places[taste.liked])
    for author in library.authors.row(place):
        liked = taste.liked[which[authors == author]].tolist()
        if liked:
            return [SameAuthor(author, tuple(taste.reads[one].book for one in liked))]
    return []
