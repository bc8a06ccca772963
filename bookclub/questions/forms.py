"""Forms for a question of a meeting: a new one, an edited one, and a comment put on the agenda."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField

from ..books.models import Book
from ..books.queries import book_by_name
from ..edit_forms import EditForm
from ..forms import BaseForm
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..meetings.models import Meeting
from ..members.forms import add_error
from ..threads.composer import Writer
from ..threads.forms import ComposerForm, chosen_for
from . import rules
from .models import Question


class QuestionForm(ComposerForm):
    """A question for a meeting, about one of its books."""

    longest = rules.LONGEST_QUESTION
    characters = rules.LONGEST_QUESTION

    body = TextAreaField(lazy_gettext("Your question"))
    book = HiddenField(lazy_gettext("Book"))

    def book_in(self, meeting: Meeting) -> Book | None:
        """Return the book of a meeting that the question is about; None, perhaps with an error, if none."""
        name, books = self.book.data or "", {each.book_id: each.book for each in meeting.books}
        if not name:
            if len(books) > 1:
                add_error(self.book, _("Choose the book that your question is about."))
                return None
            return next(iter(books.values()), None)
        # Two books may have one title, and the one of the meeting is meant.
        same = (each for each in books.values() if name in (each.slug, each.title))
        book = next(same, None) or book_by_name(name)
        if book is None:
            add_error(self.book, _("There is no “%(title)s” in the catalogue.", title=name))
        elif book.id not in books:
            add_error(self.book, _("This meeting is not about “%(title)s”.", title=book.title))
        else:
            return books[book.id]
        return None


class QuestionEditForm(EditForm, ComposerForm):
    """The words of a question, edited by its author."""

    longest = rules.LONGEST_QUESTION
    characters = rules.LONGEST_QUESTION
    # A typed place means nothing without the choice before it, so both are kept or written together.
    together = (("horizon", "horizon_place"),)
    # These two are not part of the question: one asks for a preview, the other is about the reading.
    aside = frozenset({"preview_at", "finished"})

    body = TextAreaField(lazy_gettext("Your question"))


class ReferenceForm(BaseForm):
    """A comment or a passage that a member puts on the agenda."""

    comment = HiddenField()
    passage = HiddenField()

    @property
    def comment_id(self) -> int | None:
        return row_id_from(self.comment.data)

    @property
    def passage_id(self) -> int | None:
        return row_id_from(self.passage.data)


def question_form_for(writer: Writer, book: Book | None) -> QuestionForm:
    """Return an empty form for a question about this book, as the page of a meeting shows it."""
    form = QuestionForm(formdata=None)
    form.book.data = book.slug if book else ""
    form.offer(writer)
    return form


def edit_form_for(question: Question, writer: Writer) -> QuestionEditForm:
    """Return the form in which the author edits a question."""
    form = QuestionEditForm(formdata=None)
    form.body.data = question.body
    form.offer(writer, chosen=chosen_for(question, writer.contents))
    return form
