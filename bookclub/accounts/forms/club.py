"""What organisers say of the club and its members."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import BooleanField, Field, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from ...edit_forms import EditForm
from ...forms import OnceForm
from ...renderings import typed
from .. import rules
from ..models import Club
from .fields import (
    DayField,
    LineField,
    WholeNumberField,
    point_out,
    public,
    refuse,
    rendered,
    zones,
)

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
        refuse(None if rules.is_visible(field.data) else "Give the club a name that can be seen.")

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
