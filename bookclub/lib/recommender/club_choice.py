"""Choices for the club's next book, from the rankings of its members."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..text.emphasis import Sentence, fill, kept, make_sentence
from ..text.messages import gettext as _
from ..text.messages import ngettext
from .sparse import Floats
from .taste import RatedRead
from .weights import Scored, standardise

CHOICES = 3
NO_BOOK = 0
PATIENCE = 0.3  # Keeps the weight of a member finite whom no earlier choice has pleased.


@dataclass(frozen=True)
class ScoredPick:
    """A choice for the club: the average of its members' standardised scores, and each member's score.

    ``known_to`` are the members who have begun or read it, for whom it counts as an average book. ``heard``
    is each member's share of the average; the shares add up to 1.
    """

    book: int
    score: float
    by_member: Mapping[int, float]
    known_to: frozenset[int]
    heard: Mapping[int, float]


def vetoes(
    reads: Mapping[int, Sequence[RatedRead]], muted: Mapping[int, Collection[int]]
) -> dict[int, set[int]]:
    """Return the books that each member rules out for the club, by stated facts only.

    A member rules out a book that they did not finish, rated two stars or less, or muted ("not for me").
    Nothing is inferred from a score.
    """
    members = reads.keys() | muted.keys()
    return {
        member: {read.book for read in reads.get(member, ()) if read.is_disliked} | set(muted.get(member, ()))
        for member in sorted(members)
    }


def satisfaction(reads: Mapping[int, Sequence[RatedRead]], chosen: Collection[int]) -> dict[int, float]:
    """Count the club's earlier choices that each member rated four stars or more.

    An unrated book counts 0, since nobody knows whether it pleased them.
    """
    return {
        member: float(sum(read.is_liked for read in theirs if read.book in chosen))
        for member, theirs in reads.items()
    }


def club_picks(
    rankings: Mapping[int, Scored],
    vetoed: Mapping[int, Collection[int]],
    gained: Mapping[int, float] | None = None,
    most: int = CHOICES,
) -> tuple[ScoredPick, ...]:
    """Pick the ``most`` books with the highest average of the members' standardised scores, without vetoes.

    ``rankings`` are by member, from one library, over the same books or different ones. A book that is not a
    candidate for a member (they have read it) counts 0 for them, their average: the club may read again a
    book that some know. With ``gained``, the satisfaction() from earlier choices (0 or more), a member weighs
    1/(PATIENCE + gained), so the members who got least so far count most. Equal averages are ordered by
    the ids of the books.
    """
    members = sorted(rankings)
    if not members:
        return ()
    width = 1 + max((int(one.places.max()) for one in rankings.values() if len(one)), default=-1)
    weights = {one: 1.0 / (PATIENCE + max((gained or {}).get(one, 0.0), 0.0)) for one in members}
    heard = {one: weight / sum(weights.values()) for one, weight in weights.items()}
    books, averages = np.full(width, NO_BOOK), np.zeros(width)
    scores: dict[int, Floats] = {}
    for member, part in heard.items():
        columns = rankings[member].places
        scores[member] = standardise(rankings[member].scores)
        books[columns] = rankings[member].books
        averages[columns] += part * scores[member]
    # A book without a candidate, or with a veto, is no book here.
    refused = {book for theirs in vetoed.values() for book in theirs}
    books[np.isin(books, list(refused))] = NO_BOOK
    free = np.flatnonzero(books != NO_BOOK)
    # Rounding keeps the last bits of a float from deciding between equal averages.
    descending = -np.round(averages[free], 9)
    # Only the best and their ties are sorted: a catalogue is long, and ``most`` is small.
    if 0 < most < len(free):
        is_best = descending <= np.partition(descending, most - 1)[most - 1]
        free, descending = free[is_best], descending[is_best]
    order = free[np.lexsort((books[free], descending))]
    picks = []
    # Each member's place of a book is searched for only now, since three books need it and not 60 000.
    for column in order[:most].tolist():
        rows = {member: np.flatnonzero(rankings[member].places == column) for member in members}
        by_member = {member: float(scores[member][row[0]]) for member, row in rows.items() if len(row)}
        known_to = frozenset(members) - by_member.keys()
        picks.append(ScoredPick(int(books[column]), float(averages[column]), by_member, known_to, heard))
    return tuple(picks)


def pick_text(pick: ScoredPick, of: int) -> Sentence:
    """Say for how many of the ``of`` participants the pick is better than an average book."""
    better = sum(score > 0 for score in pick.by_member.values())
    if of == 1:
        return make_sentence(_("Better than an average book for the member who takes part."))
    if better == of:
        said = ngettext(
            "Better than an average book for the %(num)s member who takes part.",
            "Better than an average book for all %(num)s who take part.",
            of,
        )
        return make_sentence(said)
    if not better:
        said = ngettext(
            "Better than an average book for none of the %(num)s member who takes part.",
            "Better than an average book for none of the %(num)s who take part.",
            of,
        )
        return make_sentence(said)
    said = ngettext(
        "Better than an average book for %(better)s of the %(num)s member who takes part.",
        "Better than an average book for %(better)s of the %(num)s who take part.",
        of,
        **kept("better"),
    )
    return fill(said, better=better)


def known_text(pick: ScoredPick) -> Sentence | None:
    """Say how many participants have begun or read the pick, or return None if nobody has."""
    known = len(pick.known_to)
    said = ngettext("%(num)s has begun or read it.", "%(num)s have begun or read it.", known)
    return make_sentence(said) if known else None
