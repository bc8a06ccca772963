"""What members say of themselves, and what they do about their own account."""

from __future__ import annotations

from typing import Any

from wtforms import Field, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from ...edit_forms import EditForm
from ...forms import BaseForm
from ...renderings import typed
from .. import rules
from ..actions import password_problem
from ..models import Club, Member
from .fields import LineField, SecretField, point_out, public, refuse, rendered, zones

THEMES: Any = {"auto": "As my device has it", "light": "Light: warm paper", "dark": "Dark: ink"}


TEXTS: Any = {
    "keep": "Keep my words, without my name",
    "remove": "Remove my words: reviews, comments, questions, answers and recommendations",
}


class ChangePasswordForm(BaseForm):
    """A new password in exchange for the present one."""

    current = SecretField(
        "Current password", [DataRequired("Type your current password."), Length(max=rules.LONGEST_PASSWORD)]
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
        "Your password", [DataRequired("Type your password."), Length(max=rules.LONGEST_PASSWORD)]
    )


class ProfileForm(EditForm):
    """What a member says of themselves, and how they like their pages. What is not sent stays as it is."""

    characters = rules.LONGEST_WORDS

    display_name = LineField("Display name", [public])
    about = TextAreaField(
        "About you", [Length(max=rules.LONGEST_WORDS, message="Use at most %(max)d characters."), public]
    )
    email = LineField("E-mail", [DataRequired("Give your e-mail address.")])
    current_password = SecretField("Current password", [Length(max=rules.LONGEST_PASSWORD)])
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
