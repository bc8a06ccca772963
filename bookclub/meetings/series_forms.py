"""The part of a meeting's form that says how it repeats, and the form that ends a series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from ..edit_forms import EditForm
from ..forms import BaseForm, TickField
from ..lib.text import dates
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, list_text
from ..members.forms import LineField, add_error, refuse_spoilers
from ..readings.queries import measures_of
from . import part_rules, rules, series_rules

TOO_LONG = lazy_gettext("Use at most %(max)d characters.")
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


class RepeatForm(EditForm):
    """The fields by which a meeting repeats, and a book is spread over several.

    Once they are checked, ``rule_found`` is the rule that is meant and ``shares`` are the parts of the book.
    """

    # These say what to do, and nothing of the meeting.
    aside = frozenset({"parts", "scope", "despite_answers"})

    repeats = SelectField(lazy_gettext("Repeats"), choices=REPEATS, validate_choice=False)
    # A longer one is refused with its own sentence.
    rule = LineField(lazy_gettext("Another rule"), [])
    parts = IntegerField(
        lazy_gettext("Number of meetings in which to read the book"),
        [
            Optional(),
            NumberRange(
                2,
                part_rules.MOST_PARTS,
                lazy_gettext("Type a number of meetings from %(min)d to %(max)d, or nothing."),
            ),
        ],
    )
    scope = RadioField(lazy_gettext("What would you like to change?"), choices=SCOPES)
    despite_answers = TickField(lazy_gettext("Change them anyway"))

    def know_rule(self, rule: str, stands_for: date) -> Mapping[str, Any]:
        """Return the values of an untouched form for a meeting of a series with this rule ("": of none).

        The meeting ``stands_for`` this day of the rule.
        """
        self.rule_before = self.rule_found = rule
        self.shares, self.answered = list[part_rules.ReadingPart](), list[series_rules.Answered]()
        choice = series_rules.choice_of_rule(rule, stands_for)
        typed = rule if choice == series_rules.OTHER else ""
        return {"repeats": choice, "rule": typed, "scope": THIS}

    def take_rule_as_sent(self) -> None:
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

    def find_rule(self, day: date, day_before: date) -> None:
        """Find the rule that is meant for a meeting on this day, or set the error of its field."""
        choice = self.repeats.data or ""
        field = self.rule if choice == series_rules.OTHER else self.repeats
        is_moved = self.concerns_following and day != day_before
        is_meant = self.rule_changes or is_moved or not self.rule_before
        if not is_meant or not choice:
            self.rule_found = "" if is_meant else self.rule_before
            return
        try:
            if choice == series_rules.OTHER:
                self.rule_found = series_rules.rule_from(self.rule.data or "")
            else:
                self.rule_found = series_rules.rule_of_choice(choice, day)
        except series_rules.RecurrenceError as problem:
            add_error(field, str(problem))
            return
        problem_of_days = series_rules.rule_problem(self.rule_found, day)
        if problem_of_days:
            add_error(field, problem_of_days)

    def spread(self, books: Sequence[rules.BookToRead], day: date) -> None:
        """Spread the one book over as many meetings as the form says, or set the error of its field."""
        parts = self.parts.data or 0
        if not parts:
            return
        if not self.rule_found:
            add_error(self.parts, _("Say how the meeting repeats, or leave this empty."))
        elif len(books) != 1:
            add_error(self.parts, _("Name the one book that you are reading, or leave this empty."))
        elif len(list(islice(series_rules.days_of(self.rule_found, day), parts))) < parts:
            add_error(self.parts, _("The meeting does not repeat that often. Type a smaller number."))
        else:
            self.shares = part_rules.spread(measures_of(books[0].book_id).contents, parts)

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
                _("That rule no longer includes %(days)s. Cancel the meeting on that day first.", days=days),
            )
        elif answered and not self.despite_answers.data:
            add_error(self.despite_answers, " ".join(each.say() for each in answered))
        return not self.errors

    def refuse_following(self) -> None:
        """Set the error that somebody else hosts a meeting that would change, too."""
        add_error(
            self.scope, _("Somebody else hosts a later one. Change only this one, or ask an organiser.")
        )


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
