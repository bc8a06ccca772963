"""Books that a member does not want, and packs of co-readers elsewhere."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow


class Mute(Base):
    """ "Not for me": a book that a member does not want to be recommended."""

    __tablename__ = "mute"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    book_id: Mapped[int] = mapped_column(
        ForeignKey("book.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    muted_at: Mapped[datetime] = mapped_column(default=utcnow)


class NeighbourPack(Base):
    """The neighbour pack that an organiser has loaded: row 1. Its source and licence are always shown."""

    __tablename__ = "neighbour_pack"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    source: Mapped[str] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(String(200))
    readers: Mapped[int]
    loaded_at: Mapped[datetime] = mapped_column(default=utcnow)


class PackReadership(Base):
    """How many readers of the pack have read a book of ours."""

    __tablename__ = "pack_readership"

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), primary_key=True)
    readers: Mapped[int]


class PackNeighbour(Base):
    """How many readers of the pack have read two books of ours, and what that weighs by nearness."""

    __tablename__ = "pack_neighbour"
    __table_args__ = {"sqlite_with_rowid": False}

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(
        ForeignKey("book.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    together: Mapped[int]
    weight: Mapped[float]
