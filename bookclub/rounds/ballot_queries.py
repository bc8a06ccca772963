"""Queries about who has voted in rounds under way, and who has not."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from ..extensions import db
from ..members.models import Member
from ..notices.models import Notice
from . import rules
from .models import Ballot, Round
from .queries import electorate_of


def count_ballots(round_id: int) -> int:
    """Number of ballots cast in a round so far, those of members who were removed included."""
    return db.session.execute(
        select(func.count()).select_from(Ballot).where(Ballot.round_id == round_id)
    ).scalar_one()


def members_to_vote(voting_round: Round) -> Sequence[Member]:
    """Members who are here, may vote in a round, and have not voted yet, by name.

    Who has not voted in a private round is for reminders alone: nobody else may be told.
    """
    key = voting_round.ballot_key
    if key is None:
        return []
    cast = set(db.session.execute(select(Ballot.voter).where(Ballot.round_id == voting_round.id)).scalars())
    silent = [
        who.member_id
        for who in electorate_of(voting_round)
        if who.presence.left_at is None and rules.voter_tag(key, who.member_id) not in cast
    ]
    statement = select(Member).where(Member.id.in_(silent)).order_by(Member.display_name, Member.id)
    return db.session.execute(statement).scalars().all()


def private_rounds_told(member: Member, *kinds: str) -> Sequence[int]:
    """Ids of the private rounds of which a member has notices of these kinds."""
    statement = (
        select(Round.id)
        .join(Notice, Notice.round_id == Round.id)
        .where(Notice.member_id == member.id, Notice.kind.in_(kinds), Round.secrecy == "private")
        .distinct()
    )
    return db.session.execute(statement).scalars().all()


def ballots_by(member: Member, voting_rounds: Sequence[Round]) -> dict[int, Ballot]:
    """The ballots that a member has cast in some rounds, by the ids of the rounds."""
    tags = {rules.voter_tag(each.ballot_key, member.id): each.id for each in voting_rounds if each.ballot_key}
    if not tags:
        return {}
    statement = select(Ballot).where(Ballot.round_id.in_(tags.values()), Ballot.voter.in_(tags))
    return {ballot.round_id: ballot for ballot in db.session.execute(statement).scalars()}
