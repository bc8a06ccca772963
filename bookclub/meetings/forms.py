"""Forms for a meeting, and for the reason why it is cancelled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from wtforms import Field, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from ..books.forms import did_you_mean
from ..books.models import Book
from ..books.queries import book_by_name, find_similar_titles
from ..edit_forms import EditForm
from ..forms import BaseForm, OnceForm, TickField
from ..lib.positions.contents import section_from
from ..lib.positions.measures import Measures
from ..lib.positions.places import END, PlaceError
from ..lib.text import dates
from ..lib.text.characters import clean_line
from ..lib.text.confusables import is_visible
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, list_text
from ..members.forms import (
    EARLIEST,
    LATEST,
    DayField,
    LineField,
    add_error,
    refuse,
    refuse_spoilers,
    render_markdown,
    time_zone_choices,
    warn_of_spoilers,
)
from ..members.queries import member_by_id, members_named
from ..readings.queries import measures_of
from . import rules, series_rules
from .rsvp_rules import MOST_SEATS, limit_problem

TOO_LONG = lazy_gettext("Use at most %(max)d characters.")
UNITS = (
    SelectChoice("percent", lazy_gettext("percent")),
    SelectChoice("page", lazy_gettext("page")),
    SelectChoice("minute", lazy_gettext("minutes")),
    SelectChoice("section", lazy_gettext("chapter")),
)
REPEATS = (
    SelectChoice("", lazy_gettext("not at all")),
    SelectChoice(series_rules.WEEKLY, lazy_gettext("every week")),
    SelectChoice(series_rules.FORTNIGHTLY, lazy_gettext("every second week")),
    SelectChoice(series_rules.FOUR_WEEKLY, lazy_gettext("every fourth week")),
    SelectChoice(
        series_rules.WEEKDAY_OF_MONTH,
        lazy_gettext("on the same weekday of the month (such as the third Thursday)"),
    ),
    SelectChoice(series_rules.LAST_OF_MONTH, lazy_gettext("on the last such weekday of the month")),
    SelectChoice(series_rules.DAY_OF_MONTH, lazy_gettext("on the same date of the month")),
    SelectChoice(series_rules.OTHER, lazy_gettext("by another rule")),
)
THIS, FOLLOWING = "this", "following"
SCOPES = (
    SelectChoice(THIS, lazy_gettext("Only this meeting")),
    SelectChoice(FOLLOWING, lazy_gettext("This and the following")),
)
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d)?")


class ClockField(LineField):
    """A local time of day, as "19:30"."""

    @property
    def time(self) -> time | None:
        found = _CLOCK.fullmatch(self.data or "")
        return time(int(found[1]), int(found[2])) if found else None

    def pre_validate(self, form: Any) -> None:
        if self.data:
            refuse(None if self.time else _("Type the time as 19:30."))


class NamesField(Field):
    """Several fields of one name, each with a line of text. Empty ones count for nothing."""

    data: tuple[str, ...]

    def process_formdata(self, valuelist: list[str]) -> None:
        if self.raw_data:
            names = (clean_line(str(each)) for each in valuelist)
            self.data = tuple(dict.fromkeys(name for name in names if name))

    def _value(self) -> str:
        return "; ".join(self.data)


class MeetingForm(EditForm, OnceForm):
    """Form for a meeting. Fields that are not sent stay as the plan has them."""

    # A value means nothing without its unit, and a time nothing without its day and zone.
    together = (
        ("starts_on", "starts_at", "time_zone"),
        ("read_until_unit", "read_until", "book"),
        ("repeats", "rule"),
    )
    # These say what to do, and nothing of the meeting.
    aside = frozenset({"parts", "scope", "despite_answers"})
    characters = rules.LONGEST_NOTES

    title = LineField(
        lazy_gettext("Title"),
        [
            DataRequired(lazy_gettext("Type a title for the meeting.")),
            Length(max=rules.LONGEST_TITLE, message=TOO_LONG),
            refuse_spoilers,
        ],
    )
    starts_on = DayField(lazy_gettext("Day"), [DataRequired(lazy_gettext("Type the day as 2026-01-31."))])
    starts_at = ClockField(lazy_gettext("Time"), [DataRequired(lazy_gettext("Type the time as 19:30."))])
    time_zone = SelectField(lazy_gettext("Time zone"), validate_choice=False)
    minutes = IntegerField(
        lazy_gettext("Length in minutes"),
        [
            NumberRange(
                1, rules.LONGEST_MEETING, lazy_gettext("A meeting lasts from %(min)d to %(max)d minutes.")
            )
        ],
    )
    place = LineField(
        lazy_gettext("Place"), [Length(max=rules.LONGEST_PLACE, message=TOO_LONG), refuse_spoilers]
    )
    link = LineField(lazy_gettext("Link to a call"), [Length(max=rules.LONGEST_LINK, message=TOO_LONG)])
    access = LineField(
        lazy_gettext("Access"), [Length(max=rules.LONGEST_ACCESS, message=TOO_LONG), refuse_spoilers]
    )
    book = NamesField(lazy_gettext("Books"))
    read_until_unit = SelectField(lazy_gettext("Unit"), choices=UNITS)
    read_until = LineField(lazy_gettext("Read up to"), [Optional(), Length(max=100, message=TOO_LONG)])
    hides_place = TickField(lazy_gettext("Place, link and access on the site only, not in calendars"))
    limit = IntegerField(
        lazy_gettext("Seats"),
        [
            Optional(),
            NumberRange(1, MOST_SEATS, lazy_gettext("Type a number from %(min)d to %(max)d, or nothing.")),
        ],
    )
    answer_until = DayField(lazy_gettext("Answer until"), [Optional()])
    notes = TextAreaField(
        lazy_gettext("Notes"),
        [Length(max=rules.LONGEST_NOTES, message=TOO_LONG), refuse_spoilers],
    )
    repeats = SelectField(lazy_gettext("Repeats"), choices=REPEATS, validate_choice=False)
    # A longer one is refused with its own sentence.
    rule = LineField(lazy_gettext("Another rule"), [])
    parts = IntegerField(
        lazy_gettext("Read the book in so many meetings"),
        [
            Optional(),
            NumberRange(
                2,
                series_rules.MOST_PARTS,
                lazy_gettext("Type a number of meetings from %(min)d to %(max)d, or nothing."),
            ),
        ],
    )
    scope = RadioField(lazy_gettext("What do you change?"), choices=SCOPES)
    despite_answers = TickField(lazy_gettext("Change these all the same"))
    host = LineField(lazy_gettext("Host"), [DataRequired(lazy_gettext("Type the username of the host."))])

    def __init__(
        self,
        plan: rules.Plan,
        books: Sequence[str],
        host: str,
        taken: int = 0,
        rule: str = "",
        stands_for: date | None = None,
        **bound: Any,
    ) -> None:
        """Bind the form to a plan; ``rule`` is that of its series, of which it ``stands_for`` this day."""
        self.taken, self.rule_before = taken, rule
        self.rule_found, self.shares = rule, list[series_rules.Part]()
        self.answered = list[series_rules.Answered]()
        choice = series_rules.choice_of_rule(rule, stands_for or plan.starts_on)
        self.before, self.found = plan, list[Book]()
        self.notes_html, self.host_id = plan.notes_html, plan.host_id
        super().__init__(
            **bound,
            data={
                "title": plan.title,
                "starts_on": plan.starts_on,
                "starts_at": f"{plan.clock:%H:%M}",
                "time_zone": plan.time_zone,
                "minutes": plan.minutes,
                "place": plan.place,
                "link": plan.link,
                "access": plan.access,
                "book": tuple(books),
                "read_until_unit": plan.read_until_unit,
                "read_until": plan.read_until,
                "hides_place": plan.hides_place,
                "limit": plan.seats,
                "answer_until": plan.answer_until,
                "notes": plan.notes,
                "host": host,
                "repeats": choice,
                "rule": rule if choice == series_rules.OTHER else "",
                "scope": THIS,
            },
        )
        self._take_rule_as_sent()
        self.time_zone.choices = {"UTC": "UTC", **time_zone_choices()}
        warn_of_spoilers(self.title, self.place, self.access, self.notes)

    def _take_rule_as_sent(self) -> None:
        """Show an RRULE that was sent as the choice itself as another rule."""
        sent = self.repeats.data or ""
        if sent and sent != series_rules.OTHER and sent not in series_rules.USUAL:
            self.repeats.data, self.rule.data, self.rule.raw_data = series_rules.OTHER, sent, [sent]

    @property
    def rule_changes(self) -> bool:
        """True if the form asks for another rule than the meeting has."""
        return (self.repeats.data, self.rule.data) != (self.repeats.object_data, self.rule.object_data)

    @property
    def concerns_following(self) -> bool:
        """True if the meetings after this one of its series change, too."""
        is_wanted = self.scope.data == FOLLOWING or self.rule_changes or bool(self.parts.data)
        return bool(self.rule_before) and is_wanted

    def validate_title(self, field: Field) -> None:
        refuse(None if is_visible(field.data) else _("Type a title that can be seen."))

    def validate_starts_on(self, field: DayField) -> None:
        is_a_year = field.data is None or EARLIEST <= field.data.year <= LATEST
        refuse(None if is_a_year else _("Type the day as 2026-01-31."))

    def validate_time_zone(self, field: SelectField) -> None:
        known = {"UTC", *(name for names in time_zone_choices().values() for name in names)}
        is_known = field.data in known or field.data == self.before.time_zone
        if not is_known:
            # What was sent is shown again.
            field.choices = {field.data: field.data, "UTC": "UTC", **time_zone_choices()}
            refuse(_("Choose a time zone from the list."))

    def validate_link(self, field: StringField) -> None:
        refuse(rules.link_problem(field.data or ""))

    def validate_notes(self, field: TextAreaField) -> None:
        self.notes_html = render_markdown(field)

    def validate_book(self, field: NamesField) -> None:
        too_many = _("Choose at most %(most)s books.", most=rules.MOST_BOOKS)
        refuse(too_many if len(field.data) > rules.MOST_BOOKS else None)

    def validate_host(self, field: StringField) -> None:
        present = members_named([field.data or ""])
        # A host who has left stays named until somebody takes over.
        stays = self.before.host_id and self.host.data == self.host.object_data
        if not present and not stays:
            refuse(_("Nobody here has the username “%(name)s”.", name=field.data))
        self.host_id = present[0].id if present else self.before.host_id

    def fits(self, now: datetime) -> rules.Plan | None:
        """Return the plan in the form; None, with an error beside the field, if it cannot be carried out."""
        if not self.validate():
            return None
        plan = self._plan()
        clock = datetime.combine(plan.starts_on, plan.clock)
        missing = dates.clock_problem(clock, plan.time_zone)
        if missing:
            add_error(self.starts_at, missing)
        elif plan.starts_at != self.before.starts_at or not self.before.host_id:
            problem = rules.start_problem(plan.starts_at, now)
            if problem:
                add_error(self.starts_on, problem)
        for field, why in (
            (self.limit, limit_problem(plan.seats, self.taken)),
            (self.answer_until, rules.answers_problem(plan.answer_until, plan.starts_on)),
        ):
            if why:
                add_error(field, why)
        self._find_rule(plan.starts_on)
        books = self._books(plan)
        if books is not None and self.parts.data and not self.errors:
            self._spread(books, plan.starts_on)
        return None if self.errors or books is None else self._plan(books)

    def _find_rule(self, day: date) -> None:
        """Find the rule that is meant for a meeting on this day, or set the error of its field."""
        choice = self.repeats.data or ""
        field = self.rule if choice == series_rules.OTHER else self.repeats
        is_moved = self.concerns_following and day != self.before.starts_on
        is_meant = self.rule_changes or is_moved or not self.rule_before
        if not is_meant or not choice:
            self.rule_found = "" if is_meant else self.rule_before
            return
        try:
            if choice == series_rules.OTHER:
                self.rule_found = series_rules.rule_from(self.rule.data or "")
            else:
                self.rule_found = series_rules.rule_of_choice(choice, day)
        except series_rules.RuleError as problem:
            add_error(field, str(problem))
            return
        problem_of_days = series_rules.rule_problem(self.rule_found, day)
        if problem_of_days:
            add_error(field, problem_of_days)

    def _spread(self, books: Sequence[rules.BookToRead], day: date) -> None:
        """Spread the one book over as many meetings as the form says, or set the error of its field."""
        parts = self.parts.data or 0
        if not self.rule_found:
            add_error(self.parts, _("Say how the meeting repeats, or leave this empty."))
        elif len(books) != 1:
            add_error(self.parts, _("Name the one book that you read, or leave this empty."))
        elif len(list(islice(series_rules.days_of(self.rule_found, day), parts))) < parts:
            add_error(self.parts, _("By its rule the meeting does not repeat so often. Type less."))
        else:
            self.shares = series_rules.spread(measures_of(books[0].book_id).contents, parts)

    def accepts(self, answered: Sequence[series_rules.Answered], left_over: Sequence[date]) -> bool:
        """Return whether the following meetings may change; otherwise set the error that says or asks why.

        ``answered`` are those with answers, ``left_over`` the days of those that the rule leaves out though
        they cannot just go.
        """
        self.answered = list(answered)
        if left_over and not self.rule_found:
            add_error(
                self.repeats, _("Use “Stop repeating” on the page of the meeting: it asks for a reason.")
            )
        elif left_over:
            days = list_text([dates.day_text(day) for day in left_over])
            add_error(
                self.repeats,
                _("By that rule there is no meeting any more for %(days)s. Cancel it first.", days=days),
            )
        elif answered and not self.despite_answers.data:
            add_error(self.despite_answers, " ".join(each.say() for each in answered))
        return not self.errors

    def refuse_following(self) -> None:
        """Set the error that somebody else hosts a meeting that would change, too."""
        add_error(
            self.scope, _("Somebody else hosts a later one. Change only this one, or ask an organiser.")
        )

    def _plan(self, books: tuple[rules.BookToRead, ...] = ()) -> rules.Plan:
        day, clock = self.starts_on.data, self.starts_at.time
        assert isinstance(day, date)
        assert clock is not None
        return rules.Plan(
            title=self.title.data,
            starts_on=day,
            clock=clock,
            time_zone=self.time_zone.data,
            minutes=self.minutes.data or 0,
            place=self.place.data,
            link=self.link.data,
            access=self.access.data,
            read_until_unit=self.read_until_unit.data,
            read_until=self.read_until.data,
            notes=self.notes.data or "",
            notes_html=self.notes_html,
            host_id=self.host_id,
            hides_place=self.hides_place.data,
            seats=self.limit.data,
            answer_until=self.answer_until.data,
            books=books,
        )

    def _books(self, plan: rules.Plan) -> tuple[rules.BookToRead, ...] | None:
        """Return the books with the positions to read up to; None, with errors set, if one is unknown."""
        found: dict[int, Book] = {}
        for name in self.book.data:
            book = book_by_name(name)
            if book is None:
                similar = did_you_mean(find_similar_titles(name))
                unknown = _("There is no “%(title)s” in the catalogue.", title=name)
                add_error(self.book, f"{unknown} {similar}")
            else:
                found.setdefault(book.id, book)
        if self.book.errors:
            return None
        self.found = list(found.values())
        if plan.read_until and not found:
            add_error(self.read_until, _("Name the book, or leave this empty."))
            return None
        if plan.read_until and len(found) > 1 and plan.read_until_unit != "percent":
            add_error(self.read_until, _("With several books, type a percentage: it counts for each."))
            return None
        try:
            return tuple(
                rules.BookToRead(book_id, position_of(plan, measures_of(book_id))) for book_id in found
            )
        except PlaceError as problem:
            add_error(self.read_until, str(problem))
            return None


def position_of(plan: rules.Plan, measures: Measures) -> int:
    """Return the position up to which to read a book. As in a post it is rounded up. Raises PlaceError."""
    if not plan.read_until:
        return END
    if plan.read_until_unit == "section":
        contents = measures.contents
        return contents.end(section_from(plan.read_until, contents), up=True)
    return measures.position(plan.read_until_unit, plan.read_until, up=True)


def name_of_book(book: Book) -> str:
    """Return how the form names a book: by its title, or by its slug if another book has the same title."""
    found = book_by_name(book.title)
    return book.title if found and found.id == book.id else book.slug


def name_of_host(host_id: int) -> str:
    """Return how the form names a host."""
    host = member_by_id(host_id)
    return host.username if host else ""


class EndOfSeriesForm(BaseForm):
    """The reason why no meetings follow any more; it is read where one is cancelled."""

    last_reason = LineField(
        lazy_gettext("Reason"),
        [
            DataRequired(lazy_gettext("Say why: all members can read it.")),
            Length(max=rules.LONGEST_REASON, message=TOO_LONG),
            refuse_spoilers,
        ],
    )


class CancellationForm(BaseForm):
    """The reason why a meeting is cancelled; all members read it."""

    reason = LineField(
        lazy_gettext("Reason"),
        [
            DataRequired(lazy_gettext("Say why: all members can read it.")),
            Length(max=rules.LONGEST_REASON, message=TOO_LONG),
            refuse_spoilers,
        ],
    )
