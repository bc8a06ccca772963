"""Tables of the club, its members, their sessions, invitations, one-time links and failed attempts."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    and_,
    case,
    false,
    or_,
    text,
    true,
    type_coerce,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Base, utcnow
from ..text_columns import PublicText, Rendered, stored_html
from .rules import FORMER_MEMBER, MOST_REFUSALS, fold_name, invitation_problem, role_name, show_name

# The index and the statements share this text: SQLite uses the index only if both say the same.
ABSENT = text("suspended_at IS NOT NULL OR removed_at IS NOT NULL")


class Club(Rendered, Base):
    """The one club of this install: row 1.

    The current book is the living one: the club reads it under its present title. If it was chosen by a
    vote, the page of the round keeps the title of that time, with a later edit beside it.
    """

    __tablename__ = "club"
    __table_args__ = (
        # Queries select the club without a condition, so there must never be a second row.
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("sign_up IN ('invitation', 'open')", name="sign_up"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(PublicText(80))
    words: Mapped[str] = mapped_column(PublicText, default="")
    _words_html: Mapped[str] = mapped_column("words_html", Text, default="")
    words_html = stored_html("words_html", source="words")
    is_public: Mapped[bool] = mapped_column(default=False)
    sign_up: Mapped[str] = mapped_column(String(10), default="invitation")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    # Members may plan meetings, and visitors of a public club see when these are.
    members_meet: Mapped[bool] = mapped_column(default=False, server_default=false())
    shows_meetings: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Members may vote by the signed links in their mails.
    votes_by_link: Mapped[bool] = mapped_column(default=True, server_default=true())
    current_book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="SET NULL"))
    current_from: Mapped[date | None]
    current_until: Mapped[date | None]
    # A picture, shown wherever the club says its name large.
    picture_id: Mapped[int | None]

    def read(self, book_id: int | None, start: date | None, until: date | None) -> None:
        """Set the book that the club reads, and its first and last day."""
        self.current_book_id, self.current_from, self.current_until = book_id, start, until


class Member(Rendered, Base):
    """A person with an account.

    Uniqueness and sign-in go by ``username_key`` and ``email_key``. ``new_since`` is when the visit before
    the present one ended: everything younger is marked new. ``removed_by_id`` is the organiser who removed
    them, None if they left by themselves; ``password_reset_at`` is when a one-time link last set their
    password. ``own_name`` is the display name as they gave it, and ``display_name`` as everybody reads it:
    with the username behind it if it ``shares_name`` with a member who had the name before. ``portrait_id``
    is the picture of themselves, as long as they are neither suspended nor gone.
    """

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("role IN ('member', 'moderator', 'organiser')", name="role"),
        CheckConstraint("theme IN ('auto', 'light', 'dark')", name="theme"),
        CheckConstraint("text_size IN ('normal', 'large', 'largest')", name="text_size"),
        Index("ix_member_absent", "id", sqlite_where=ABSENT, postgresql_where=ABSENT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(30))
    username_key: Mapped[str] = mapped_column(String(60), unique=True)
    # Former members have neither address nor password.
    email: Mapped[str | None] = mapped_column(String(254))
    # Folding can lengthen an address, hence twice its length.
    email_key: Mapped[str | None] = mapped_column(String(508), unique=True)
    _display_name: Mapped[str] = mapped_column("display_name", PublicText(60, show_name))
    shares_name: Mapped[bool] = mapped_column(default=False)
    _portrait_id: Mapped[int | None] = mapped_column("portrait_id")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10), default="member")
    about: Mapped[str] = mapped_column(PublicText, default="")
    _about_html: Mapped[str] = mapped_column("about_html", Text, default="")
    about_html = stored_html("about_html", source="about")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    text_size: Mapped[str] = mapped_column(String(7), default="normal", server_default="normal")
    # Without one of their own, members see the club's.
    time_zone: Mapped[str | None] = mapped_column(String(64))
    # They see how much to read a day for the next meeting.
    shows_pace: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Other members may see the pages of their years, without what is private.
    shows_years: Mapped[bool] = mapped_column(default=False, server_default=false())
    joined_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    new_since: Mapped[datetime] = mapped_column(default=utcnow)
    # In threads without a bookmark, comments up to this moment count as read; None stands for joined_at.
    caught_up_at: Mapped[datetime | None]
    # The number of the word from the organisers that they dismissed last.
    dismissed_word: Mapped[int | None]
    suspended_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    password_reset_at: Mapped[datetime | None]
    # When they followed the link that was sent to their present address.
    email_confirmed_at: Mapped[datetime | None]
    # How often in a row mail to their present address was refused for good.
    mail_refusals: Mapped[int] = mapped_column(default=0, server_default="0")
    # Every signed link and address that was mailed to them holds this number, and ends when it changes.
    link_generation: Mapped[int] = mapped_column(default=0, server_default="0")

    # It is set when a session loads the member, for Flask-Login's alternative-token pattern.
    session_token: ClassVar[str | None] = None
    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        """Return the session's token, which Flask-Login stores in its cookies."""
        if self.session_token is None:
            raise RuntimeError("this member was not loaded by a session")
        return self.session_token

    @property
    def is_active(self) -> bool:
        return self.suspended_at is None and self.removed_at is None

    @property
    def is_unreachable(self) -> bool:
        """True if mail to their address was refused so often that only password links are sent there."""
        return self.mail_refusals >= MOST_REFUSALS

    @property
    def is_organiser(self) -> bool:
        return self.role == "organiser"

    @property
    def role_name(self) -> str:
        return role_name(self.role)

    @property
    def moderates(self) -> bool:
        """True if this member may remove others' words: moderators and organisers."""
        return self.role in ("moderator", "organiser")

    @hybrid_property
    def display_name(self) -> str:
        return f"{self._display_name} ({self.username})" if self.shares_name else self._display_name

    @display_name.inplace.setter
    def _set_display_name(self, name: str) -> None:
        self._display_name = name

    @display_name.inplace.expression
    @classmethod
    def _display_name_expression(cls) -> ColumnElement[str]:
        with_username = cls._display_name.concat(" (").concat(cls.username).concat(")")
        shown = case(
            (cls.shares_name, type_coerce(with_username, Text)), else_=type_coerce(cls._display_name, Text)
        )
        # Room for the longest display name and username, and the brackets. Spoilers are hidden in the whole
        # text.
        return type_coerce(shown, PublicText(100, show_name)).label("display_name")

    @hybrid_property
    def portrait_id(self) -> int | None:
        return self._portrait_id if self.is_active else None

    @portrait_id.inplace.setter
    def _set_portrait_id(self, number: int | None) -> None:
        self._portrait_id = number

    @portrait_id.inplace.expression
    @classmethod
    def _portrait_id_expression(cls) -> ColumnElement[int | None]:
        is_here = and_(cls.suspended_at.is_(None), cls.removed_at.is_(None))
        return case((is_here, cls._portrait_id)).label("portrait_id")

    @property
    def own_name(self) -> str:
        return self._display_name

    def rename(self, username: str) -> None:
        self.username, self.username_key = username, fold_name(username)

    def change_email(self, email: str) -> None:
        self.email, self.email_key = email, fold_name(email)
        self.email_confirmed_at, self.mail_refusals = None, 0
        self.end_links()

    def end_links(self) -> None:
        """End every signed link and address that was mailed to them."""
        self.link_generation = (self.link_generation or 0) + 1

    def forget(self, now: datetime) -> None:
        """Make this "a former member": the words stay, everything that says whose they were is deleted."""
        self.rename(f"former-{self.id}")
        self.email = self.email_key = self.password_hash = self.email_confirmed_at = None
        self.mail_refusals = 0
        self.display_name, self.role = FORMER_MEMBER, "member"
        self.about = self.about_html = ""
        self.portrait_id = None
        self.time_zone, self.theme, self.text_size = None, "auto", "normal"
        self.dismissed_word, self.shows_pace, self.shows_years = None, True, False
        # name_models.py sees this change and sets the names free.
        self.removed_at = now


