"""The kinds of fields that the forms below are made of, and how they complain."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from ..edit_forms import EditForm
from ..forms import BaseForm, OnceForm
from ..lib.text import confusables, markdown, refusal
from ..lib.text import dates as text_dates
from ..lib.text.spoilers import HIDDEN, hide, public_problem
from ..text_columns import typed
from . import password_strength, rules
from .models import Club, Member
from .passwords import password_problem

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
            refuse(text_dates.clock_problem(self.data, form.zone))

    def moment(self, zone: str, before: datetime) -> datetime:
        """The moment that is meant: the one before, as long as the clock shows the same time."""
        assert self.data is not None
        return (
            before
            if self.data == text_dates.clock_at(before, zone)
            else text_dates.moment_at(self.data, zone)
        )


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
        return markdown.render(field.data or "").safe_html
    except refusal.Refused as problem:
        raise ValidationError(str(problem)) from None


THEMES: Any = {"auto": "As my device has it", "light": "Light: warm paper", "dark": "Dark: ink"}


TEXTS: Any = {
    "keep": "Keep my words, without my name",
    "remove": "Remove my words: reviews, comments, questions, answers and recommendations",
}


class ChangePasswordForm(BaseForm):
    """A new password in exchange for the present one."""

    current = SecretField(
        "Current password",
        [DataRequired("Type your current password."), Length(max=password_strength.LONGEST_PASSWORD)],
    )
    new = SecretField("New password", [DataRequired("Choose a new password.")])

    def __init__(self, member: Member, club: Club, **choices: Any) -> None:
        super().__init__(**choices)
        self.names = (member.username, member.email, member.own_name, club.name)

    def validate_new(self, field: Field) -> None:
        refuse(password_problem(field.data, *self.names))


class DepartureForm(BaseForm):
    """Leaving the club for good. Words stay unless it is said that they go."""

    texts = RadioField("What you wrote", choices=TEXTS, default="keep")
    password = SecretField(
        "Your password", [DataRequired("Type your password."), Length(max=password_strength.LONGEST_PASSWORD)]
    )


class ProfileForm(EditForm):
    """What a member says of themselves, and how they like their pages. What is not sent stays as it is."""

    characters = rules.LONGEST_WORDS

    display_name = LineField("Display name", [public])
    about = TextAreaField(
        "About you", [Length(max=rules.LONGEST_WORDS, message="Use at most %(max)d characters."), public]
    )
    email = LineField("E-mail", [DataRequired("Give your e-mail address.")])
    current_password = SecretField("Current password", [Length(max=password_strength.LONGEST_PASSWORD)])
    theme = RadioField(
        "Light or dark",
        choices=THEMES,
    )
    time_zone = SelectField("Time zone")

    def __init__(self, member: Member, club: Club, **choices: Any) -> None:
        known = ("about", "email", "theme", "time_zone")
        said = {name: typed(getattr(member, name) or "") for name in known}
        super().__init__(data={"display_name": typed(member.own_name), **said}, **choices)
        self.own_username = member.username
        self.email_before = member.email
        self.time_zone.choices = {"": f"The club's: {club.time_zone}", "UTC": "UTC", **zones()}
        self.about_html = member.about_html
        point_out(self.display_name, self.about)

    @property
    def changes_email(self) -> bool:
        return bool(self.email.data != self.email_before) and not self.leaves_alone("email")

    def validate_display_name(self, field: Field) -> None:
        refuse(rules.display_name_problem(field.data, self.own_username))

    def validate_about(self, field: Field) -> None:
        self.about_html = rendered(field)

    def validate_email(self, field: Field) -> None:
        if self.changes_email:
            refuse(rules.email_problem(field.data))

    def validate_current_password(self, field: Field) -> None:
        if self.changes_email and not field.data:
            raise ValidationError("Type your password to change your e-mail address.")


WAYS_TO_JOIN: Any = {"invitation": "Whoever has an invitation link", "open": "Everybody"}
ROLES: Any = {"member": "Member", "moderator": "Moderator", "organiser": "Organiser"}


class ClubForm(EditForm):
    """The club as its organisers set it up."""

    # The dates are those of the book.
    together = (("current_book", "current_from", "current_until"),)
    characters = rules.LONGEST_WORDS

    name = LineField(
        "Name",
        [
            DataRequired("Give the club a name."),
            Length(max=rules.LONGEST_CLUB_NAME, message="Use at most %(max)d characters."),
            public,
        ],
    )
    words = TextAreaField(
        "A few words about the club",
        [Length(max=rules.LONGEST_WORDS, message="Use at most %(max)d characters."), public],
    )
    is_public = BooleanField("Visitors may look in", false_values=(False, "false", "0", "no", "off", ""))
    sign_up = RadioField("Who may join", choices=WAYS_TO_JOIN)
    time_zone = SelectField("Time zone")
    current_book = LineField("The book you are reading", [Length(max=200)])
    current_from = DayField("From", [Optional()])
    current_until = DayField("Until", [Optional()])

    def __init__(self, club: Club, current_book: str, **choices: Any) -> None:
        known = ("name", "words", "is_public", "sign_up", "time_zone", "current_from", "current_until")
        data = {name: typed(getattr(club, name)) for name in known}
        super().__init__(data={**data, "current_book": current_book}, **choices)
        self.time_zone.choices = {"UTC": "UTC", **zones()}
        self.words_html = club.words_html
        point_out(self.name, self.words)

    @property
    def dates(self) -> tuple[date | None, date | None]:
        return self.current_from.data, self.current_until.data

    def validate_name(self, field: Field) -> None:
        refuse(None if confusables.is_visible(field.data) else "Give the club a name that can be seen.")

    def validate_words(self, field: Field) -> None:
        self.words_html = rendered(field)

    def validate_current_until(self, field: Field) -> None:
        refuse(rules.dates_problem(self.current_from.data, field.data))


class InvitationForm(OnceForm):
    """An invitation to be."""

    days = WholeNumberField(
        "Days it is good for",
        [NumberRange(1, rules.LONGEST_INVITATION, "Choose between %(min)d and %(max)d days.")],
        default=14,
    )
    uses = WholeNumberField(
        "People it lets in",
        [NumberRange(1, rules.MOST_USES, "Choose between %(min)d and %(max)d people.")],
        default=10,
    )


class RoleForm(EditForm):
    """What a member may do in the club."""

    role = SelectField("Role", choices=ROLES)


class SignInForm(BaseForm):
    """Who is there?"""

    username = LineField(
        "Username or e-mail",
        [
            DataRequired("Type your username or your e-mail address."),
            Length(max=rules.LONGEST_EMAIL),
        ],
    )
    password = SecretField(
        "Password", [DataRequired("Type your password."), Length(max=password_strength.LONGEST_PASSWORD)]
    )
    remember = BooleanField("Stay signed in on this device")
    next = HiddenField()


class SignUpForm(BaseForm):
    """A new account. ``invite`` and ``setup`` are the links that open the door."""

    username = LineField("Username", [DataRequired("Choose a username.")])
    email = LineField("E-mail", [DataRequired("Give your e-mail address.")])
    password = SecretField("Password", [DataRequired("Choose a password.")])
    invite = HiddenField()
    setup = HiddenField()

    def __init__(self, club: Club, *, trusted: bool) -> None:
        super().__init__()
        self.club, self.trusted = club, trusted

    def validate_username(self, field: Field) -> None:
        refuse(rules.username_problem(field.data, trusted=self.trusted))

    def validate_email(self, field: Field) -> None:
        refuse(rules.email_problem(field.data))

    def validate_password(self, field: Field) -> None:
        refuse(password_problem(field.data, self.username.data, self.email.data, self.club.name))


class NewPasswordForm(BaseForm):
    """A new password by a one-time link."""

    password = SecretField("New password", [DataRequired("Choose a password.")])

    def __init__(self, member: Member, club: Club) -> None:
        super().__init__()
        self.names = (member.username, member.email, member.own_name, club.name)

    def validate_password(self, field: Field) -> None:
        refuse(password_problem(field.data, *self.names))
