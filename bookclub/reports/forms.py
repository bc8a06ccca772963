"""Forms for a spoiler report and for a decision on one."""

from __future__ import annotations

from typing import Self

from wtforms import HiddenField, SelectField
from wtforms.validators import AnyOf

from ..edit_forms import EditForm
from ..forms import BaseForm
from ..lib.positions.contents import horizon_from, horizon_text, section_id_in
from ..lib.positions.places import START, PlaceError
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from . import rules
from .queries import ReportFacts


class ReportForm(EditForm):
    """The proposed horizon of a post: a place further on than what the post says itself."""

    # Choices depend on the post and are filled in only for the page; place() says what can be proposed.
    horizon = SelectField(lazy_gettext("How far does it give the book away?"), validate_choice=False)

    def place(self, facts: ReportFacts) -> int | None:
        """Return the proposed position; None, with an error beside the field, if it makes no sense."""
        choice = self.horizon.data or ""
        try:
            # "mine" means the reporter's own place, which says nothing about someone else's words.
            place = START if choice == "mine" else horizon_from(choice, None, facts.contents)
        except PlaceError:
            gone = section_id_in(choice) is not None
            self.horizon.errors = [
                _("That chapter is not in this book any more. Choose another.")
                if gone
                else _("Choose how far it gives the book away.")
            ]
            return None
        if place <= facts.before:
            says = horizon_text(facts.before, facts.contents)
            self.horizon.errors = [_("It is %(place)s already. Choose a place further on.", place=says)]
            return None
        return place

    def fits_in(self, facts: ReportFacts) -> bool:
        """Merge with the member's own report, if they have made one. Return False if they clash."""
        fresh = ReportForm(formdata=None).offer(facts)
        return facts.mine is None or self.merge(fresh)

    def offer(self, facts: ReportFacts) -> Self:
        """Offer the places further on, with the member's earlier proposal selected. Return the form."""
        choices = rules.proposals(facts.contents, facts.before, facts.mark)
        if self.horizon.data is None and facts.mine is not None:
            self.horizon.data = facts.mine.horizon_choice
        wanted = self.horizon.data or ""
        if wanted not in choices:
            # A proposal that is not offered any more stays selectable, if it still lies further on. A
            # position has at most five digits.
            if wanted.isascii() and wanted.isdecimal() and len(wanted) < 6 and int(wanted) > facts.before:
                choices[wanted] = horizon_text(int(wanted), facts.contents)
            else:
                self.horizon.data = ""
        self.horizon.choices = list(choices.items())
        return self


class DecisionForm(BaseForm):
    """The decision on a report. ``seen`` is the state of the report on the page with the buttons."""

    verdict = HiddenField(validators=[AnyOf(["uphold", "dismiss"])])
    seen = HiddenField()
