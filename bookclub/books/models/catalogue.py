"""The catalogue: a Book is the work, with its authors, tags and adaptations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import Member
from ...extensions import Base, utcnow
from ...renderings import PublicText, Rendered, stored_html, typed
from .. import rules
from ..rules import AdaptationFields, BookFields
from .authors import BookAuthor, Contribution, MatchKey, NameKey, TitleKey, key_of_name
from .editions import Edition


def _match_column(name: str) -> Callable[[DefaultExecutionContext], str]:
    """What a title is matched by, for whoever adds a book without saying so."""

    def of_title(context: DefaultExecutionContext) -> str:
        return rules.match_columns(context.get_current_parameters()["title"])[name]  # type: ignore[no-untyped-call]

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
    """What somebody else made of a Book."""

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

    ``authors_line`` is the names as they are shown, kept by every write of the authors, so that a list
    of books needs no join; ``title_key`` is what titles are compared and sorted by, ``search_key`` what
    a search goes through. ``rating_sum`` is in half stars; it and ``rating_count`` are kept by every
    write of a rating, and count members who are neither suspended nor gone; ``rating_rank`` (half stars
    times 1000, 0 when unrated) is what sorting by rating goes by. ``submission`` is the mark of the form
    that added it, so that a form sent twice adds one book. ``known_readers`` is how many readers it is
    known to have outside the club, 0 where nobody has told. ``match_key`` is what a title is looked for
    by where it may be written otherwise, and
    ``match_head`` and ``match_tail`` are its halves, one of which a typing error leaves as it is.
    """

    __tablename__ = "book"
    __table_args__ = (
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
    authors_line: Mapped[str] = mapped_column(String(800), default="")
    title_key: Mapped[str] = mapped_column(TitleKey)
    search_key: Mapped[str] = mapped_column(Text)
    first_published: Mapped[int | None]
    description: Mapped[str] = mapped_column(PublicText, default="")
    _description_html: Mapped[str] = mapped_column("description_html", Text, default="")
    description_html = stored_html("description_html", source="description")
    rating_count: Mapped[int] = mapped_column(default=0)
    rating_sum: Mapped[int] = mapped_column(default=0)
    rating_rank: Mapped[int] = mapped_column(default=0)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    added_at: Mapped[datetime] = mapped_column(default=utcnow)
    submission: Mapped[str | None] = mapped_column(String(64))
    series: Mapped[str] = mapped_column(String(rules.MAX_TITLE), default="")
    series_number: Mapped[float | None]
    known_readers: Mapped[int] = mapped_column(default=0)
    match_key: Mapped[str] = mapped_column(MatchKey, index=True, default=_match_column("match_key"))
    match_head: Mapped[str] = mapped_column(MatchKey, index=True, default=_match_column("match_head"))
    match_tail: Mapped[str] = mapped_column(MatchKey, index=True, default=_match_column("match_tail"))

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
        """The year of first publication in words: "1989", "800 BC", or "" where nobody knows."""
        return rules.year_text(self.first_published)

    @property
    def label(self) -> rules.Label:
        """The words that it is known by at present."""
        return rules.Label(self.title, self.authors_line or "", self.first_published)

    @property
    def average(self) -> str:
        """What the club gives it in stars, "4.3", or "" where nobody has rated it."""
        return rules.average(self.rating_sum, self.rating_count)

    @property
    def average_halves(self) -> int:
        """The average in half stars, for drawing it; 0 where nobody has rated it."""
        return round(self.rating_sum / self.rating_count) if self.rating_count else 0

    @property
    def verdict(self) -> str:
        """What the club gives it, in a phrase."""
        return rules.verdict(self.rating_sum, self.rating_count)

    @property
    def contributors(self) -> tuple[rules.Contributor, ...]:
        """The book's translators, illustrators and other contributors, in their order."""
        return tuple(rules.Contributor(one.author.name, one.role) for one in self.contributions)

    @property
    def contributions_by_role(self) -> list[tuple[str, list[Contribution]]]:
        """The contributions under what a page says in front of them: "Translated by"."""
        by_role = {role: [one for one in self.contributions if one.role == role] for role in rules.ROLES}
        return [(rules.ROLES[role], some) for role, some in by_role.items() if some]

    @property
    def tags(self) -> list[Tag]:
        return [tagging.tag for tagging in self.taggings]

    @property
    def fields(self) -> BookFields:
        """Everything that members can edit; for that, the book must be loaded with all its parts."""
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
            series=rules.Series(self.series or "", self.series_number),
            adaptations=tuple(adaptation.fields for adaptation in self.adaptations),
        )

    def count_rating(self, before: int | None, after: int | None) -> None:
        """Take one member's rating, in half stars, from ``before`` to ``after`` (None: unrated)."""
        self.rating_count += (after is not None) - (before is not None)
        self.rating_sum += (after or 0) - (before or 0)
        self.rating_rank = rules.rating_rank(self.rating_sum, self.rating_count)


class BookEdit(Base):
    """What a member changed about a book: ``changes`` maps a field to its [before, after]."""

    __tablename__ = "book_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    edited_at: Mapped[datetime] = mapped_column(default=utcnow)
    changes: Mapped[dict[str, list[str]]] = mapped_column(JSON)

    member: Mapped[Member] = relationship(lazy="raise")
