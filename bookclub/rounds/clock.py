"""Changes that the clock makes to a round, and those that organisers make before it does."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from ..books.events import on_edit
from ..extensions import db, is_trouble_with_storage
from ..lib.positions.visibility import Viewer
from ..lib.tally import states
from ..members.models import Member
from ..notices.actions import notify_of_round
from . import queries
from .actions import note, schedule
from .interest_queries import interest_in
from .models import Round
from .settlement import settle

log = logging.getLogger(__name__)


def catch_up(now: datetime) -> None:
    """Apply the clock to all due rounds before a page is shown.

    Each round has a short transaction of its own, so that no job has to run. A round that someone else is
    writing to is left to the next page, and shows as "counting" until then.
    """
    due = queries.due_rounds(now)
    # The option below must come before a transaction's first statement.
    if due:
        db.session.close()
    for round_id in due:
        try:
            db.session.connection(execution_options={"writes": "if free"})
            # Another request may have settled the round since it was found due, so advance() asks again under
            # the lock.
            voting_round = queries.round_to_act_on(round_id, lock=True)
            if voting_round is not None and advance(voting_round, now):
                db.session.commit()
        except DBAPIError as problem:
            # A busy database is no error here: the next page tries again.
            if not is_trouble_with_storage(problem):
                raise
            log.info("round %d is left to the next page: %s", round_id, problem.orig)
        finally:
            # The next round, and the page itself, need a transaction of their own.
            db.session.close()


def advance(voting_round: Round, now: datetime) -> bool:
    """Apply the clock to a round that the caller has locked. Return True if that changed anything."""
    if not states.is_due(voting_round.times, now):
        return False
    if voting_round.voting_opened_at is None:
        # Voting opened at the deadline, whenever someone happens to look.
        begin_voting(voting_round, voting_round.nominations_until_at)
    # Without nominations begin_voting() has settled the round already.
    if voting_round.settled_at is None and now >= voting_round.voting_until_at:
        settle(voting_round, now)
    return True


@on_edit
def catch_up_first(now: datetime) -> None:
    """Apply the clock to all due rounds in the caller's transaction.

    Called before a book is edited: a vote that opened an hour ago keeps the titles that its books had then,
    even if nobody has looked at it since.
    """
    for round_id in queries.due_rounds(now):
        voting_round = queries.round_to_act_on(round_id, lock=True)
        if voting_round is not None:
            advance(voting_round, now)
    db.session.flush()


def begin_voting(voting_round: Round, now: datetime, by_id: int | None = None) -> None:
    """Open the vote, fix the rules and each book's label and number of readers, and tell the voters.

    If nothing was nominated there is nothing to vote on, and the round is over. ``by_id`` is the organiser
    who opened it early.
    """
    voting_round.voting_opened_at = voting_round.labelled_at = now
    interest = interest_in(Viewer(), {nomination.book_id for nomination in voting_round.nominations})
    for nomination in voting_round.nominations:
        nomination.freeze()
        nomination.readers = interest[nomination.book_id].readers
    if not voting_round.nominations:
        settle(voting_round, now, by_id)
        return
    voters = [each.member_id for each in queries.electorate_of(voting_round) if each.presence.left_at is None]
    notify_of_round(voters, "round_opened", voting_round.id, by_id, now)
    schedule(voting_round, now)


def open_early(voting_round: Round, organiser: Member, now: datetime) -> None:
    """End the nominations and open the vote now."""
    note(voting_round, "opened_early", organiser, now, was_at=voting_round.nominations_until_at)
    voting_round.nominations_until_at = now
    begin_voting(voting_round, now, organiser.id)


def close_early(voting_round: Round, organiser: Member, now: datetime) -> None:
    """End a round now: count it, or call it off if nobody votes yet."""
    note(voting_round, "closed_early", organiser, now, was_at=voting_round.voting_until_at)
    # The database requires that nominations end before voting does.
    voting_round.nominations_until_at = min(voting_round.nominations_until_at, now)
    voting_round.voting_until_at = now
    settle(voting_round, now, organiser.id)


def extend(voting_round: Round, until: datetime, organiser: Member, now: datetime) -> None:
    """Move a round's next deadline later. While books are nominated, the close moves by the same time."""
    if voting_round.state(now) == states.NOMINATING:
        # A later deadline for nominations alone would shorten the vote.
        before = voting_round.nominations_until_at
        voting_round.voting_until_at += until - before
        voting_round.nominations_until_at = until
        note(voting_round, "nominations_extended", organiser, now, was_at=before, now_at=until)
        schedule(voting_round, now)
        return
    before, voting_round.voting_until_at = voting_round.voting_until_at, until
    note(voting_round, "extended", organiser, now, was_at=before, now_at=until)
    schedule(voting_round, now)
