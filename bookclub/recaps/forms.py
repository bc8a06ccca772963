"""Form for the recap of a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from wtforms import SelectField, TextAreaField

from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..meetings.models import Meeting, MeetingBook
from ..members.forms import add_error
from ..threads.composer import Writer
from ..threads.forms import IllustratedForm


class RecapForm(IllustratedForm):
    """The words about a meeting, and, where it had several books, the book that they are about.

    ``horizon`` may hide more than what was to be read; it never hides less. Without it that is the horizon.
    """

    books: Sequence[MeetingBook] = ()

    body = TextAreaField(lazy_gettext("What did you talk about?"))
    book = SelectField(lazy_gettext("About which book?"), validate_choice=False)

    def about(self, meeting: Meeting) -> Self:
        """Offer the books of a meeting. Return the form."""
        self.books = meeting.books
        self.book.choices = [("", _("Choose …")), *((each.book.slug, each.book.title) for each in self.books)]
        return self

    @property
    def chosen(self) -> MeetingBook | None:
        """The book that was chosen, by its address or its title: the only one, where there is one."""
        name = (self.book.data or "").strip()
        if not name and len(self.books) == 1:
            return self.books[0]
        return next((each for each in self.books if name in (each.book.slug, each.book.title)), None)

    def default_horizon(self, writer: Writer) -> str | None:
        """Return the choice that gives away no more than the whole conversation."""
        return "0"

    def has_book(self) -> bool:
        """Return whether the recap is about a book of the meeting; if not, say so beside the field."""
        if self.chosen or not self.books:
            return True
        name = (self.book.data or "").strip()
        if name:
            add_error(self.book, _("“%(title)s” is not a book of this meeting.", title=name))
        else:
            add_error(self.book, _("Choose the book that it is about."))
        return False
