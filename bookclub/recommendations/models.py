"""Books that a member does not want recommended, and the club's neighbour pack."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow


class Mute(Base):
    """ "Not for me": a book that a member does not want recommended."""

    __tablename__ = "mute"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    book_id: Mapped[int] = mapped_column(
        ForeignKey("book.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    muted_at: Mapped[datetime] = mapped_column(default=utcnow)


class NeighbourPack(Base):
    """The neighbour pack that an organiser has loaded, in row 1. Its source and licence are always shown."""

    __tablename__ = "neighbour_pack"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    source: Mapped[str] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(String(200))
    readers: Mapped[int]
    loaded_at: Mapped[datetime] = mapped_column(default=utcnow)


class PackReadership(Base):
    """Number of the pack's readers who have read one of our books."""

    __tablename__ = "pack_readership"

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), primary_key=True)
    readers: Mapped[int]


class PackNeighbour(Base):
    """Number of the pack's readers who have read both of two books of ours, and its weight as a neighbour."""

    __tablename__ = "pack_neighbour"
    # Without row numbers SQLite stores a pair only once, as the key.
    __table_args__ = {"sqlite_with_rowid": False}

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(
        ForeignKey("book.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    together: Mapped[int]
    weight: Mapped[float]
