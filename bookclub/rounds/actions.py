"""Open a round, change its rules, nominate and withdraw books, and cast ballots."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..books.models import Book
from ..extensions import db
from ..jobs import enqueue
from ..lib.tally import count, lots, runners_up, states
from ..lib.text.shown_text import typed
from ..members.models import Club, Member
from ..members.queries import club_by_id
from ..notices.actions import add_notices_of_round, notify_of_round, retract_of_round
from ..threads.actions import open_thread
from . import queries, rules
from .models import Ballot, Nomination, Round, RoundEvent
from .queries import books_that_won, electorate_of, round_to_carry_from, won_by_authors_of
from .reader_queries import readers_here
from .settlement import recount

# The kind of the job that changes rounds by the clock, and its key: one such job waits at any time.
JOB = "rounds"


def problem_with(voting_round: Round, book: Book, nominator_id: int, now: datetime) -> str | None:
    """Return a sentence that says why a member cannot nominate a book in a round, or None if they can."""
    nominations = voting_round.nominations
    problem = rules.nomination_problem(
        by=next((each.member.display_name for each in nominations if each.book_id == book.id), None),
        own=sum(each.member_id == nominator_id for each in nominations),
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
    nominator_id: int,
    pitch: str,
    now: datetime,
    *,
    carried_from: Nomination | None = None,
) -> Nomination:
    """Nominate a book with its current label; a runner-up keeps the label of its own vote.

    ``carried_from`` is the runner-up's nomination in the earlier round.
    """
    nomination = Nomination(
        book=book,
        member_id=nominator_id,
        pitch=pitch,
        as_nominated=(carried_from.label if carried_from else book.label).to_json(),
        carried_from_id=carried_from.round_id if carried_from else None,
        nominated_at=now,
    )
    voting_round.nominations.append(nomination)
    # The caller needs the id of the nomination.
    db.session.flush()
    return nomination


def carry_over(earlier: Round, voting_round: Round, now: datetime) -> None:
    """Nominate the runners-up of an earlier round in a new one, each by the member who nominated it there.

    Left out are the book that the club reads, books that have won by now, books that the new round's rules
    exclude, and nominations by members who are not here any more. The next runners-up take their places.
    """
    club: Club | None = club_by_id(1, lock=False)
    counted = earlier.tallies[-1].count if earlier.tallies else None
    # Without a quorum nothing was counted, so no book came second.
    if club is None or counted is None:
        return
    known = {each.id: each for each in earlier.nominations}
    done = {club.current_book_id, *books_that_won()}
    # All of them are asked for, because some are left out below.
    runners = runners_up.runners_up(count.Count.from_json(counted), len(known))
    left = earlier.carries_over
    for nomination in (known[each] for each in runners):
        is_out = nomination.book_id in done or not nomination.member.is_active
        # Each is asked about after the ones before it were nominated, since those count towards the new
        # round's limits.
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


def note(voting_round: Round, kind: str, member: Member, now: datetime, **more: datetime | int) -> None:
    """Record in a round's history that a member did something, with the columns of that kind of event."""
    db.session.add(
        RoundEvent(round_id=voting_round.id, kind=kind, member_id=member.id, happened_at=now, **more)
    )


def open_round(
    plan: rules.RoundPlan, organiser: Member, now: datetime, submission: str | None = None
) -> Round:
    """Open a round with a thread under its title, and nominate the runners-up of the round before.

    Both secrets of the round are drawn now, so that nothing that anyone does later can influence them. There
    are runners-up only if the rules of the round before say so. ``submission`` is the mark of the form.
    """
    # This must come before the new round is added, which would seem to have these runners-up already.
    earlier = round_to_carry_from()
    # The thread has no book: members talk about several, so every comment is declared safe for everybody.
    thread = open_thread(None, organiser, plan.title, 0, now, of_round=True)
    # The hash is published at once, so that nobody can choose the lot later.
    lot = secrets.token_hex(32)
    voting_round = Round(
        **asdict(plan),
        ballot_key=secrets.token_hex(32),
        lot=lot,
        lot_hash=lots.sha256_hex(lot),
        thread=thread,
        opened_by_id=organiser.id,
        opened_at=now,
        submission=submission,
        # An empty list counts as loaded. Without it, adding a nomination after the flush would raise, as
        # relationships load nothing by themselves.
        nominations=[],
        tallies=[],
    )
    db.session.add(voting_round)
    if earlier is not None:
        carry_over(earlier, voting_round, now)
    db.session.flush()
    notify_of_round(queries.members_here(), "round_opened", voting_round.id, organiser.id, now)
    schedule(voting_round, now)
    return voting_round


