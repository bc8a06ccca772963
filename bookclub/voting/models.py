"""A round of voting on the club's next book: its nominations, ballots, tallies and events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import Member
from ..books.models import Book
from ..extensions import Base, utcnow
from ..threads.models import Thread
from . import rules


class Round(Base):
    """One vote on the club's next book.

    ``quorum``, ``warn_share`` and ``exclude_share`` are in percent of the electorate, ``author_pause`` is in
    months, ``most_nominations`` is per member
    (None: as many as they like), and so many runners-up as ``carries_over`` says are nominated again in the
    next round. ``ballot_key`` and ``lot`` are two secrets drawn when it is made: the
    first finds a voter's ballot and is overwritten at the settling, the second breaks the last ties, its
    SHA-256 ``lot_hash`` is published from the start and it itself at the close. ``electorate``,
    ``turnout`` and ``fallen`` (ballots of people who were removed) are counted at the settling.
    """

    __tablename__ = "voting_round"
    __table_args__ = (
        UniqueConstraint("opened_by_id", "submission"),
        UniqueConstraint("thread_id"),
        Index("ix_voting_round_settled_at", "settled_at"),
        CheckConstraint("method IN ('ranked', 'approval')", name="method"),
        CheckConstraint("secrecy IN ('open', 'private')", name="secrecy"),
        CheckConstraint("quorum BETWEEN 0 AND 100", name="quorum"),
        CheckConstraint("warn_share BETWEEN 0 AND 100", name="warn_share"),
        CheckConstraint("most_nominations > 0", name="most_nominations"),
        CheckConstraint("carries_over >= 0", name="carries_over"),
        CheckConstraint("exclude_share BETWEEN 0 AND 100", name="exclude_share"),
        CheckConstraint("author_pause >= 0", name="author_pause"),
        CheckConstraint("nominations_until_at <= voting_until_at", name="deadlines"),
        CheckConstraint("outcome IN ('decided', 'broken', 'declined', 'no_quorum', 'void')", name="outcome"),
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(rules.LONGEST_TITLE))
    method: Mapped[str] = mapped_column(String(8), default="ranked")
    secrecy: Mapped[str] = mapped_column(String(7), default="open")
    quorum: Mapped[int] = mapped_column(default=0)
    warn_share: Mapped[int] = mapped_column(default=0)
    most_nominations: Mapped[int | None]
    carries_over: Mapped[int] = mapped_column(default=0)
    exclude_share: Mapped[int] = mapped_column(default=0)
    author_pause: Mapped[int] = mapped_column(default=0)
    lets_late_join: Mapped[bool] = mapped_column(default=False)
    drops_removed: Mapped[bool] = mapped_column(default=True)
    nominations_until_at: Mapped[datetime]
    voting_until_at: Mapped[datetime]
    voting_opened_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(9))
    electorate: Mapped[int | None]
    turnout: Mapped[int | None]
    fallen: Mapped[int] = mapped_column(default=0)
    ballot_key: Mapped[str] = mapped_column(String(64))
    lot: Mapped[str] = mapped_column(String(64))
    lot_hash: Mapped[str] = mapped_column(String(64))
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    opened_at: Mapped[datetime] = mapped_column(default=utcnow)
    submission: Mapped[str | None] = mapped_column(String(64))

    thread: Mapped[Thread] = relationship(lazy="raise")
    opened_by: Mapped[Member] = relationship(lazy="raise")
    nominations: Mapped[list[Nomination]] = relationship(
        lazy="raise",
        order_by="Nomination.id",
        back_populates="voting_round",
        foreign_keys="Nomination.round_id",
    )
    tallies: Mapped[list[Tally]] = relationship(lazy="raise", order_by="Tally.id")

    @property
    def times(self) -> rules.Times:
        return rules.Times(
            self.nominations_until_at, self.voting_until_at, self.voting_opened_at, self.settled_at
        )

    @property
    def is_private(self) -> bool:
        return self.secrecy == "private"

    @property
    def withholds(self) -> bool:
        """Whether so few private ballots were cast that only winner, steps and turnout are published."""
        return self.is_private and (self.turnout or 0) < rules.PUBLISHABLE

    @property
    def winner(self) -> Nomination | None:
        """What the latest count elected; None where nothing did or nothing was counted."""
        elected = self.tallies[-1].winner_id if self.tallies else None
        return next((each for each in self.nominations if each.id == elected), None)

    def state(self, now: datetime) -> str:
        return rules.state(self.times, now)

    def has_elector(self, member: Member) -> bool:
        """Whether a member belongs to the electorate, as far as it is known yet."""
        presence = rules.Presence(member.joined_at, member.removed_at or member.suspended_at)
        return rules.is_elector(
            presence, self.voting_opened_at, self.voting_until_at, late_joiners=self.lets_late_join
        )


class Nomination(Base):
    """A book that a member proposes to a round. ``readers`` is frozen when voting opens.

    ``member_id`` is who nominated it, in the round ``carried_from_id`` where it was carried over from there.
    Withdrawn before voting it is deleted; later it stays, with who withdrew it and when.
    """

    __tablename__ = "nomination"
    __table_args__ = (UniqueConstraint("round_id", "book_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"))
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    pitch: Mapped[str] = mapped_column(String(rules.LONGEST_PITCH), default="")
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("voting_round.id"))
    readers: Mapped[int | None]
    nominated_at: Mapped[datetime] = mapped_column(default=utcnow)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    # A nomination is always loaded with its round, which then needs no statement to be found.
    voting_round: Mapped[Round] = relationship(
        lazy="raise_on_sql", back_populates="nominations", foreign_keys=[round_id]
    )
    carried_from: Mapped[Round | None] = relationship(lazy="raise", foreign_keys=[carried_from_id])
    book: Mapped[Book] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None


class Ballot(Base):
    """What one voter put down: ``ranks`` maps a nomination's id, as text, to its place.

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
