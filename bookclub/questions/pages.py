"""Pages of questions: the printed agenda, one that is revealed, and the open questions about a book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import render_template, url_for

from ..books.models import Book
from ..lib.positions.contents import NO_CONTENTS
from ..meetings.agenda_pages import agenda_of
from ..meetings.models import Meeting
from ..meetings.pages import show_meeting, times_for_reader
from ..readings.queries import contents_of, known_mark
from ..web import current_viewer
from . import queries
from .forms import QuestionEditForm, QuestionForm
from .models import Question
from .rules import AgendaEntry, QuestionRow, entries_of

# The lists on the page of a book that are read on, by the names of their keys in its address.
LISTS = ("comments_after", "questions_after")


def question_address(question: Question) -> str:
    """Return the address of a question on the agenda of its meeting."""
    return url_for("meetings.show", meeting_id=question.meeting_id, _anchor=f"question-{question.id}")


def show_not_asked(meeting: Meeting, form: QuestionForm) -> str:
    """Render the page of a meeting with the form for a question that could not be taken."""
    return show_meeting(meeting, question_form=form)


def show_agenda(meeting: Meeting, now: datetime) -> str:
    """Render the agenda of a meeting on one page, to be printed."""
    return render_template(
        "questions/agenda.html",
        meeting=meeting,
        times=times_for_reader(meeting, now),
        agenda=agenda_of(meeting),
    )


def show_question(question: QuestionRow) -> str:
    """Render one question that its reader wants to see on purpose."""
    return render_template(
        "questions/reveal.html",
        question=question,
        contents=contents_of(question.book_id) if question.book_id else NO_CONTENTS,
    )


def show_edit_form(question: Question, form: QuestionEditForm) -> str:
    """Render the form in which the author edits a question."""
    return render_template("questions/edit.html", question=question, form=form)


def entry_of(question: QuestionRow) -> AgendaEntry:
    """Return a question with those who care about it, for the member who asks."""
    return entries_of([question], queries.supports_of([question]), current_viewer())[0]


def show_book(book: Book, after: Mapping[str, int | None], now: datetime) -> str:
    """Render a page of the open questions about a book: in its conversations, and asked for meetings.

    ``after`` has the keys after which the two lists begin, by ``LISTS``.
    """
    viewer = current_viewer()
    comments = queries.open_comments(viewer, book.id, after["comments_after"])
    return render_template(
        "questions/of_book.html",
        book=book,
        count=queries.count_open(viewer, book.id),
        comments=comments,
        questions=queries.questions_about(viewer, book.id, after["questions_after"]),
        after=after,
        mark=known_mark(viewer, book.id),
        contents=contents_of(book.id),
        meeting=queries.next_meeting_about(book.id, now),
        on_agendas=queries.meetings_with([comment.id for comment in comments.entries]),
    )
