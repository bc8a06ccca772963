"""Rounds, nominations, ballots, tallies, and the history of a round."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..books.models import Book
from ..extensions import Base, utcnow
from ..lib.matches.labels import Label
from ..lib.tally import lots, states
from ..members.models import Member
from ..text_columns import PublicText
from ..threads.models import Thread
from . import rules

if TYPE_CHECKING:
    pass


class BallotKey(Base):
    """Key that ties the ballots of a round to their voters, until the round is settled.

    It has a table of its own, in which rows are only added and deleted: SQLite leaves copies of a row behind
    if it moves it to another page because other rows on its page grow, and would not wipe those copies.
    """

    __tablename__ = "ballot_key"

    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))


class Ballot(Base):
    """One voter's choice: ``ranks`` maps a nomination's id, as text, to its place.

    ``voter`` is the tag by which the ballot is found (``rules.voter_tag``). A private ballot has no name and
    no time, and the table has no row numbers, which would keep the order in which ballots were cast.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        # Voters find their ballot on the paper by its receipt alone.
        UniqueConstraint("round_id", "receipt"),
        # The database itself keeps the time off a private ballot, because it would tell who cast it.
        CheckConstraint("(member_id IS NULL) = (cast_at IS NULL)", name="open"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"), primary_key=True)
    # As part of the key it refuses a second ballot of one voter, even if two requests come at once.
    voter: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Three groups of four characters, and two hyphens.
    receipt: Mapped[str] = mapped_column(String(14))
    # Only private ballots have one.
    seal: Mapped[str | None] = mapped_column(String(64))
    ranks: Mapped[dict[str, int]] = mapped_column(JSON)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    cast_at: Mapped[datetime | None]

    member: Mapped[Member | None] = relationship(lazy="raise")

    @property
    def ranking(self) -> dict[int, int]:
        # JSON has only strings as keys.
        return {int(nomination): place for nomination, place in sorted(self.ranks.items())}


class Tally(Base):
    """A count of a settled round, written by ``Count.to_json``; ``count`` is None if nothing was counted.

    The first tally is the result at the close. Another is added when its winner is withdrawn
    (``without_id``), and both are kept.
    """

    __tablename__ = "tally"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"), index=True)
    without_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"))
    winner_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"))
    counted_at: Mapped[datetime] = mapped_column(default=utcnow)
    count: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class RoundEvent(Base):
    """Something that an organiser or a nominator did to a round, shown to everybody.

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


# One nomination per book and round, except for two books that were merged after the round was over.
ALONE = text("NOT is_joined")


class Round(Base):
    """One vote on the club's next book.

    ``quorum``, ``warn_share`` and ``exclude_share`` are percentages of the electorate, ``author_pause`` is in
    months, and ``most_nominations`` is per member (None: no limit). ``carries_over`` is the number of
    runners-up that are nominated again in the next round. ``ballot_key`` and ``lot`` are two secrets drawn
    when the round is opened: the first finds a voter's ballot and is deleted when the round is settled; the
    second breaks the last ties. Its SHA-256 ``lot_hash`` is published from the start, the lot itself at the
    close. ``electorate``, ``turnout`` and ``fallen`` (ballots of people who were removed) are counted when
    the round is settled.

    Rules and title are fixed once voting opens. ``labelled_at`` is when the labels of the nominations were
    frozen: when voting opened, or later in a round from before labels were frozen.
    """

    __tablename__ = "voting_round"
    __table_args__ = (
        # A form that is sent twice opens one round. Rounds without a mark are not compared, as NULL equals
        # nothing.
        UniqueConstraint("opened_by_id", "submission"),
        UniqueConstraint("thread_id"),
        # The front page asks which rounds were settled lately.
        Index("ix_voting_round_settled_at", "settled_at"),
        CheckConstraint("method IN ('ranked', 'approval')", name="method"),
        CheckConstraint("secrecy IN ('open', 'private')", name="secrecy"),
        CheckConstraint("quorum BETWEEN 0 AND 100", name="quorum"),
        CheckConstraint("warn_share BETWEEN 0 AND 100", name="warn_share"),
        CheckConstraint("most_nominations > 0", name="most_nominations"),
        CheckConstraint("carries_over >= 0", name="carries_over"),
        CheckConstraint("exclude_share BETWEEN 0 AND 100", name="exclude_share"),
        CheckConstraint("author_pause >= 0", name="author_pause"),
        # The two are equal in a round that was called off while books were nominated.
        CheckConstraint("nominations_until_at <= voting_until_at", name="deadlines"),
        CheckConstraint("outcome IN ('decided', 'broken', 'declined', 'no_quorum', 'void')", name="outcome"),
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(PublicText(rules.LONGEST_TITLE))
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
    labelled_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(9))
    electorate: Mapped[int | None]
    turnout: Mapped[int | None]
    fallen: Mapped[int] = mapped_column(default=0)
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
    # One row that is needed to find any ballot, and is deleted once the round is settled.
    secret: Mapped[BallotKey | None] = relationship(lazy="joined", cascade="all, delete-orphan")

    @property
    def ballot_key(self) -> str | None:
        """Key that finds a voter's ballot; None once it is deleted."""
        return self.secret.key if self.secret else None

    @ballot_key.setter
    def ballot_key(self, key: str | None) -> None:
        self.secret = BallotKey(key=key) if key else None

    @property
    def has_late_labels(self) -> bool:
        """Return True if the labels were frozen after the vote opened, since nothing older is known."""
        opened, labelled = self.voting_opened_at, self.labelled_at
        return opened is not None and labelled is not None and labelled > opened

    @property
    def times(self) -> states.RoundTimes:
        return states.RoundTimes(
            self.nominations_until_at, self.voting_until_at, self.voting_opened_at, self.settled_at
        )

    @property
    def is_private(self) -> bool:
        return self.secrecy == "private"

    @property
    def withholds(self) -> bool:
        """Return True if too few private ballots were cast to publish them.

        Then only winner, steps and turnout are published.
        """
        # Until it is settled a round has no turnout, and publishes nothing.
        return self.is_private and (self.turnout or 0) < lots.PUBLISHABLE

    @property
    def winner(self) -> Nomination | None:
        """Winner of the latest count, or None."""
        elected = self.tallies[-1].winner_id if self.tallies else None
        return next((each for each in self.nominations if each.id == elected), None)

    def state(self, now: datetime) -> str:
        return states.state(self.times, now)

    def has_elector(self, member: Member) -> bool:
        """Return True if a member belongs to the electorate, as far as it is known yet."""
        # Only members who are here can ask, so the earlier of the two times need not be found.
        presence = states.Presence(member.joined_at, member.removed_at or member.suspended_at)
        return states.is_elector(
            presence, self.voting_opened_at, self.voting_until_at, late_joiners=self.lets_late_join
        )


class Nomination(Base):
    """A book that a member nominates in a round. ``readers`` is frozen when voting opens.

    ``member_id`` is the nominator, in the round ``carried_from_id`` if it was carried over from there. A
    nomination withdrawn before voting is deleted; a later one stays, with the member and time of its
    withdrawal in the round's history.

    Anyone may edit a book, so a nomination keeps its label: ``as_nominated`` is the book's label when the
    member nominated it, ``as_voted`` the one when voting opened. Everything about the round shows the label,
    ``as_nominated`` before the opening and ``as_voted`` after it, and a later edit of the book is shown
    beside it. ``voted_cover_id`` is the picture of the cover when voting opened, and a cover that is changed
    afterwards gives way to the drawn one. Pages and wishes are read live. The pitch is fixed, and goes with
    its author's words. ``is_joined``: the round is over, and two of its nominated books were merged into
    one; its ballots still distinguish them.
    """

    __tablename__ = "nomination"
    __table_args__ = (
        Index(
            "uq_nomination_round_id_book_id",
            "round_id",
            "book_id",
            unique=True,
            sqlite_where=ALONE,
            postgresql_where=ALONE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"))
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    pitch: Mapped[str] = mapped_column(PublicText(rules.LONGEST_PITCH), default="")
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("voting_round.id"))
    as_nominated: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    as_voted: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    voted_cover_id: Mapped[int | None]
    readers: Mapped[int | None]
    nominated_at: Mapped[datetime] = mapped_column(default=utcnow)
    withdrawn_at: Mapped[datetime | None]
    # While a migration adds this column, the release before goes on inserting rows without it.
    is_joined: Mapped[bool] = mapped_column(default=False, server_default=false())

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

    @property
    def label(self) -> Label:
        """Label that voters saw, or that is shown until voting opens."""
        stored = self.as_voted or self.as_nominated
        # Nominations from before labels were kept have none.
        return Label.from_json(stored) if stored else self.book.label

    @property
    def title(self) -> str:
        return self.label.title

    @property
    def authors_line(self) -> str:
        return self.label.authors_line

    @property
    def cover_id(self) -> int | None:
        """The picture of its cover; None where the drawn one stands."""
        if self.as_voted is None or self.voted_cover_id == self.book.cover_id:
            return self.book.cover_id
        # Voters saw another, which is deleted, or none.
        return None

    @property
    def edited(self) -> Label | None:
        """The book's current label, if it was edited since."""
        return self.book.label if self.book.label != self.label else None

    @property
    def nominated(self) -> Label | None:
        """The label under which the book was nominated, if it differs from the one voted on."""
        first = Label.from_json(self.as_nominated) if self.as_nominated else self.label
        return first if first != self.label else None

    def freeze(self) -> None:
        """Keep the book's label and cover as voters see them from now on."""
        self.as_voted, self.voted_cover_id = self.book.label.to_json(), self.book.cover_id
