"""A book comes into a round: what the rules have against it, and the runners-up of the round before."""

from __future__ import annotations

from datetime import datetime

from ...accounts.models import Club
from ...accounts.queries import club_by_id
from ...books.models import Book
from ...extensions import db
from .. import rules
from ..models import Nomination, Round
from ..queries import electorate_of
from ..queries.entering import books_that_won, readers_here, won_by_authors_of


def problem_with(voting_round: Round, book: Book, member_id: int, now: datetime) -> str | None:
    """Why a member cannot nominate a book in a round, in words; None if they can."""
    nominations = voting_round.nominations
    problem = rules.nomination_problem(
        by=next((each.member.display_name for each in nominations if each.book_id == book.id), None),
        own=sum(each.member_id == member_id for each in nominations),
        total=len(nominations),
        most=voting_round.most_nominations,
    )
    if problem is None and voting_round.exclude_share:
        readers, electorate = readers_here(book.id), len(electorate_of(voting_round))
        problem = rules.exclusion_problem(readers, electorate, voting_round.exclude_share)
    if problem is None and voting_round.author_pause:
        since = rules.months_before(now, voting_round.author_pause)
        won = won_by_authors_of(book.id, since)
        problem = rules.pause_problem(won.author, won.title, voting_round.author_pause) if won else None
    return problem


def nominate(
    voting_round: Round,
    book: Book,
    member_id: int,
    pitch: str,
    now: datetime,
    *,
    carried_from: Nomination | None = None,
) -> Nomination:
    """Propose a book to a round, by the label that it has now; a runner-up by that of its own vote."""
    nomination = Nomination(
        book=book,
        member_id=member_id,
        pitch=pitch,
        as_nominated=(carried_from.label if carried_from else book.label).to_json(),
        carried_from_id=carried_from.round_id if carried_from else None,
        nominated_at=now,
    )
    voting_round.nominations.append(nomination)
    db.session.flush()
    return nomination


def carry_over(earlier: Round, voting_round: Round, now: datetime) -> None:
    """Nominate the runners-up of an earlier round again in a new one, by whoever did so there.

    Not what the club reads, what has won by now, what the new round's rules leave out, or what somebody
    nominated who is not here any more: those behind move up.
    """
    club: Club | None = club_by_id(1, lock=False)
    counted = earlier.tallies[-1].count if earlier.tallies else None
    if club is None or counted is None:
        return
    known = {each.id: each for each in earlier.nominations}
    done = {club.current_book_id, *books_that_won()}
    runners = rules.runners_up(rules.Count.from_json(counted), len(known))
    left = earlier.carries_over
    for nomination in (known[each] for each in runners):
        is_out = nomination.book_id in done or not nomination.member.is_active
        if left and not is_out and not problem_with(voting_round, nomination.book, nomination.member_id, now):
            nominate(
                voting_round,
                nomination.book,
                nomination.member_id,
                nomination.pitch,
                now,
                carried_from=nomination,
            )
            left -= 1
