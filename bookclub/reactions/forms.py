"""The form of a reaction."""

from __future__ import annotations

from flask import request
from wtforms import HiddenField
from wtforms.validators import AnyOf

from ..threads.forms import SwitchForm
from .rules import KINDS


class ReactionForm(SwitchForm):
    """A kind of reaction, to be set or taken back."""

    kind = HiddenField(validators=[AnyOf(KINDS)])


def reaction_sent() -> ReactionForm:
    """Return the form of this request. A button of a bar names its kind in the address."""
    form = ReactionForm()
    form.kind.data = form.kind.data or request.args.get("kind", "")
    return form
