"""Forms for who was at a meeting: the host's list, and a member's own word."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import AnyOf, Optional

from ..forms import BaseForm
from ..lib.text.messages import lazy_gettext
from .forms import NamesField


class AttendanceForm(BaseForm):
    """Form for who was there: ``on`` for oneself, or the usernames that the host has ticked.

    ``was`` holds the usernames that were ticked when the page was made.
    """

    on = HiddenField(
        validators=[Optional(), AnyOf(["0", "1"], lazy_gettext("Send “on” as 1 if you were there, or as 0."))]
    )
    member = NamesField(lazy_gettext("Who was there?"), default=())
    was = NamesField(default=())

    @property
    def is_about_oneself(self) -> bool:
        return bool(self.on.data)
