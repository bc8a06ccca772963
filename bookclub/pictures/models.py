"""Tables of pictures and of their copies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow

# Columns of which at most one says what a picture belongs to.
PLACES = ("review_id", "comment_id", "draft_id", "book_id", "portrait_of_id")
_STATES = " + ".join(
    [f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in (*PLACES, "loose_at")]
    + ["CASE WHEN of_club THEN 1 ELSE 0 END"]
)
_LOOSE = text("loose_at IS NOT NULL")
_OF_CLUB = text("of_club")


class Picture(Base):
    """An uploaded image. It belongs to at most one post, draft or book, to a member's page, or to the club.

    ``loose_at`` is since when it has belonged to nothing, and None otherwise: then only its uploader sees
    it, and after a day it is deleted. ``size`` is that of its copies together, in bytes. A form that is sent
    twice, named by ``sent_as``, brings each file once, known by its SHA-256 ``digest``.

    What it shows is said in the text that refers to it, so that these words are hidden whenever it is.

    The picture of a book, a member or the club is named by its row as well (``cover_id``, ``portrait_id``,
    ``picture_id``), so that a list needs no join. These columns have no foreign key: the tables would refer
    to each other in a circle.
    """

    __tablename__ = "picture"
    __table_args__ = (
        UniqueConstraint("member_id", "sent_as", "digest"),
        CheckConstraint(f"{_STATES} = 1", name="place"),
        Index("ix_picture_loose_at", "loose_at", sqlite_where=_LOOSE, postgresql_where=_LOOSE),
        # The club has one at most.
        Index("uq_picture_of_club", "of_club", unique=True, sqlite_where=_OF_CLUB, postgresql_where=_OF_CLUB),
        # Browsers keep a cover by its address, so no id may be used twice.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    digest: Mapped[str] = mapped_column(String(64))
    sent_as: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    loose_at: Mapped[datetime | None]
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    draft_id: Mapped[int | None] = mapped_column(
        ForeignKey("review_draft.id", ondelete="CASCADE"), index=True
    )
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), unique=True)
    portrait_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), unique=True
    )
    of_club: Mapped[bool] = mapped_column(default=False, server_default=false())


class PictureCopy(Base):
    """One copy of a picture: a WebP file, as wide as ``width`` pixels.

    It stands apart from the picture, so that no list of pictures loads its bytes.
    """

    __tablename__ = "picture_copy"

    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id", ondelete="CASCADE"), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
