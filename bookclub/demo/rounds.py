"""Rounds of the sample club: one that is over, and one that is open for voting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ..books.models import Book
from ..extensions import db
from ..members.models import Member
from ..rounds.actions import cast, nominate, open_round
from ..rounds.clock import begin_voting
from ..rounds.models import Round
from ..rounds.queries import round_to_act_on
from ..rounds.rules import RoundPlan
from ..rounds.settlement import settle


def stage_round(
    entry: Mapping[str, Any],
    members: Mapping[str, Member],
    books: Mapping[str, Book],
    at: Callable[[float], datetime],
) -> Round:
    """Open a round as its entry says, nominate and vote in it, and settle it if its close has passed."""
    opened, voting, close = (at(entry[f"{name}_days"]) for name in ("opened", "voting", "close"))
    plan = RoundPlan(entry["title"], voting, close, secrecy=entry["secrecy"])
    fresh = open_round(plan, members["olive"], opened)
    db.session.flush()
    for nomination in entry["nomination"]:
        book, member = books[nomination["book"]], members[nomination["member"]]
        nominate(fresh, book, member.id, nomination["pitch"], opened)
    db.session.flush()
    # The round is loaded again, together with the nominations that were just added.
    db.session.expire(fresh)
    voting_round: Round | None = round_to_act_on(fresh.id, lock=True)
    assert voting_round is not None
    begin_voting(voting_round, voting)
    # Ballots name nominations, and the entries name books.
    ids = {each.book_id: each.id for each in voting_round.nominations}
    for username, order in entry["ballots"].items():
        ranking = {ids[books[key].id]: place for place, key in enumerate(order, 1)}
        cast(voting_round, members[username], ranking, voting)
    db.session.flush()
    # It is settled at its close, as if someone had looked at it just then.
    if close <= at(0):
        settle(voting_round, close)
    return voting_round
