"""The kinds of fields that the forms below are made of, and how they complain."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from wtforms import DateField, DateTimeLocalField, Field, Form, IntegerField, PasswordField, StringField
from wtforms.validators import DataRequired, ValidationError

from ... import moments, prose
from ...spoilers import HIDDEN, hide, public_problem
from .. import rules

CONTINENTS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia",
    "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip

# At the ends of the calendar a moment of one time zone has no counterpart in another.
EARLIEST, LATEST = 1900, 9000
A_TIME = "Write the time as 2026-01-31T20:00."


def one_line(text: str | None) -> str:
    """What was typed, trimmed, with every run of white space made one space."""
    return rules.tidy(text or "")


def refuse(problem: str | None) -> None:
    """Raise ValidationError where a rule found something wrong."""
    if problem:
        raise ValidationError(problem)


def public(_form: Form, field: Field) -> None:
    """Refuse spoilers in a field that everybody reads."""
    refuse(public_problem(field.data, f"“{field.label.text}”"))


def point_out(*fields: Field) -> None:
    """Say beside fields that everybody reads which stored spoiler others see hidden, for their author."""
    for field in fields:
        if isinstance(field.data, str) and hide(field.data) != field.data:
            field.errors = [f"Others read “{HIDDEN}” until you remove the spoiler."]


def complain(field: Field, problem: str) -> None:
    """Put an error beside a field after the form itself was found valid."""
    field.errors = [*field.errors, problem]


class LineField(StringField):
    """One line of text, trimmed; "" where nothing was sent."""

    data: str

    def __init__(self, label: str, validators: list[Any], **bound: Any) -> None:
        super().__init__(label, validators, filters=[one_line], **bound)


class SecretField(PasswordField):
    """A password, kept as it was typed; "" where nothing was sent."""

    data: str

    def __init__(self, label: str, validators: list[Any], **bound: Any) -> None:
        super().__init__(label, validators, filters=[lambda typed: typed or ""], **bound)


class WholeNumberField(IntegerField):
    """A whole number of 1 or more; anything else is 0, and the range check says what would do."""

    data: int

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = 0


class DayField(DateField):
    """A day, or none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write the day as 2026-01-31.") from None


class MomentField(DateTimeLocalField):
    """A time as a clock on the wall shows it; the form's ``zone`` is the time zone in which that hangs."""

    def __init__(self, label: str, **bound: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(label, [DataRequired(A_TIME)], format=formats, **bound)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(A_TIME) from None
        if self.data and not EARLIEST <= self.data.year <= LATEST:
            self.data = None
            raise ValueError(A_TIME)

    def pre_validate(self, form: Any) -> None:
        if self.data:
            refuse(moments.clock_problem(self.data, form.zone))

    def moment(self, zone: str, before: datetime) -> datetime:
        """The moment that is meant: the one before, as long as the clock shows the same time."""
        assert self.data is not None
        return before if self.data == moments.clock_at(before, zone) else moments.moment_at(self.data, zone)


@lru_cache(maxsize=1)
def zones() -> dict[str, Any]:
    """The time zones that people choose from, by continent, for a select."""
    names = sorted(available_timezones())
    return {
        continent: {
            name: name.partition("/")[2].replace("_", " ").replace("/", ", ")
            for name in names
            if name.startswith(f"{continent}/")
        }
        for continent in CONTINENTS
    }


def rendered(field: Field) -> str:
    """A field's Markdown as HTML; raises ValidationError where it cannot be taken."""
    try:
        return prose.render(field.data or "").safe_html
    except prose.Refused as problem:
        raise ValidationError(str(problem)) from None
