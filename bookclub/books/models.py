"""Tables of the catalogue: authors, editions, tags, adaptations, books, edits, and former names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Base, utcnow
from ..lib.matches import author_names, book_fields, field_values, labels, name_likeness, ratings, titles
from ..lib.matches import contributors as matches_contributors
from ..lib.matches import editions as matches_editions
from ..lib.matches import series as matches_series
from ..lib.matches.book_fields import BookFields
from ..lib.matches.editions import EditionFields
from ..lib.matches.field_values import AdaptationFields
from ..lib.text import keys
from ..lib.text.shown_text import typed
from ..members.models import Member
from ..text_columns import PublicText, Rendered, ShownInOtherWords, stored_html

# Keys are compared character by character. PostgreSQL does so only with the collation "C".
TitleKey = String(600).with_variant(String(600, collation="C"), "postgresql")
NameKey = String(400).with_variant(String(400, collation="C"), "postgresql")
MatchKey = String(100).with_variant(String(100, collation="C"), "postgresql")


def key_of_name(context: DefaultExecutionContext) -> str:
    """Compute the ``name_key`` of a row that is added without one."""
    return keys.key_of(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]


def _match_key_of_name(context: DefaultExecutionContext) -> str:
    return name_likeness.author_key(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]


def identity_key_of_name(context: DefaultExecutionContext) -> str:
    """Compute the ``identity_key`` of a row that is added without one."""
    return author_names.identity_key(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]


class Author(Base):
    """A person who wrote a book.

    The name is compared and sorted by ``name_key``; ``identity_key`` decides who is the same person, and
    ``match_key`` finds names that may be other spellings. Code that adds an author holds the catalogue, so
    that no two get one identity; older authors may share one until they are merged.
    """

    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(NameKey, unique=True)
    identity_key: Mapped[str] = mapped_column(NameKey, index=True, default=identity_key_of_name)
    match_key: Mapped[str] = mapped_column(MatchKey, index=True, default=_match_key_of_name)

    def rename(self, name: str) -> None:
        """Change the spelling of the name everywhere; its slug stays."""
        self.name, self.name_key = name, keys.key_of(name)
        self.identity_key, self.match_key = author_names.identity_key(name), name_likeness.author_key(name)


class BookAuthor(Base):
    """One name on a book's title page, in its place."""

    __tablename__ = "book_author"
    # SQLite stores the rows in the order of their key alone, so a look-up reads one page of the file
    # instead of two.
    __table_args__ = {"sqlite_with_rowid": False}

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), primary_key=True, index=True)
    place: Mapped[int]

    # lazy="raise" turns a forgotten join into an error instead of a statement for each row.
    author: Mapped[Author] = relationship(lazy="raise")


class Contribution(Base):
    """A person who contributed to a book besides its authors: a translator, an illustrator, an editor."""

    __tablename__ = "contribution"
    __table_args__ = (
        CheckConstraint("role IN ('" + "', '".join(matches_contributors.ROLES) + "')", name="role"),
        {"sqlite_with_rowid": False},
    )

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(12), primary_key=True)
    place: Mapped[int]

    author: Mapped[Author] = relationship(lazy="raise")


class Edition(Base):
    """One printing or recording of a Book. ISBNs are stored as ISBN-13 without hyphens.

    Its length is in pages, or in minutes, or unknown. ``format`` is None if it is unknown. ``submission``
    identifies the form that added it, so that a form sent twice adds one. Editions stand in the order of
    ``place`` and then of their ids. Those that came from another book stand behind the book's own; pages
    without an edition are counted by the first of these.
    """

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("pages > 0", name="pages"),
        CheckConstraint("minutes > 0", name="minutes"),
        # An index and not a constraint: to add a constraint, SQLite would have to copy the whole table.
        Index("uq_edition_book_id_submission", "book_id", "submission", unique=True),
        CheckConstraint("format IN ('paperback', 'hardback', 'ebook', 'audiobook')", name="format"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), index=True)
    isbn: Mapped[str | None] = mapped_column(String(13), unique=True)
    format: Mapped[str | None] = mapped_column(String(9))
    pages: Mapped[int | None]
    minutes: Mapped[int | None]
    submission: Mapped[str | None] = mapped_column(String(64))
    place: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def isbn_text(self) -> str:
        """The ISBN with its hyphens, or ""."""
        return matches_editions.isbn_text(self.isbn) if self.isbn else ""

    @property
    def fields(self) -> EditionFields:
        return EditionFields(self.isbn, self.format, self.pages, self.minutes)

    @property
    def name(self) -> str:
        """The name that members read: "paperback, 282 pages", "audiobook, 9 h 46 min"."""
        return matches_editions.edition_name(self.format, self.pages, self.minutes, self.isbn_text)