def schedule(voting_round: Round, now: datetime) -> None:
    """Let the job of the rounds run when the clock next has something to do in this one."""
    due_at = rules.next_moment(voting_round.times, now)
    if due_at is not None:
        enqueue(JOB, key=JOB, due_at=due_at)


def change_plan(voting_round: Round, plan: rules.RoundPlan, organiser: Member, now: datetime) -> None:
    """Change the rules of a round before its vote opens.

    The change is recorded in the round's history, for everybody to see.
    """
    before = plan_of(voting_round)
    # A form that changes nothing adds no line to the history that everybody reads.
    if plan == before:
        return
    for name, value in asdict(plan).items():
        setattr(voting_round, name, value)
    voting_round.thread.title = plan.title
    schedule(voting_round, now)
    note(voting_round, "changed", organiser, now)


def plan_of(voting_round: Round) -> rules.RoundPlan:
    # The title is read with its spoilers hidden, but its organiser's form has to show it as it was typed.
    columns: dict[str, Any] = {
        name: getattr(voting_round, name) for name in rules.RoundPlan.__dataclass_fields__
    }
    return rules.RoundPlan(**columns | {"title": typed(voting_round.title)})


def withdraw(voting_round: Round, nomination: Nomination, member: Member, now: datetime) -> None:
    """Withdraw a nomination; the effect depends on the state of the round.

    Before voting it is deleted. Later it is struck from the ballots whenever they are read, and no stored
    ballot changes. After the close the round is counted again without it, and the first result is kept.
    """
    state = voting_round.state(now)
    if state == states.NOMINATING:
        # No ballot can name it yet, and without the row the book can be nominated again.
        voting_round.nominations.remove(nomination)
        db.session.delete(nomination)
        return
    nomination.withdrawn_at = now
    note(voting_round, "withdrawn", member, now, nomination_id=nomination.id)
    if state == states.CLOSED:
        recount(voting_round, nomination, now, member.id)


def cast(
    voting_round: Round, member: Member, ranking: Mapping[int, int], now: datetime, *, by_link: bool = False
) -> Ballot:
    """Store a member's ballot in place of their earlier one, if any.

    A private ballot stores neither name nor time. Its receipt stays the same, unless an organiser's link has
    set the member's password since: then it gets a new one, since someone else may have seen the old one.
    ``by_link`` says that it came by the signed link in a mail.
    """
    key = voting_round.ballot_key
    # The key is deleted when the round is settled, and nobody votes after that.
    assert key is not None
    seal = _seal_for(voting_round, member, by_link=by_link)
    ballot = queries.ballot_of(voting_round, member)
    if ballot is None:
        ballot = Ballot(round_id=voting_round.id, voter=rules.voter_tag(key, member.id))
        db.session.add(ballot)
    if ballot.receipt is None or ballot.seal != seal:
        ballot.receipt = lots.make_receipt(secrets.token_bytes(16))
    ballot.ranks = {str(nomination): place for nomination, place in sorted(ranking.items())}
    ballot.seal = seal
    if not voting_round.is_private:
        ballot.member_id, ballot.cast_at = member.id, now
    retract_of_round(voting_round.id, "round_ending", member_id=member.id)
    return ballot


def cast_by_link(voting_round: Round, member: Member, ranking: Mapping[int, int], now: datetime) -> None:
    """Store the ballot of a member whose signed link was used, and tell them of it, but not how it votes."""
    before, seal = queries.ballot_of(voting_round, member), _seal_for(voting_round, member, by_link=True)
    # The same ballot again is a second click.
    if before is not None and (before.ranking, before.seal) == (ranking, seal):
        return
    cast(voting_round, member, ranking, now, by_link=True)
    retract_of_round(voting_round.id, "ballot_by_link", member_id=member.id)
    add_notices_of_round([member.id], "ballot_by_link", voting_round.id, None, now)


def _seal_for(voting_round: Round, member: Member, *, by_link: bool) -> str | None:
    """Seal of a ballot that is cast now; an open one needs none, as every member reads it after the close."""
    key = voting_round.ballot_key
    if key is None or not voting_round.is_private:
        return None
    return rules.seal_of(key, member.id, None if by_link else member.password_reset_at)
