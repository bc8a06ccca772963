"""Forms for a meeting, and for the reason why it is cancelled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from ..books.forms import did_you_mean
from ..books.models import Book
from ..books.queries import book_by_name, find_similar_titles
from ..edit_forms import labels_of
from ..forms import BaseForm, OnceForm, TickField
from ..lib.positions.places import PlaceError
from ..lib.text import dates
from ..lib.text.bidi import isolated
from ..lib.text.characters import clean_line
from ..lib.text.confusables import is_visible
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
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
from .series_forms import TOO_LONG, RepeatForm

UNITS = (
    SelectChoice("percent", lazy_gettext("percent")),
    SelectChoice("page", lazy_gettext("page")),
    SelectChoice("minute", lazy_gettext("minutes")),
    SelectChoice("section", lazy_gettext("chapter")),
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


class MeetingForm(RepeatForm, OnceForm):
    """Form for a meeting. Fields that are not sent stay as the plan has them."""

    # A value means nothing without its unit, and a time nothing without its day and zone.
    together = (
        ("starts_on", "starts_at", "time_zone"),
        ("read_until_unit", "read_until", "book"),
        ("repeats", "rule"),
    )
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
    host = LineField(lazy_gettext("Host"), [DataRequired(lazy_gettext("Type the username of the host."))])

    def __init__(
        self,
        plan: rules.MeetingPlan,
        books: Sequence[str],
        host: str,
        taken: int = 0,
        rule: str = "",
        stands_for: date | None = None,
        **bound: Any,
    ) -> None:
        """Bind the form to a plan; ``rule`` is that of its series, of which it ``stands_for`` this day."""
        self.taken = taken
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
                **self.know_rule(rule, stands_for or plan.starts_on),
            },
        )
        self.take_rule_as_sent()
        self.time_zone.choices = {"UTC": "UTC", **time_zone_choices()}
        warn_of_spoilers(self.title, self.place, self.access, self.notes)

    def name_choices(self, day: date, chosen: str) -> None:
        """Propose a day, name the choices of how to repeat by their rules for that day, and choose one."""
        # What is proposed is a change of what the form was made from.
        self.made_from.data = self.based_on
        self.made_from.raw_data = [self.made_from.data]
        self.starts_on.data = day
        names = series_rules.names_of_choices(day)
        known = labels_of(self.repeats)
        self.repeats.choices = [
            SelectChoice(value, names.get(value) or label)
            for value, label in known.items()
            if value != series_rules.LAST_OF_MONTH or value in names
        ]
        self.repeats.data = chosen

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

    def fits(self, now: datetime) -> rules.MeetingPlan | None:
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
        self.find_rule(plan.starts_on, self.before.starts_on)
        books = self._books(plan)
        if books is not None and not self.errors:
            self.spread(books, plan.starts_on)
        return None if self.errors or books is None else self._plan(books)

    def _plan(self, books: tuple[rules.BookToRead, ...] = ()) -> rules.MeetingPlan:
        day, clock = self.starts_on.data, self.starts_at.time
        assert isinstance(day, date)
        assert clock is not None
        return rules.MeetingPlan(
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

    def _books(self, plan: rules.MeetingPlan) -> tuple[rules.BookToRead, ...] | None:
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
        books = []
        for book in self.found:
            try:
                books.append(rules.BookToRead(book.id, rules.position_of(plan, measures_of(book.id))))
            except PlaceError as problem:
                said = _("%(title)s: %(problem)s", title=isolated(book.title), problem=str(problem))
                add_error(self.read_until, said if len(found) > 1 else str(problem))
        return None if self.read_until.errors else tuple(books)


def name_of_book(book: Book) -> str:
    """Return how the form names a book: by its title, or by its slug if another book has the same title."""
    found = book_by_name(book.title)
    return book.title if found and found.id == book.id else book.slug


def name_of_host(host_id: int) -> str:
    """Return how the form names a host."""
    host = member_by_id(host_id)
    return host.username if host else ""


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
