"""Settle a round: count its ballots for good, and forget the voters of private ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from ..extensions import db
from ..lib.tally import ballots as tally_ballots
from ..lib.tally import count, outcomes, papers, states
from ..members.models import Club
from ..members.queries import club_by_id
from ..notices.actions import notify_of_round, retract_of_round
from ..wal import forget_at_once
from . import queries, rules
from .models import Ballot, Nomination, Round, Tally


def settle(voting_round: Round, now: datetime, by_id: int | None = None) -> None:
    """Count a round for good, forget the voters of its private ballots, and tell the members the result.

    ``by_id`` is the organiser who ended it.
    """
    electors = queries.electorate_of(voting_round)
    voting_round.electorate = len(electors)
    ballots, key = list(queries.ballots_in(voting_round.id)), voting_round.ballot_key
    # A removal after the close changes nothing.
    if voting_round.drops_removed and key:
        # This needs the key, so it comes before the key is deleted: a private ballot has no name to find it
        # by.
        removed = {
            rules.voter_tag(key, who.member_id)
            for who in electors
            if who.removed_at is not None and who.removed_at < voting_round.voting_until_at
        }
        fallen = [ballot for ballot in ballots if ballot.voter in removed]
        for ballot in fallen:
            db.session.delete(ballot)
            ballots.remove(ballot)
        voting_round.fallen = len(fallen)
    # The turnout must be set before the count, which withholds the figures of too few private ballots.
    voting_round.turnout = len(ballots)
    _count(voting_round, ballots, now)
    voting_round.settled_at = now
    # Without the key nobody can tell any more whose a private ballot is.
    voting_round.ballot_key = None
    # SQLite's log would hold the deleted key for a while.
    forget_at_once()
    if voting_round.is_private:
        _rewrite_ballots(voting_round, ballots)
    won = voting_round.winner
    if won is not None:
        _set_current_book(won.book_id, now)
    # Who was reminded had not voted, which nobody needs to know any more.
    retract_of_round(voting_round.id, "round_opened", "round_ending")
    notify_of_round(queries.members_here(), "round_result", voting_round.id, by_id, now)


def recount(voting_round: Round, withdrawn: Nomination, now: datetime, by_id: int) -> None:
    """Count a settled round again without its winner, who was withdrawn, and keep both results.

    The club's current book becomes the new winner, with the same dates. ``by_id`` withdrew it.
    """
    notify_of_round(queries.members_here(), "round_result", voting_round.id, by_id, now)
    _count(voting_round, queries.ballots_in(voting_round.id), now, without=withdrawn)
    club = hold_club()
    # If the organisers have chosen another book meanwhile, that one stays.
    if club.current_book_id == withdrawn.book_id:
        won = voting_round.winner
        dates = (club.current_from, club.current_until) if won else (None, None)
        club.read(won.book_id if won else None, *dates)


def _count(
    voting_round: Round, ballots: Iterable[Ballot], now: datetime, without: Nomination | None = None
) -> None:
    """Count ballots over the standing nominations, and add the result as a tally."""
    found = outcomes.decide(
        election_of(voting_round, ballots), voting_round.electorate or 0, voting_round.quorum
    )
    # Figures of few private ballots would tell who voted how.
    kept = found.without_figures() if voting_round.withholds else found
    voting_round.outcome = found.outcome
    voting_round.tallies.append(
        Tally(
            round_id=voting_round.id,
            counted_at=now,
            without_id=without.id if without else None,
            winner_id=found.winner,
            count=kept.to_json() if outcomes.has_figures(found) else None,
        )
    )


def election_of(voting_round: Round, ballots: Iterable[Ballot]) -> count.Election:
    """The standing nominations and all ballots as they were cast; no nominations if voting never opened."""
    nominations = [each for each in voting_round.nominations if each.stands and voting_round.voting_opened_at]
    ids = tuple(nomination.id for nomination in nominations)
    return count.Election(
        kind=tally_ballots.kind_of(voting_round.method, ids),
        nominations=ids,
        casts=tuple(tally_ballots.Cast(ballot.receipt, ballot.ranking) for ballot in ballots),
        # These numbers are from when voting opened, so no shelf that changes later can decide a tie.
        readers={nomination.id: nomination.readers or 0 for nomination in nominations},
        secret=voting_round.lot,
    )


def _rewrite_ballots(voting_round: Round, ballots: Iterable[Ballot]) -> None:
    """Rewrite private ballots in the order of their receipts, with these in place of the voters' tags."""
    kept = sorted((ballot.receipt, ballot.ranks) for ballot in ballots)
    # Delete and insert, so that the table does not keep the order in which ballots were cast.
    db.session.flush()
    db.session.execute(delete(Ballot).where(Ballot.round_id == voting_round.id))
    db.session.add_all(
        # The voter is part of the primary key and cannot be empty. The receipt is as unique, and names
        # nobody.
        Ballot(round_id=voting_round.id, voter=receipt, receipt=receipt, ranks=ranks)
        for receipt, ranks in kept
    )


def _set_current_book(book_id: int, now: datetime) -> None:
    """Make the winner the club's current book, unless the club still reads another one."""
    club = hold_club()
    today = now.astimezone(ZoneInfo(club.time_zone)).date()
    if rules.is_free(today, club.current_book_id, club.current_until):
        club.read(book_id, *rules.reading_dates(today, None))


def hold_club() -> Club:
    """Load the club, locked until the transaction ends."""
    club: Club | None = club_by_id(1, lock=True)
    assert club is not None
    return club


def paper_of(voting_round: Round, ballots: Iterable[Ballot]) -> papers.Paper:
    """Published paper of a settled round: its rules and ballots, without any voter's name.

    If there are too few private ballots, neither they nor the lot are published. A round that was called off
    before voting opened has no nominations here: nobody could vote on them.
    """
    withheld = voting_round.withholds
    nominations, latest = voting_round.nominations, voting_round.tallies[-1]
    # Books withdrawn during the vote are not on the paper. A winner withdrawn later stays on it, since its
    # voters look for it there.
    before_close = [each for each in nominations if _was_voted_on(voting_round, each)]
    return papers.Paper(
        title=voting_round.title,
        method=voting_round.method,
        secrecy=voting_round.secrecy,
        quorum=voting_round.quorum,
        electorate=voting_round.electorate or 0,
        lot=None if withheld else voting_round.lot,
        lot_hash=voting_round.lot_hash,
        titles={each.id: each.title for each in before_close},
        readers={each.id: each.readers or 0 for each in before_close},
        withdrawn=tuple(each.id for each in before_close if not each.stands),
        casts=()
        if withheld
        else tuple(
            tally_ballots.Cast(
                ballot.receipt,
                tally_ballots.reduce_ranking(ballot.ranking, [each.id for each in before_close]),
            )
            for ballot in ballots
        ),
        winner=latest.winner_id,
        outcome=voting_round.outcome or states.VOID,
        withheld=withheld,
        digest=latest.count["digest"] if latest.count else None,
    )


def _was_voted_on(voting_round: Round, nomination: Nomination) -> bool:
    """Return True if members could vote on a nomination until the close."""
    opened, settled = voting_round.voting_opened_at, voting_round.settled_at
    if opened is None or nomination.withdrawn_at is None:
        return opened is not None
    return settled is not None and nomination.withdrawn_at >= settled
