"""Names by which books and authors were known before they were merged into others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ...extensions import Base
from .authors import MatchKey, NameKey, TitleKey, identity_key_of_name


class AuthorSpelling(Base):
    """Another spelling of an author's name, with the address that their page had under it.

    The spelling finds the author wherever a name is typed or imported, and the slug leads to their page.
    """

    __tablename__ = "author_spelling"
    # What is kept in memory of the catalogue goes by the newest id, which therefore is never given twice.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id", ondelete="CASCADE"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(NameKey, unique=True)
    identity_key: Mapped[str] = mapped_column(NameKey, index=True, default=identity_key_of_name)
    match_key: Mapped[str] = mapped_column(MatchKey, index=True)


class FormerBook(Base):
    """What a book was known by that is part of another one now, with the address of its page.

    ``names`` are its authors. Title and names find the other book in a form or an import, as its ISBNs do,
    which are editions of that one.
    """

    __tablename__ = "former_book"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    subtitle: Mapped[str] = mapped_column(String(200), default="")
    names: Mapped[list[Any]] = mapped_column(JSON)
    first_published: Mapped[int | None]
    title_key: Mapped[str] = mapped_column(TitleKey, index=True)
    match_key: Mapped[str] = mapped_column(MatchKey, index=True)
