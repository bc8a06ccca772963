"""Signing in and up, and a new password by a link."""

from __future__ import annotations

from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import DataRequired, Length

from ...forms import BaseForm
from .. import rules
from ..actions import password_problem
from ..models import Club, Member
from .fields import LineField, SecretField, refuse


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
        "Password", [DataRequired("Type your password."), Length(max=rules.LONGEST_PASSWORD)]
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
