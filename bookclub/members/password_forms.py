"""Forms for somebody who has forgotten their password: to ask for a link, and to set another by it."""

from __future__ import annotations

from wtforms import Field
from wtforms.validators import DataRequired

from ..forms import BaseForm
from ..lib.text.messages import lazy_gettext
from . import rules
from .forms import LineField, SecretField, refuse
from .models import Club, Member
from .passwords import password_problem


class PasswordRequestForm(BaseForm):
    """The address of somebody who has forgotten their password."""

    email = LineField(lazy_gettext("E-mail"), [DataRequired(lazy_gettext("Type your e-mail address."))])

    def validate_email(self, field: Field) -> None:
        refuse(rules.email_problem(field.data))


class NewPasswordForm(BaseForm):
    """A new password by a one-time link."""

    password = SecretField(lazy_gettext("New password"), [DataRequired(lazy_gettext("Choose a password."))])

    def __init__(self, member: Member, club: Club) -> None:
        super().__init__()
        self.names = (member.username, member.email, member.own_name, club.name)

    def validate_password(self, field: Field) -> None:
        refuse(password_problem(field.data, *self.names))
