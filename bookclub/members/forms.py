"""Forms for signing in and up, settings, the club, roles and invitations, and the fields they share."""

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
from ..forms import BaseForm, OnceForm, TickField
from ..lib.text import confusables, markdown
from ..lib.text import dates as text_dates
from ..lib.text.characters import clean_line
from ..lib.text.errors import TextError
from ..lib.text.mail_addresses import LONGEST_EMAIL
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..lib.text.shown_text import typed
from ..lib.text.spoilers import hidden_words, hide_spoilers, spoiler_problem
from . import password_strength, rules
from .models import Club, Member
from .passwords import password_problem

# Other names in the time zone database are old aliases or offsets, which nobody would choose.
CONTINENTS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia",
    "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip

# At the ends of the calendar a moment in one time zone has no counterpart in another.
EARLIEST, LATEST = 1900, 9000
A_TIME = lazy_gettext("Type the time as 2026-01-31T20:00.")


def refuse(problem: str | None) -> None:
    """Raise ValidationError if a rule found a problem."""
    if problem:
        raise ValidationError(problem)


def refuse_spoilers(_form: Form, field: Field) -> None:
    """Refuse spoilers in a field that everybody reads."""
    refuse(spoiler_problem(field.data, f"“{field.label.text}”"))


def warn_of_spoilers(*fields: Field) -> None:
    """Warn authors, beside fields that everybody reads, of a stored spoiler that others see hidden."""
    for field in fields:
        if isinstance(field.data, str) and hide_spoilers(field.data) != field.data:
            field.errors = [_("Others read “%(shown)s” until you remove the spoiler.", shown=hidden_words())]


def add_error(field: Field, problem: str) -> None:
    """Put an error beside a field after the form itself was found valid."""
    # Until a field is validated its errors are a tuple, to which nothing can be added.
    field.errors = [*field.errors, problem]


class LineField(StringField):
    """One line of text, trimmed; "" if nothing was sent."""

    data: str

    def __init__(self, label: str, validators: list[Any], **bound: Any) -> None:
        super().__init__(label, validators, filters=[clean_line], **bound)


class SecretField(PasswordField):
    """A password, exactly as it was typed; "" if nothing was sent."""

    data: str

    def __init__(self, label: str, validators: list[Any], **bound: Any) -> None:
        super().__init__(label, validators, filters=[lambda typed: typed or ""], **bound)


class WholeNumberField(IntegerField):
    """A whole number of 1 or more. Anything else is 0, so that the range check says what is allowed."""

    data: int

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = 0


class DayField(DateField):
    """A day, or None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Type a day such as 2026-01-31.")) from None


class MomentField(DateTimeLocalField):
    """A local date and time; the form's ``zone`` is its time zone."""

    def __init__(self, label: str, **bound: Any) -> None:
        # Browsers send "T" between day and time, with seconds in some; people type a space.
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(label, [DataRequired(A_TIME)], format=formats, **bound)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(A_TIME)) from None
        if self.data and not EARLIEST <= self.data.year <= LATEST:
            self.data = None
            raise ValueError(str(A_TIME))

    def pre_validate(self, form: Any) -> None:
        if self.data:
            refuse(text_dates.clock_problem(self.data, form.zone))

    def moment(self, zone: str, before: datetime) -> datetime:
        """Return the moment that is meant: ``before``, as long as its local time is the same.

        When clocks go back a local time comes twice, and an unchanged field must not move the moment.
        """
        assert self.data is not None
        return (
            before
            if self.data == text_dates.clock_at(before, zone)
            else text_dates.moment_at(self.data, zone)
        )


@lru_cache(maxsize=1)
def time_zone_choices() -> dict[str, Any]:
    """Return the time zones that people choose from, by continent, as choices of a select."""
    # This looks at hundreds of files, so the result is kept.
    names = sorted(available_timezones())
    return {
        continent: {
            name: name.partition("/")[2].replace("_", " ").replace("/", ", ")
            for name in names
            if name.startswith(f"{continent}/")
        }
        for continent in CONTINENTS
    }


def render_markdown(field: Field) -> str:
    """Return a field's Markdown as HTML. Raises ValidationError if it is refused."""
    try:
        return markdown.render(field.data or "").safe_html
    except TextError as problem:
        raise ValidationError(str(problem)) from None