def _match_column_default(name: str) -> Callable[[DefaultExecutionContext], str]:
    """Return a default for a match column, computed from the title of a row that is added without it."""

    def of_title(context: DefaultExecutionContext) -> str:
        return titles.match_columns(context.get_current_parameters()["title"])[name]  # type: ignore[no-untyped-call]

    return of_title


class Tag(Base):
    """A genre or a theme, as members name it, in lower case."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(50))
    name_key: Mapped[str] = mapped_column(NameKey, unique=True, default=key_of_name)


class BookTag(Base):
    """A tag on a book, in its place."""

    __tablename__ = "book_tag"
    __table_args__ = {"sqlite_with_rowid": False}

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True, index=True)
    place: Mapped[int] = mapped_column(default=0)

    tag: Mapped[Tag] = relationship(lazy="raise")


class Adaptation(Base):
    """A film, play or other work made from a Book."""

    __tablename__ = "adaptation"
    __table_args__ = (
        CheckConstraint("kind IN ('film', 'television', 'stage', 'opera', 'radio', 'other')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    year: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(10))

    @property
    def fields(self) -> AdaptationFields:
        return AdaptationFields(self.title, self.year, self.kind)


class Book(Rendered, Base):
    """The work, whatever its printing.

    ``authors_line`` is the names as they are shown, in the reader's language; every write of the authors
    updates it, so that a list of books needs no join. Titles are compared and sorted by ``title_key``; a
    search looks into ``search_key``. ``rating_sum`` is in half stars; it and ``rating_count`` are updated by
    every write of a rating, and count members who are neither suspended nor gone; ``rating_rank`` (half stars
    times 1000, 0 when unrated) is the order by rating. ``submission`` identifies the form that added it, so
    that a form sent twice adds one book. ``known_readers`` is its number of readers outside the club, 0 if
    unknown.
    ``cover_id`` is the picture of its cover; without one the cover is drawn.
    ``match_key`` finds titles that may be written differently; ``match_head`` and ``match_tail`` are its
    halves, one of which a typing error leaves unchanged.
    """

    __tablename__ = "book"
    __table_args__ = (
        # Each order of the catalogue has an index that ends with the id, as the keys of its pages do.
        Index("ix_book_title_key_id", "title_key", "id"),
        Index("ix_book_first_published_id", "first_published", "id"),
        Index("ix_book_rating_rank_id", "rating_rank", "id"),
        UniqueConstraint("added_by_id", "submission"),
        CheckConstraint("rating_count >= 0 AND rating_sum >= 0", name="ratings"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    subtitle: Mapped[str] = mapped_column(String(200), default="")
    authors_line: Mapped[str] = mapped_column(ShownInOtherWords(800, book_fields.show_authors), default="")
    title_key: Mapped[str] = mapped_column(TitleKey)
    search_key: Mapped[str] = mapped_column(Text)
    first_published: Mapped[int | None]
    description: Mapped[str] = mapped_column(PublicText, default="")
    # Code reads it through ``description_html``, which never serves what an older renderer made.
    _description_html: Mapped[str] = mapped_column("description_html", Text, default="")
    description_html = stored_html("description_html", source="description")
    rating_count: Mapped[int] = mapped_column(default=0)
    rating_sum: Mapped[int] = mapped_column(default=0)
    rating_rank: Mapped[int] = mapped_column(default=0)
    # A book belongs to the club, and stays when the member who added it is deleted.
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    added_at: Mapped[datetime] = mapped_column(default=utcnow)
    submission: Mapped[str | None] = mapped_column(String(64))
    series: Mapped[str] = mapped_column(String(field_values.MAX_TITLE), default="")
    series_number: Mapped[float | None]
    known_readers: Mapped[int] = mapped_column(default=0)
    cover_id: Mapped[int | None]
    match_key: Mapped[str] = mapped_column(MatchKey, index=True, default=_match_column_default("match_key"))
    match_head: Mapped[str] = mapped_column(MatchKey, index=True, default=_match_column_default("match_head"))
    match_tail: Mapped[str] = mapped_column(MatchKey, index=True, default=_match_column_default("match_tail"))

    credits: Mapped[list[BookAuthor]] = relationship(
        lazy="raise", order_by=BookAuthor.place, cascade="all, delete-orphan"
    )
    contributions: Mapped[list[Contribution]] = relationship(
        lazy="raise", order_by=Contribution.place, cascade="all, delete-orphan"
    )
    taggings: Mapped[list[BookTag]] = relationship(
        lazy="raise", order_by=BookTag.place, cascade="all, delete-orphan"
    )
    editions: Mapped[list[Edition]] = relationship(
        lazy="raise", order_by=(Edition.place, Edition.id), cascade="all, delete-orphan"
    )
    adaptations: Mapped[list[Adaptation]] = relationship(
        lazy="raise", order_by=Adaptation.id, cascade="all, delete-orphan"
    )

    @property
    def year(self) -> str:
        """The year of first publication in words: "1989", "800 BC", or "" if it is unknown."""
        return field_values.year_text(self.first_published)

    @property
    def label(self) -> labels.Label:
        """Its present title, authors and year."""
        return labels.Label(self.title, self.authors_line or "", self.first_published)

    @property
    def average(self) -> str:
        """The average of the club's ratings in stars, "4.3", or "" if there are none."""
        return ratings.average(self.rating_sum, self.rating_count)

    @property
    def average_halves(self) -> int:
        """The average in half stars, to draw it; 0 if there are no ratings."""
        return round(self.rating_sum / self.rating_count) if self.rating_count else 0

    @property
    def verdict(self) -> str:
        """The club's ratings in a phrase."""
        return ratings.rating_text(self.rating_sum, self.rating_count)

    @property
    def contributors(self) -> tuple[matches_contributors.Contributor, ...]:
        """The book's translators, illustrators and other contributors, in their order."""
        return tuple(
            matches_contributors.Contributor(one.author.name, one.role) for one in self.contributions
        )

    @property
    def contributions_by_role(self) -> list[tuple[str, list[Contribution]]]:
        """The contributions, each group with the words in front of it on a page: "Translated by"."""
        by_role = {
            role: [one for one in self.contributions if one.role == role]
            for role in matches_contributors.ROLES
        }
        return [(matches_contributors.ROLES[role], some) for role, some in by_role.items() if some]

    @property
    def tags(self) -> list[Tag]:
        return [tagging.tag for tagging in self.taggings]

    @property
    def fields(self) -> BookFields:
        """All that members can edit. The book must be loaded with all its parts."""
        # The book's own form has one ISBN and one number of pages, which are those of its first edition.
        edition = self.editions[0] if self.editions else Edition()
        return BookFields(
            title=self.title,
            subtitle=self.subtitle,
            authors=tuple(credit.author.name for credit in self.credits),
            contributors=self.contributors,
            first_published=self.first_published,
            description=typed(self.description),
            description_html=self.description_html,
            tags=tuple(tag.name for tag in self.tags),
            isbn=edition.isbn,
            pages=edition.pages,
            series=matches_series.Series(self.series or "", self.series_number),
            adaptations=tuple(adaptation.fields for adaptation in self.adaptations),
        )

    def count_rating(self, before: int | None, after: int | None) -> None:
        """Change one member's rating, in half stars, from ``before`` to ``after`` (None: unrated)."""
        # The row has to be locked before, or two counts at once would lose one of them.
        self.rating_count += (after is not None) - (before is not None)
        self.rating_sum += (after or 0) - (before or 0)
        self.rating_rank = ratings.rating_rank(self.rating_sum, self.rating_count)


