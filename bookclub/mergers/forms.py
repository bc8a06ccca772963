"""Forms in which organisers confirm a merger or a split after a preview."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from wtforms import HiddenField

from ..books.forms import RuledText, latest_year, on_one_line
from ..forms import OnceForm
from ..lib.matches import bylines
from ..lib.matches import field_values as books
from ..lib.matches.book_fields import BookFields
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from .rules import Chosen


class PreviewForm(OnceForm):
    """Form that confirms a preview. ``seen`` is its fingerprint, which tells if it is still true."""

    seen = HiddenField()

    def shows(self, fingerprint: str) -> Self:
        """Set the fingerprint of the preview on this form's page. Returns the form."""
        self.seen.data = fingerprint
        return self

    def is_about(self, fingerprint: str) -> bool:
        """Return True if the form was made from this preview; otherwise set its error."""
        if self.seen.data == fingerprint:
            return True
        self.form_errors.append(
            _("Something has changed since you looked. This is how it is now: please look at it again.")
        )
        return False


class MergerForm(PreviewForm):
    """Form for a book or author that becomes part of another; ``into`` is the other one's slug."""

    into = HiddenField()


class AuthorSplitForm(OnceForm):
    """Form for the name of another author. The chosen books are read from the request."""

    may_omit = False

    # The rule is a function below, so it is looked up when the form is sent.
    name = RuledText(lazy_gettext("Name of the other author"), lambda text: _one_name(text))

    def takes(self, chosen: Collection[int], *, taken: bool) -> bool:
        """Return True if these books can go to an author of this name; otherwise set the errors.

        ``taken`` says that an author has that name already.
        """
        if taken:
            self.name.errors = [
                *self.name.errors,
                _(
                    "Another author has that name already. Add what tells the two apart, as in “Ada Moor "
                    "(botanist)”."
                ),
            ]
        if not chosen:
            self.form_errors.append(_("Choose the books that are by the other author."))
        return not taken and bool(chosen)


class BookSplitForm(PreviewForm):
    """Form for a book made of parts of another one. The chosen parts are read from the request."""

    may_omit = False

    title = RuledText(lazy_gettext("Title of the new book"), books.title_from)
    authors = RuledText(lazy_gettext("Authors"), bylines.names_from, filters=[on_one_line])
    # The last allowed year is asked for each time, since a server may run past New Year.
    first_published = RuledText(
        lazy_gettext("First published"), lambda text: books.year_from(text, latest_year())
    )

    def fields(self) -> BookFields:
        """Fields of the new book in the valid form."""
        return BookFields(
            title=self.title.value, authors=self.authors.value, first_published=self.first_published.value
        )

    def takes(self, chosen: Chosen) -> bool:
        """Return True if there is something to move; otherwise set the form's error."""
        if not chosen:
            self.form_errors.append(_("Choose what belongs to the new book."))
        return bool(chosen)


def _one_name(text: str) -> str:
    names = bylines.names_from(text)
    if len(names) > 1:
        raise books.FieldError(_("Type the name of one author."))
    return names[0]
