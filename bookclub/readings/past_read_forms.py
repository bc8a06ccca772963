"""The form in which a member ticks the books that they have read."""

from __future__ import annotations

from wtforms import BooleanField, SelectMultipleField, ValidationError

from ..forms import BaseForm
from ..lib.text.keys import is_slug
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, number_text
from .rules import MOST_PAST_READS


class PastReadsForm(BaseForm):
    """The slugs of the ticked books, and who sees that they were read."""

    # Which books there are is asked in the transaction that marks them.
    book = SelectMultipleField(lazy_gettext("Books"), choices=[], validate_choice=False)
    is_private = BooleanField(lazy_gettext("Only I can see that I have read these"))

    @property
    def ticked(self) -> set[str]:
        """The slugs of the ticked books."""
        return {slug for slug in self.book.data or () if is_slug(slug)}

    def validate_book(self, field: SelectMultipleField) -> None:
        """Refuse a form with no book, or with more than the page offers."""
        if not self.ticked:
            raise ValidationError(_("Tick at least one book that you have read."))
        if len(self.ticked) > MOST_PAST_READS:
            most = number_text(MOST_PAST_READS)
            raise ValidationError(_("Tick at most %(most)s books at a time.", most=most))
