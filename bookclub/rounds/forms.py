"""Forms for a round's rules, a nomination, a later deadline, and the dates for reading the winner."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from wtforms import Field, IntegerField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from ..edit_forms import EditForm
from ..forms import BaseForm, OnceForm
from ..lib.text import dates
from ..lib.text.characters import clean_lines
from ..lib.text.confusables import is_visible
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

METHODS: Any = {
    "ranked": "In order: each puts the books in their order, and one that beats the others wins",
    "approval": "By approval: each ticks the books they would read, and the most ticks win",
}
SECRECIES: Any = {
    "open": "Open: after the close members see who voted how",
    "private": "Private: nobody sees whose ballot is whose, not even organisers",
}
LATE: Any = {"no": "Only who is a member when voting opens", "yes": "Also who joins while voting is open"}
REMOVED: Any = {"falls": "Their ballot falls", "stands": "Their ballot stands"}
A_PERCENTAGE = "Write a percentage from %(min)d to %(max)d."


class RoundForm(EditForm, OnceForm):
    """Form for the rules of a round. Fields that are not sent stay as the plan has them."""

    title = LineField(
        "Title",
        [
            DataRequired("Give the round a title."),
            Length(max=rules.LONGEST_TITLE, message="Use at most %(max)d characters."),
            refuse_spoilers,
        ],
    )
    nominations_until = MomentField("Nominations until")
    voting_until = MomentField("Voting until")
    method = RadioField("How to vote", choices=METHODS)
    secrecy = RadioField("Ballots", choices=SECRECIES)
    quorum = IntegerField("Quorum, in percent of those who may vote", [NumberRange(0, 100, A_PERCENTAGE)])
    most_nominations = IntegerField(
        "Most nominations by one member",
        [
            # An empty field means no limit.
            Optional(),
            NumberRange(1, rules.MOST_NOMINATIONS, "Choose between %(min)d and %(max)d, or nothing."),
        ],
    )
    carries_over = IntegerField(
        "Runners-up that are nominated again in the next round",
        [NumberRange(0, rules.MOST_CARRIED, "Choose between %(min)d and %(max)d.")],
    )
    warn_share = IntegerField(
        "Warn of a book that so many percent have read", [NumberRange(0, 100, A_PERCENTAGE)]
    )
    exclude_share = IntegerField(
        "Leave out a book that so many percent have read", [NumberRange(0, 100, A_PERCENTAGE)]
    )
    author_pause = IntegerField(
        "Leave out authors who won within so many months",
        [NumberRange(0, rules.LONGEST_PAUSE, "Choose between %(min)d and %(max)d.")],
    )
    # Radio buttons rather than boxes: a box without a tick is not sent, and looks like a field that was left
    # out.
    late_joiners = RadioField("Who may vote", choices=LATE)
    removed = RadioField("When somebody is removed from the club before the close", choices=REMOVED)

    def __init__(self, plan: rules.Plan, zone: str, **bound: Any) -> None:
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
    def plan(self) -> rules.Plan:
        """Rules in the valid form."""
        return rules.Plan(
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
        refuse(None if is_visible(field.data) else "Give the round a title that can be seen.")

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
    """Form for a book that a member nominates, and the reason. Everybody reads the pitch."""

    book = LineField("Book", [DataRequired("Name a book of the catalogue."), Length(max=300)])
    pitch = TextAreaField(
        "Why this one?",
        [Length(max=rules.LONGEST_PITCH, message="Use at most %(max)d characters."), refuse_spoilers],
        filters=[clean_lines],
    )


class DeadlineForm(EditForm):
    """Form for a later deadline."""

    until = MomentField("Until")

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
        """Sentence such as "The club reads “Emma” from 2026-05-01 until 2026-05-31"."""
        days = [f"{word} {day}" for word, day in (("from", self.start), ("until", self.until)) if day]
        return " ".join(["The club reads", f"“{self.title}”" if self.title else "no book", *days])


class DatesForm(EditForm):
    """Form for the days on which the club begins and ends a book.

    A fresh form proposes dates; ``stands`` has the dates of the book that the club reads now.
    """

    # The days belong to a book. If another one has become current meanwhile, they are disputed as well.
    together = (("start", "until", "current"),)
    stands: Reads | None = None

    start = DayField("From", [InputRequired("Write the day as 2026-01-31.")])
    until = DayField("Until", [Optional()])

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
