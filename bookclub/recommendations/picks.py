"""Books that the club could read next, cached while nothing that they depend on has changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from ..books.models import Book
from ..extensions import db
from ..lib.recommender import club_choice, reasons
from ..lib.text.emphasis import Sentence
from .cache_queries import state_of_opinions
from .queries import books_by_id, shelves_of
from .scores import scored_for_each

# The choices for so many groups of members are cached.
PICKS_KEPT = 50


@dataclass(frozen=True)
class ClubPick:
    """A book that the club could read, with its reasons and its scores for those who take part.

    ``by_member`` has their ids and standardised scores, best first. Members in ``known_to`` have begun or
    read the book. ``heard`` is each member's share in the average.
    """

    book: Book
    reasons: Sequence[Sentence]
    score: float
    by_member: Sequence[tuple[int, float]]
    known_to: Collection[int]
    heard: Mapping[int, float]


def picks_for(member_ids: Sequence[int], chosen: Collection[int] = ()) -> Sequence[ClubPick] | None:
    """Choose three books for these members together, based on their public readings.

    Nobody is offered a book that one of them did not finish, rated two or less, or muted. Members whom the
    earlier books in ``chosen`` pleased least are heard most. None for a moment after a start, as long as the
    catalogue is not loaded.
    """
    found = _cached_picks(tuple(member_ids), frozenset(chosen))
    if found is None:
        return None
    books = books_by_id({pick.book for pick in found})
    return [
        ClubPick(
            books[pick.book],
            [
                said
                for said in (club_choice.pick_text(pick, len(member_ids)), club_choice.known_text(pick))
                if said
            ],
            pick.score,
            sorted(pick.by_member.items(), key=lambda entry: (-entry[1], entry[0])),
            pick.known_to,
            pick.heard,
        )
        for pick in found
        # A book that was chosen a while ago may be gone from the catalogue.
        if pick.book in books
    ]


# Choices per group of members and per database, with the state that they depend on.
Party = tuple[tuple[int, ...], frozenset[int]]
_PICKS: WeakKeyDictionary[Engine, tuple[object, dict[Party, Sequence[club_choice.ScoredPick]]]] = (
    WeakKeyDictionary()
)


def _cached_picks(
    member_ids: tuple[int, ...], chosen: frozenset[int]
) -> Sequence[club_choice.ScoredPick] | None:
    state = state_of_opinions()
    cached = _PICKS.get(db.engine)
    if cached is None or cached[0] != state:
        cached = _PICKS[db.engine] = (state, {})
    found = cached[1].get((member_ids, chosen))
    if found is None:
        found = _choose_picks(member_ids, chosen)
        if found is None:
            return None
        if len(cached[1]) >= PICKS_KEPT:
            # Anyone may ask for any group, so the number of cached choices is bounded.
            cached[1].clear()
        cached[1][member_ids, chosen] = found
    return found


def _choose_picks(
    member_ids: Sequence[int], chosen: Collection[int]
) -> Sequence[club_choice.ScoredPick] | None:
    shelves = shelves_of(member_ids, public=True)
    scored = scored_for_each(shelves)
    if scored is None:
        return None
    # Only the scores are kept of each member: the signals of twelve would take 50 MB.
    scored_by_member = {
        member_id: found.scored.without_signals()
        for member_id, found in scored
        if reasons.find_too_little(found.taste, found.scored) is None
    }
    reads = {member_id: shelf.reads for member_id, shelf in shelves.items()}
    refused = club_choice.vetoes(reads, {member_id: shelf.muted for member_id, shelf in shelves.items()})
    return (
        club_choice.club_picks(scored_by_member, refused, club_choice.satisfaction(reads, chosen))
        if scored_by_member
        else ()
    )