class ChangePasswordForm(BaseForm):
    """A new password in exchange for the present one."""

    current = SecretField(
        lazy_gettext("Current password"),
        [
            DataRequired(lazy_gettext("Type your current password.")),
            Length(max=password_strength.LONGEST_PASSWORD),
        ],
    )
    new = SecretField(lazy_gettext("New password"), [DataRequired(lazy_gettext("Choose a new password."))])

    def __init__(self, member: Member, club: Club, **choices: Any) -> None:
        super().__init__(**choices)
        self.names = (member.username, member.email, member.own_name, club.name)

    def validate_new(self, field: Field) -> None:
        refuse(password_problem(field.data, *self.names))


class DepartureForm(BaseForm):
    """The form to leave the club for good. Words stay unless the member chooses to remove them."""

    texts = RadioField(lazy_gettext("What you wrote"), choices=rules.fates_of_texts, default="keep")
    password = SecretField(
        lazy_gettext("Your password"),
        [DataRequired(lazy_gettext("Type your password.")), Length(max=password_strength.LONGEST_PASSWORD)],
    )


class ProfileForm(EditForm):
    """A member's profile and how they like their pages. Fields that are not sent stay as they are."""

    characters = rules.LONGEST_WORDS

    display_name = LineField(lazy_gettext("Display name"), [refuse_spoilers])
    about = TextAreaField(
        lazy_gettext("About you"),
        [
            Length(max=rules.LONGEST_WORDS, message=lazy_gettext("Use at most %(max)d characters.")),
            refuse_spoilers,
        ],
    )
    email = LineField(lazy_gettext("E-mail"), [DataRequired(lazy_gettext("Type your e-mail address."))])
    current_password = SecretField(
        lazy_gettext("Current password"), [Length(max=password_strength.LONGEST_PASSWORD)]
    )
    theme = RadioField(
        lazy_gettext("Light or dark"),
        choices=rules.themes,
    )
    text_size = RadioField(lazy_gettext("Text size"), choices=rules.text_sizes)
    time_zone = SelectField(lazy_gettext("Time zone"))
    pace = RadioField(lazy_gettext("Until the next meeting"), choices=rules.ways_to_see_pace)

    def __init__(self, member: Member, club: Club, **choices: Any) -> None:
        known = ("about", "email", "theme", "text_size", "time_zone")
        # Stored words are read with their spoilers hidden, and their author has to see them to remove them.
        stored_texts = {name: typed(getattr(member, name) or "") for name in known}
        stored_texts["pace"] = "show" if member.shows_pace else "hide"
        super().__init__(data={"display_name": typed(member.own_name), **stored_texts}, **choices)
        self.own_username = member.username
        self.email_before = member.email
        self.time_zone.choices = {
            "": _("The club’s: %(zone)s", zone=club.time_zone),
            "UTC": "UTC",
            **time_zone_choices(),
        }
        self.about_html = member.about_html
        warn_of_spoilers(self.display_name, self.about)

    @property
    def changes_email(self) -> bool:
        # If the address was changed on another device meanwhile, the old one in this form is no wish to
        # change it back.
        return bool(self.email.data != self.email_before) and not self.leaves_alone("email")

    def validate_display_name(self, field: Field) -> None:
        refuse(rules.display_name_problem(field.data, self.own_username))

    def validate_about(self, field: Field) -> None:
        # Rendering is slow, so the view finds it done before the writing transaction opens.
        self.about_html = render_markdown(field)

    def validate_email(self, field: Field) -> None:
        # An address that stays is not judged again.
        if self.changes_email:
            refuse(rules.email_problem(field.data))

    def validate_current_password(self, field: Field) -> None:
        if self.changes_email and not field.data:
            raise ValidationError(_("Type your password to change your e-mail address."))


class TimeZoneForm(BaseForm):
    """The time zone of the member's device, as a page offers it."""

    time_zone = SelectField(lazy_gettext("Time zone"), choices=time_zone_choices)


