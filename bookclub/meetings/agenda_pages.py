"""The agenda of a meeting as one reader sees it, and the form for another question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..books.models import Book
from ..lib.positions.contents import Contents
from ..questions import queries as questions
from ..questions.forms import QuestionForm, question_form_for
from ..questions.rules import AgendaEntry, entries_of, lateness_problem
from ..readings.queries import known_marks
from ..reports.queries import contents_of_books
from ..threads.rules import CommentRow
from ..threads.writer_queries import writer_on
from ..web import current_viewer, the_member
from .models import Meeting


@dataclass(frozen=True)
class Agenda:
    """The questions of a meeting in their order, with the reader's marks and the chapters of their books.

    ``proposed`` are open questions of conversations that fit the meeting and are not on it.
    """

    entries: Sequence[AgendaEntry]
    marks: Mapping[int | None, int | None]
    contents: Mapping[int | None, Contents]
    proposed: Sequence[CommentRow]


def agenda_of(meeting: Meeting) -> Agenda:
    """Return the agenda of a meeting, for the member who asks."""
    viewer = current_viewer()
    rows = questions.questions_of(viewer, meeting.id)
    about = {row.book_id for row in rows}
    return Agenda(
        entries_of(rows, questions.supports_of(rows), viewer),
        known_marks(viewer, about),
        contents_of_books(about),
        questions.comments_to_propose(viewer, meeting),
    )


@dataclass(frozen=True)
class QuestionComposer:
    """The form for a question about one of the books of a meeting, or about none.

    ``problem`` says why the meeting takes no more questions; otherwise it is None.
    """

    form: QuestionForm
    book: Book | None
    problem: str | None


def question_composer(
    meeting: Meeting, now: datetime, form: QuestionForm | None = None, slug: str | None = None
) -> QuestionComposer:
    """Return the form for a question about the book with this slug, or about the first of the meeting.

    ``form`` is one that was sent and could not be taken.
    """
    wanted = (form.book.data if form else slug) or ""
    books = [each.book for each in meeting.books]
    book = next((each for each in books if wanted in (each.slug, each.title)), books[0] if books else None)
    writer = writer_on(the_member().id, book.id if book else None)
    shown = form.offer(writer) if form else question_form_for(writer, book)
    shown.book.data = book.slug if book else ""
    return QuestionComposer(shown, book, lateness_problem(meeting.ends_at, now))
