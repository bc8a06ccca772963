"""The ballots of a round and the key to them, the counts, and what was done to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import Member
from ...extensions import Base, utcnow

if TYPE_CHECKING:
    from .rounds import Nomination


class BallotKey(Base):
    """The key that ties the ballots of a round to their voters, for as long as the vote is not settled.

    In a table of its own, in which rows are only added and deleted: SQLite leaves copies of a row behind
    where it moves it to another page because others on its page grow, and would not wipe those.
    """

    __tablename__ = "ballot_key"

    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))


class Ballot(Base):
    """One voter's choice: ``ranks`` maps a nomination's id, as text, to its place.

    ``voter`` is the tag under which it is found (``rules.voter_tag``). A private ballot has no name and no
    time, and the table no row numbers, which would keep the order in which ballots were cast.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("round_id", "receipt"),
        CheckConstraint("(member_id IS NULL) = (cast_at IS NULL)", name="open"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"), primary_key=True)
    voter: Mapped[str] = mapped_column(String(64), primary_key=True)
    receipt: Mapped[str] = mapped_column(String(14))
    seal: Mapped[str | None] = mapped_column(String(64))
    ranks: Mapped[dict[str, int]] = mapped_column(JSON)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    cast_at: Mapped[datetime | None]

    member: Mapped[Member | None] = relationship(lazy="raise")

    @property
    def ranking(self) -> dict[int, int]:
        return {int(nomination): place for nomination, place in sorted(self.ranks.items())}


class Tally(Base):
    """A count of a settled round, as ``rules.Count.to_json`` writes it; None where nothing was counted.

    The first is the result at the close. Another is added when its winner is withdrawn (``without_id``),
    and both are kept.
    """

    __tablename__ = "tally"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"), index=True)
    without_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"))
    winner_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"))
    counted_at: Mapped[datetime] = mapped_column(default=utcnow)
    count: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class RoundEvent(Base):
    """Something that an organiser or a nominator did to a round, for everybody to see.

    ``was_at`` and ``now_at`` are a deadline before and after.
    """

    __tablename__ = "round_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('changed', 'nominations_extended', 'opened_early', 'extended', 'closed_early',"
            " 'withdrawn')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"))
    happened_at: Mapped[datetime] = mapped_column(default=utcnow)
    was_at: Mapped[datetime | None]
    now_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="raise")
    nomination: Mapped[Nomination | None] = relationship(lazy="raise")
