"""The forms in which organisers confirm a merger or a split, having seen what it will change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from wtforms import HiddenField

from ..books.forms import Entry, latest_year, on_one_line
from ..forms import OnceForm
from ..lib.matches import bylines
from ..lib.matches import field_values as books
from ..lib.matches.book_fields import BookFields
from .rules import Chosen

STALE = "Something has changed since you looked. This is how it stands now: look at it again, please."


class PreviewForm(OnceForm):
    """A deed that was shown before it is done: ``seen`` tells whether what was shown is still true."""

    seen = HiddenField()

    def shows(self, fingerprint: str) -> Self:
        """Say that the page around this form shows this preview. Returns the form."""
        self.seen.data = fingerprint
        return self

    def is_about(self, fingerprint: str) -> bool:
        """Return whether the form was made from this preview, with its error set where it was not."""
        if self.seen.data == fingerprint:
            return True
        self.form_errors.append(STALE)
        return False


class MergerForm(PreviewForm):
    """One book or author that becomes part of another, ``into`` which is named by its slug."""

    into = HiddenField()


class AuthorSplitForm(OnceForm):
    """Books that are by another author. Which ones is read from the request."""

    may_omit = False

    name = Entry("Name of the other author", lambda text: _one_name(text))

    def takes(self, chosen: Collection[int], *, taken: bool) -> bool:
        """Return whether these books can go to an author of this name, with errors set where they cannot.

        ``taken`` says that somebody is called so already.
        """
        if taken:
            self.name.errors = [
                *self.name.errors,
                "Somebody is called that already. Add what tells the two apart, as in “Ada Moor (botanist)”.",
            ]
        if not chosen:
            self.form_errors.append("Choose the books that are by the other author.")
        return not taken and bool(chosen)


class BookSplitForm(PreviewForm):
    """A book to be made of parts of another one. Which parts is read from the request."""

    may_omit = False

    title = Entry("Title of the new book", books.title_from)
    authors = Entry("Authors", bylines.names_from, filters=[on_one_line])
    first_published = Entry("First published", lambda text: books.year_from(text, latest_year()))

    def fields(self) -> BookFields:
        """The new book, as the valid form says."""
        return BookFields(
            title=self.title.value, authors=self.authors.value, first_published=self.first_published.value
        )

    def takes(self, chosen: Chosen) -> bool:
        """Return whether there is something to move, with the form's error set where there is not."""
        if not chosen:
            self.form_errors.append("Choose what belongs to the new book.")
        return bool(chosen)


def _one_name(text: str) -> str:
    names = bylines.names_from(text)
    if len(names) > 1:
        raise books.Refused("Give the name of one author.")
    return names[0]
