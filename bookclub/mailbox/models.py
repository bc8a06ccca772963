"""Tables of incoming mail: the last look, what was taken, and words on their way back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow

# The longest stored error of a server, in characters.
LONGEST_PROBLEM = 500


class MailboxLook(Base):
    """The last look into the club's mailbox: row 1.

    All mails up to ``last_uid`` are dealt with, as long as the folder is at the same ``place`` and has the
    same ``validity`` (UIDVALIDITY, RFC 3501). ``failures`` counts the looks in a row that failed.
    """

    __tablename__ = "mailbox_look"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    # A digest: the setting may name somebody.
    place_key: Mapped[str] = mapped_column(String(64), default="")
    # Both go up to 2 to the power of 32.
    validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    fetched_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")
    failures: Mapped[int] = mapped_column(default=0)

    def begins_after(self, place_key: str, validity: int) -> int:
        """Return the number of the last mail that is dealt with in this folder; 0 if it is another one."""
        return self.last_uid if (self.place_key, self.validity) == (place_key, validity) else 0

    def succeed(self, place_key: str, validity: int, last_uid: int, now: datetime) -> None:
        """Note a look that went well. Two at once may end in any order."""
        last_uid = max(last_uid, self.begins_after(place_key, validity))
        self.place_key, self.validity, self.last_uid = place_key, validity, last_uid
        self.fetched_at, self.failed_at, self.problem, self.failures = now, None, "", 0

    def fail(self, problem: str, now: datetime) -> None:
        self.failed_at, self.problem, self.failures = now, problem[:LONGEST_PROBLEM], self.failures + 1


class TakenMail(Base):
    """A reply that was dealt with, by a digest of its identity and of its member."""

    __tablename__ = "taken_mail"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


class ReturnedReply(Base):
    """A reply that could not be taken, until it went back to its member; ``why`` is a sentence."""

    __tablename__ = "returned_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"))
    why: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
