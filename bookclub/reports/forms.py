"""What a report asks: up to where a post gives the book away; and what a decision says."""

from __future__ import annotations

from typing import Self

from wtforms import HiddenField, SelectField
from wtforms.validators import AnyOf

from ..edit_forms import EditForm
from ..forms import BaseForm
from ..lib.positions.contents import horizon_from, say_horizon, section_of
from ..lib.positions.places import START, PlaceError
from . import rules
from .queries import Standing


class ReportForm(EditForm):
    """A place in the book, further than what the post says of itself."""

    horizon = SelectField("How far does it give the book away?", validate_choice=False)

    def place(self, standing: Standing) -> int | None:
        """The place that is proposed; None, with an error beside the field, where it makes no sense."""
        choice = self.horizon.data or ""
        try:
            # "mine" is not for somebody else's words.
            place = START if choice == "mine" else horizon_from(choice, None, standing.contents)
        except PlaceError:
            gone = section_of(choice) is not None
            problem = "That chapter is not in this book any more. Choose another." if gone else ""
            self.horizon.errors = [problem or "Choose how far it gives the book away."]
            return None
        if place <= standing.before:
            says = say_horizon(standing.before, standing.contents)
            self.horizon.errors = [f"It says already that it is {says}. Choose a place further on."]
            return None
        return place

    def fits_in(self, standing: Standing) -> bool:
        """Merge with the member's own report, unless they have made none. Returns False where they clash."""
        fresh = ReportForm(formdata=None).offer(standing)
        return standing.mine is None or self.merge(fresh)

    def offer(self, standing: Standing) -> Self:
        """Offer the places further on, the one that the member has proposed before chosen."""
        choices = rules.proposals(standing.contents, standing.before, standing.mark)
        if self.horizon.data is None and standing.mine is not None:
            self.horizon.data = standing.mine.horizon_choice
        wanted = self.horizon.data or ""
        if wanted not in choices:
            if wanted.isascii() and wanted.isdecimal() and len(wanted) < 6 and int(wanted) > standing.before:
                choices[wanted] = say_horizon(int(wanted), standing.contents)
            else:
                self.horizon.data = ""
        self.horizon.choices = list(choices.items())
        return self


class DecisionForm(BaseForm):
    """Whether a report stands. ``seen`` is how it stood on the page that was decided from."""

    verdict = HiddenField(validators=[AnyOf(["uphold", "dismiss"])])
    seen = HiddenField()