class ClubForm(EditForm):
    """The club's settings, for organisers."""

    # The dates belong to the book, so they are merged as one with it.
    together = (("current_book", "current_from", "current_until"),)
    characters = rules.LONGEST_WORDS

    name = LineField(
        lazy_gettext("Name"),
        [
            DataRequired(lazy_gettext("Type a name for the club.")),
            Length(max=rules.LONGEST_CLUB_NAME, message=lazy_gettext("Use at most %(max)d characters.")),
            refuse_spoilers,
        ],
    )
    words = TextAreaField(
        lazy_gettext("A few words about the club"),
        [
            Length(max=rules.LONGEST_WORDS, message=lazy_gettext("Use at most %(max)d characters.")),
            refuse_spoilers,
        ],
    )
    is_public = TickField(lazy_gettext("Visitors may look in"))
    shows_meetings = TickField(lazy_gettext("Visitors see when the club meets"))
    members_meet = TickField(lazy_gettext("Members may plan meetings"))
    votes_by_link = TickField(lazy_gettext("Members can vote by a link in their e-mails"))
    sign_up = RadioField(lazy_gettext("Who may join"), choices=rules.ways_to_join)
    time_zone = SelectField(lazy_gettext("Time zone"))
    current_book = LineField(lazy_gettext("The book you are reading"), [Length(max=200)])
    current_from = DayField(lazy_gettext("From"), [Optional()])
    current_until = DayField(lazy_gettext("Until"), [Optional()])

    def __init__(self, club: Club, current_book: str, **choices: Any) -> None:
        known = (
            "name", "words", "is_public", "shows_meetings", "members_meet", "votes_by_link", "sign_up",
            "time_zone", "current_from", "current_until",
        )  # fmt: skip
        data = {name: typed(getattr(club, name)) for name in known}
        super().__init__(data={**data, "current_book": current_book}, **choices)
        self.time_zone.choices = {"UTC": "UTC", **time_zone_choices()}
        self.words_html = club.words_html
        warn_of_spoilers(self.name, self.words)

    @property
    def dates(self) -> tuple[date | None, date | None]:
        return self.current_from.data, self.current_until.data

    def validate_name(self, field: Field) -> None:
        refuse(None if confusables.is_visible(field.data) else _("Type a name that can be seen."))

    def validate_words(self, field: Field) -> None:
        self.words_html = render_markdown(field)

    def validate_current_until(self, field: Field) -> None:
        refuse(rules.dates_problem(self.current_from.data, field.data))


class InvitationForm(OnceForm):
    """A new invitation: a link for several people, or a mail for one."""

    email = LineField(lazy_gettext("Invite by e-mail"), [Optional()])

    days = WholeNumberField(
        lazy_gettext("Days it is valid"),
        [NumberRange(1, rules.LONGEST_INVITATION, lazy_gettext("Choose between %(min)d and %(max)d days."))],
        default=14,
    )
    uses = WholeNumberField(
        lazy_gettext("People who can use it"),
        [NumberRange(1, rules.MOST_USES, lazy_gettext("Choose between %(min)d and %(max)d people."))],
        default=10,
    )

    def validate_email(self, field: Field) -> None:
        refuse(rules.email_problem(field.data))


class RoleForm(EditForm):
    """The role of a member in the club."""

    role = SelectField(lazy_gettext("Role"), choices=rules.roles)


class SignInForm(BaseForm):
    """Username and password."""

    username = LineField(
        lazy_gettext("Username or e-mail"),
        [
            DataRequired(lazy_gettext("Type your username or your e-mail address.")),
            Length(max=LONGEST_EMAIL),
        ],
    )
    password = SecretField(
        lazy_gettext("Password"),
        [DataRequired(lazy_gettext("Type your password.")), Length(max=password_strength.LONGEST_PASSWORD)],
    )
    remember = BooleanField(lazy_gettext("Stay signed in on this device"))
    next = HiddenField()


class SignUpForm(BaseForm):
    """A new account. ``invite`` and ``setup`` are the links that allow it."""

    username = LineField(lazy_gettext("Username"), [DataRequired(lazy_gettext("Choose a username."))])
    email = LineField(lazy_gettext("E-mail"), [DataRequired(lazy_gettext("Type your e-mail address."))])
    password = SecretField(lazy_gettext("Password"), [DataRequired(lazy_gettext("Choose a password."))])
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