# The condition that a member is suspended or gone, as SQL; ``Member.is_active`` is the opposite.
IS_ABSENT = or_(Member.suspended_at.is_not(None), Member.removed_at.is_not(None))


class MemberSession(Base):
    """One signed-in browser. Only the hash of its token is stored."""

    __tablename__ = "member_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    # A copy of the database signs nobody in.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    used_at: Mapped[datetime] = mapped_column(default=utcnow)

    member: Mapped[Member] = relationship(lazy="raise")


class Invitation(Base):
    """A link that lets people join.

    The link is signed from ``code``, so the database alone lets nobody in. ``submission`` identifies the
    form that made it, so that a form sent twice makes one.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("uses <= max_uses", name="uses"),
        Index("uq_invitation_created_by_id_submission", "created_by_id", "submission", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    max_uses: Mapped[int]
    uses: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
    submission: Mapped[str | None] = mapped_column(String(64))

    created_by: Mapped[Member] = relationship(lazy="raise")
    acceptances: Mapped[list[Acceptance]] = relationship(lazy="raise", order_by="Acceptance.member_id")

    @property
    def uses_left(self) -> int:
        return self.max_uses - self.uses

    def problem(self, now: datetime) -> str | None:
        """Return why it admits nobody as a sentence, or None."""
        return invitation_problem(
            uses=self.uses,
            max_uses=self.max_uses,
            expires_at=self.expires_at,
            revoked_at=self.revoked_at,
            now=now,
        )


class Acceptance(Base):
    """A member who joined, and the invitation that they used."""

    __tablename__ = "acceptance"

    # As the key it says that a member joins by one invitation only.
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)

    member: Mapped[Member] = relationship(lazy="raise")


class OneTimeLink(Base):
    """A link that works once: to set up the first organiser (no member), or to set a new password."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]


class FailedAttempt(Base):
    """A failed attempt to sign in, counted at its ``subject``: "account …", "address …" or "browser …"."""

    __tablename__ = "failed_attempt"
    # Every attempt counts the failures of a subject in the last quarter of an hour.
    __table_args__ = (Index("ix_failed_attempt_subject_at", "subject", "failed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    failed_at: Mapped[datetime] = mapped_column(default=utcnow)