class BookEdit(Base):
    """A member's edit of a book: ``changes`` maps a field to its [before, after]."""

    __tablename__ = "book_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    edited_at: Mapped[datetime] = mapped_column(default=utcnow)
    changes: Mapped[dict[str, list[str]]] = mapped_column(JSON)

    member: Mapped[Member] = relationship(lazy="raise")


class AuthorSpelling(Base):
    """Another spelling of an author's name, with the slug that their page had under it.

    The spelling finds the author if a name is typed or imported, and the slug leads to their page.
    """

    __tablename__ = "author_spelling"
    # Caches of the catalogue compare the newest id, so no id may be used twice.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id", ondelete="CASCADE"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(NameKey, unique=True)
    identity_key: Mapped[str] = mapped_column(NameKey, index=True, default=identity_key_of_name)
    match_key: Mapped[str] = mapped_column(MatchKey, index=True)


class FormerBook(Base):
    """A book that was merged into another, with its title, authors and the slug of its page.

    ``names`` are its authors. Title and names find the other book in a form or an import. So do its ISBNs,
    which are now editions of that one.
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
    # Two former books, unlike two authors' spellings, may well have had the same title.
    title_key: Mapped[str] = mapped_column(TitleKey, index=True)
    match_key: Mapped[str] = mapped_column(MatchKey, index=True)
