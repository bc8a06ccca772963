"""Authors, and where their names stand: on the title page of a book, or beside it in a role of their own."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...extensions import Base
from .. import rules

# Keys are compared character by character; PostgreSQL does so only when told to.
TitleKey = String(600).with_variant(String(600, collation="C"), "postgresql")
NameKey = String(400).with_variant(String(400, collation="C"), "postgresql")
MatchKey = String(100).with_variant(String(100, collation="C"), "postgresql")


def key_of_name(context: DefaultExecutionContext) -> str:
    """Compute the ``name_key`` of a row that is added without one."""
    return rules.key_of(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]


def _match_key_of_name(context: DefaultExecutionContext) -> str:
    return rules.author_key(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]


def identity_key_of_name(context: DefaultExecutionContext) -> str:
    """Compute the ``identity_key`` of a row that is added without one."""
    return rules.identity_key(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]


class Author(Base):
    """Somebody who wrote a book.

    ``name_key`` is the name as it is compared and sorted, ``identity_key`` what decides who is the same,
    and ``match_key`` what the name is looked for by where it may be another spelling. Whoever adds an author
    holds the catalogue, so that no two get one identity; those of before may share one until they are merged.
    """

    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(NameKey, unique=True)
    identity_key: Mapped[str] = mapped_column(NameKey, index=True, default=identity_key_of_name)
    match_key: Mapped[str] = mapped_column(MatchKey, index=True, default=_match_key_of_name)

    def rename(self, name: str) -> None:
        """Spell the name otherwise, wherever it stands; its slug stays."""
        self.name, self.name_key = name, rules.key_of(name)
        self.identity_key, self.match_key = rules.identity_key(name), rules.author_key(name)


class BookAuthor(Base):
    """One name on a book's title page, in its place."""

    __tablename__ = "book_author"
    # Kept in the order of its key, and in no other: one page of the file instead of two for each look at it.
    __table_args__ = {"sqlite_with_rowid": False}

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), primary_key=True, index=True)
    place: Mapped[int]

    author: Mapped[Author] = relationship(lazy="raise")


class Contribution(Base):
    """Somebody who made a book besides its authors: a translator, an illustrator, an editor."""

    __tablename__ = "contribution"
    __table_args__ = (
        CheckConstraint("role IN ('" + "', '".join(rules.ROLES) + "')", name="role"),
        {"sqlite_with_rowid": False},
    )

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(12), primary_key=True)
    place: Mapped[int]

    author: Mapped[Author] = relationship(lazy="raise")
