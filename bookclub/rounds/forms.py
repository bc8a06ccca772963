"""Forms for a round's rules, a nomination, a later deadline, and the dates for reading the winner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from ..books.forms import BookForm, on_one_line
from ..books.models import Book
from ..books.queries import book_by_name, find_similar_titles
from ..edit_forms import EditForm
from ..forms import BaseForm, OnceForm
from ..lib.matches.book_fields import BookFields
from ..lib.text import dates
from ..lib.text.bidi import isolated
from ..lib.text.characters import clean_lines
from ..lib.text.confusables import is_visible
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, list_text
from ..members.forms import (
    DayField,
    LineField,
    MomentField,
    add_error,
    refuse,
    refuse_spoilers,
    warn_of_spoilers,
)
from ..members.rules import dates_problem
from . import rules

METHODS = (
    SelectChoice(
        "ranked", lazy_gettext("In order: members rank the books, and the one that beats the others wins")
    ),
    SelectChoice(
        "approval", lazy_gettext("By ticks: members tick the books they would read, and the most ticks win")
    ),
)
SECRECIES = (
    SelectChoice("open", lazy_gettext("Open: after the close, members see who voted how")),
    SelectChoice("private", lazy_gettext("Private: nobody sees whose ballot is whose, not even organisers")),
)
LATE = (
    SelectChoice("no", lazy_gettext("Everybody who is a member when voting opens")),
    SelectChoice("yes", lazy_gettext("Members who join while voting is open, too")),
)
REMOVED = (
    SelectChoice("falls", lazy_gettext("Their ballot no longer counts")),
    SelectChoice("stands", lazy_gettext("Their ballot still counts")),
)
# WTForms fills in the limits.
A_PERCENTAGE = lazy_gettext("Type a percentage from %(min)d to %(max)d.")
A_NUMBER = lazy_gettext("Type a number from %(min)d to %(max)d.")
TOO_LONG = lazy_gettext("Use at most %(max)d characters.")


class RoundForm(EditForm, OnceForm):
    """Form for the rules of a round. Fields that are not sent stay as the plan has them."""

    title = LineField(
        lazy_gettext("Title"),
        [
            DataRequired(lazy_gettext("Give the round a title.")),
            Length(max=rules.LONGEST_TITLE, message=TOO_LONG),
            refuse_spoilers,
        ],
    )
    nominations_until = MomentField(lazy_gettext("Nominations until"))
    voting_until = MomentField(lazy_gettext("Voting until"))
    method = RadioField(lazy_gettext("How to vote"), choices=METHODS)
    secrecy = RadioField(lazy_gettext("Ballots"), choices=SECRECIES)
    quorum = IntegerField(
        lazy_gettext("Quorum: the percentage of members who must vote"), [NumberRange(0, 100, A_PERCENTAGE)]
    )
    most_nominations = IntegerField(
        lazy_gettext("Most nominations by one member"),
        [
            # An empty field means no limit.
            Optional(),
            NumberRange(
                1,
                rules.MOST_NOMINATIONS,
                lazy_gettext("Type a number from %(min)d to %(max)d, or leave the field empty."),
            ),
        ],
    )
    carries_over = IntegerField(
        lazy_gettext("Runners-up that are nominated again in the next round"),
        [NumberRange(0, rules.MOST_CARRIED, A_NUMBER)],
    )
    warn_share = IntegerField(
        lazy_gettext("Warn of a book that this percentage of members has read"),
        [NumberRange(0, 100, A_PERCENTAGE)],
    )
    exclude_share = IntegerField(
        lazy_gettext("Leave out a book that this percentage of members has read"),
        [NumberRange(0, 100, A_PERCENTAGE)],
    )
    author_pause = IntegerField(
        lazy_gettext("Months before an author who won can be nominated again"),
        [NumberRange(0, rules.LONGEST_PAUSE, A_NUMBER)],
    )
    late_joiners = RadioField(lazy_gettext("Who may vote"), choices=LATE)
    removed = RadioField(
        lazy_gettext("If an organiser removes somebody from the club before the close"), choices=REMOVED
    )
    # Radio buttons rather than boxes: a box without a tick is not sent, and looks like a field that was left
    # out.

    def __init__(self, plan: rules.RoundPlan, zone: str, **bound: Any) -> None:
        self.zone, self.before = zone, plan
        super().__init__(
            **bound,
            data={
                **asdict(plan),
                # Members type times by their own clocks, and the plan has moments.
                "nominations_until": dates.clock_at(plan.nominations_until_at, zone),
                "voting_until": dates.clock_at(plan.voting_until_at, zone),
                "late_joiners": "yes" if plan.lets_late_join else "no",
                "removed": "falls" if plan.drops_removed else "stands",
            },
        )
        warn_of_spoilers(self.title)

    @property
    def plan(self) -> rules.RoundPlan:
        """Rules in the valid form."""
        return rules.RoundPlan(
            title=self.title.data,
            method=self.method.data,
            secrecy=self.secrecy.data,
            quorum=self.quorum.data or 0,
            most_nominations=self.most_nominations.data,
            carries_over=self.carries_over.data or 0,
            exclude_share=self.exclude_share.data or 0,
            author_pause=self.author_pause.data or 0,
            warn_share=self.warn_share.data or 0,
            lets_late_join=self.late_joiners.data == "yes",
            drops_removed=self.removed.data == "falls",
            nominations_until_at=self._moment("nominations_until"),
            voting_until_at=self._moment("voting_until"),
        )

    def _moment(self, name: str) -> datetime:
        """Return a deadline; an unedited one keeps its stored seconds, which the form does not show."""
        before: datetime = getattr(self.before, f"{name}_at")
        return before if name in self.kept else self[name].moment(self.zone, before)

    def validate_title(self, field: Field) -> None:
        refuse(None if is_visible(field.data) else _("Give the round a title that can be seen."))

    def fits(self, now: datetime) -> bool:
        """Return True if a round can have these rules; otherwise the error stands beside the field."""
        if not self.validate():
            return False
        plan = self.plan
        problem = rules.deadlines_problem(now, plan.nominations_until_at, plan.voting_until_at)
        if problem:
            add_error(
                # The error stands beside the nominations only if their own end is past.
                self.voting_until if plan.nominations_until_at > now else self.nominations_until,
                problem,
            )
        return problem is None

    def keeps_secrets(self) -> bool:
        """Return True if nothing that was announced as private would become open; otherwise add the error."""
        problem = rules.secrecy_problem(self.before.secrecy, self.secrecy.data)
        if problem:
            add_error(self.secrecy, problem)
        return problem is None


class NominationForm(BaseForm):
    """Form for a book that a member nominates, and the reason. Everybody reads the pitch.

    A book that the catalogue lacks is described by its title and ``authors``, or by ``found``: the texts of
    a book that Open Library knows, as an address writes them.
    """

    book = LineField(
        lazy_gettext("Book"),
        [DataRequired(lazy_gettext("Type the title of the book.")), Length(max=300, message=TOO_LONG)],
    )
    authors = StringField(lazy_gettext("Authors"), filters=[on_one_line])
    authors_are = HiddenField()
    authors_asked = HiddenField()
    found = HiddenField()
    pitch = TextAreaField(
        lazy_gettext("Why this one?"),
        [Length(max=rules.LONGEST_PITCH, message=TOO_LONG), refuse_spoilers],
        filters=[clean_lines],
    )

    # The form of a new book, once the catalogue turned out to lack it.
    described: BookForm | None = None

    def find_book(self) -> Book | None:
        """Return the book of the catalogue that a valid form names; add an error if there is none.

        With authors, or a book found elsewhere, nothing is looked for: see describe().
        """
        text = self.book.data
        book = book_by_name(text)
        if book is None:
            add_error(self.book, unknown_text(text, [each.title for each in find_similar_titles(text)]))
        return book

    @property
    def describes(self) -> bool:
        """Return True if the form says enough to add the book to the catalogue."""
        return bool(self.found.data or self.authors.data)

    def describe(self) -> BookFields | None:
        """Return the fields of a book to add; add errors, and return None, if they are not enough."""
        texts = dict(parse_qsl(self.found.data or "")) or {"title": self.book.data}
        texts.setdefault("authors", self.authors.data or "")
        texts |= {
            "authors_are": self.authors_are.data or "",
            "authors_asked": self.authors_asked.data or "",
        }
        form = self.described = BookForm(formdata=MultiDict(texts), meta={"csrf": False})
        if form.validate() and not form.is_in_doubt():
            return form.fields()
        for field in form:
            at = self.authors if field.short_name == "authors" else self.book
            at.errors = [*at.errors, *field.errors]
        return None


def unknown_text(title: str, similar: Sequence[str]) -> str:
    """Return the sentence that the catalogue lacks a title, with the titles that are most like it."""
    title = isolated(title)
    if not similar:
        return _(
            "The club does not have “%(title)s” yet. Type who wrote it, and it is added to the books.",
            title=title,
        )
    return _(
        "The club does not have “%(title)s” yet. Did you mean %(titles)s? If not, type who wrote it, and it"
        " is added to the books.",
        title=title,
        titles=list_text([f"“{isolated(each)}”" for each in similar], style="or"),
    )


class DeadlineForm(EditForm):
    """Form for a later deadline."""

    until = MomentField(lazy_gettext("Until"))

    def __init__(self, before: datetime, zone: str, **bound: Any) -> None:
        self.zone, self.before = zone, before
        super().__init__(data={"until": dates.clock_at(before, zone)}, **bound)

    @property
    def moment(self) -> datetime:
        """Deadline in the valid form."""
        return self.until.moment(self.zone, self.before)

    def fits(self, now: datetime) -> bool:
        """Return True if the deadline can be moved to this time; otherwise add the error."""
        if not self.validate():
            return False
        problem = rules.extension_problem(now, self.before, self.moment)
        if problem:
            add_error(self.until, problem)
        return problem is None


@dataclass(frozen=True)
class Reads:
    """The club's current book and its dates. ``is_this`` says that it is the book that a form is about."""

    book_id: int | None = None
    title: str = ""
    start: date | None = None
    until: date | None = None
    is_this: bool = False

    def text(self, name: str) -> str:
        """Return a day as a form about this book would send it."""
        day: date | None = getattr(self, name)
        # The days of another book say nothing about this one.
        return day.isoformat() if day and self.is_this else ""

    @property
    def words(self) -> str:
        """Sentence such as "The club reads “Emma” from 1 May 2026 until 31 May 2026"."""
        if not self.title:
            return _("The club reads no book")
        said = {"title": isolated(self.title)}
        if self.start and self.until:
            return _(
                "The club reads “%(title)s” from %(start)s until %(until)s",
                start=dates.date_text(self.start), until=dates.date_text(self.until), **said,
            )  # fmt: skip
        if self.start:
            return _("The club reads “%(title)s” from %(start)s", start=dates.date_text(self.start), **said)
        if self.until:
            return _("The club reads “%(title)s” until %(until)s", until=dates.date_text(self.until), **said)
        return _("The club reads “%(title)s”", **said)


class DatesForm(EditForm):
    """Form for the days on which the club begins and ends a book.

    A fresh form proposes dates; ``stands`` has the dates of the book that the club reads now.
    """

    # The days belong to a book. If another one has become current meanwhile, they are disputed as well.
    together = (("start", "until", "current"),)
    stands: Reads | None = None

    start = DayField(lazy_gettext("From"), [InputRequired(lazy_gettext("Type a day such as 2026-01-31."))])
    until = DayField(lazy_gettext("Until"), [Optional()])

    def present_texts(self) -> dict[str, str]:
        """Stored values: the current book, and its dates if the form is about it.

        Proposed dates are not stored, so they count as empty.
        """
        stands = self.stands or Reads()
        return {"start": stands.text("start"), "until": stands.text("until"), "current": str(stands.book_id)}

    def describe(self, name: str) -> str:
        """Sentence that names the current book and its dates."""
        return (self.stands or Reads()).words

    def validate_until(self, field: Field) -> None:
        refuse(dates_problem(self.start.data, field.data))
