"""Pages of passages: those from a book, one by itself, a member's highlights, and the forms."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from ..books.models import Book
from ..extensions import utcnow
from ..lib.library_files.clippings import Highlight, highlights_in
from ..meetings.models import Meeting
from ..questions.queries import meetings_about, meetings_with_passage
from ..readings.queries import contents_of, known_mark, own_reading
from ..threads.forms import NewThreadForm
from ..threads.queries import counts
from ..threads.rules import CommentCount
from ..threads.writer_queries import writer_on
from ..web import current_viewer, the_member
from . import queries
from .forms import PassageEditForm, PassageForm, passage_form_for
from .models import Passage
from .rules import PassageKey, PassageRow, runs_of


def highlights_of(book_id: int) -> list[Highlight]:
    """Return the highlights that the member keeps as private notes on a book."""
    reading = own_reading(current_viewer(), book_id)
    return highlights_in(reading.notes or "") if reading else []


def show_passages(
    book: Book,
    after: PassageKey | None = None,
    form: PassageForm | None = None,
    highlight: str | None = None,
) -> str:
    """Render a page of the passages from a book, with the form for another.

    ``form`` is one that was sent and could not be taken; ``highlight`` the key of one to be kept.
    """
    viewer, member = current_viewer(), the_member()
    page, writer, highlights = (
        queries.passages_from(viewer, book.id, after),
        writer_on(member.id, book.id),
        highlights_of(book.id),
    )
    chosen = next((each for each in highlights if each.key == highlight), None)
    thread_ids = [passage.thread_id for passage in page.entries if passage.thread_id is not None]
    return render_template(
        "passages/index.html",
        book=book,
        runs=runs_of(page.entries),
        next_after=page.next_after,
        is_continued=after is not None,
        count=queries.count_passages(viewer, book.id),
        said=counts(viewer, thread_ids),
        form=form.offer(writer) if form else passage_form_for(writer, chosen),
        highlights=len(highlights),
        mark=known_mark(viewer, book.id),
        contents=writer.contents,
    )


@dataclass(frozen=True)
class CandidateHighlight:
    """A highlight, and whether the member keeps it as a passage already."""

    highlight: Highlight
    is_kept: bool


def show_highlights(book: Book) -> str:
    """Render the highlights that the member keeps as notes on a book, each to become a passage."""
    kept = queries.own_texts(current_viewer(), book.id)
    return render_template(
        "passages/highlights.html",
        book=book,
        highlights=[CandidateHighlight(each, each.text in kept) for each in highlights_of(book.id)],
    )


@dataclass(frozen=True)
class AgendaChoice:
    """A meeting to come about the book of a passage, and whether the passage is on its agenda."""

    meeting: Meeting
    has_it: bool


def show_passage(passage: PassageRow) -> str:
    """Render a passage, with its conversation and the meetings on whose agendas it can be put."""
    viewer = current_viewer()
    on_agendas = meetings_with_passage(passage.id)
    meetings = [] if passage.text is None else meetings_about(passage.book_id, utcnow())
    return render_template(
        "passages/show.html",
        passage=passage,
        said=count_of(passage),
        agendas=[AgendaChoice(each, each.id in on_agendas) for each in meetings],
        mark=known_mark(viewer, passage.book_id),
        contents=contents_of(passage.book_id),
    )


def count_of(passage: PassageRow) -> CommentCount | None:
    """Return how much was said about a passage, as this reader sees it; None without a conversation."""
    if passage.thread_id is None:
        return None
    return counts(current_viewer(), [passage.thread_id])[passage.thread_id]


def show_edit_form(passage: Passage, form: PassageEditForm) -> str:
    """Render the form in which its member edits a passage."""
    return render_template("passages/edit.html", passage=passage, form=form)


def show_discussion_form(passage: PassageRow, form: NewThreadForm) -> str:
    """Render the form that opens the conversation about a passage."""
    return render_template(
        "passages/discuss.html",
        passage=passage,
        form=form,
        contents=contents_of(passage.book_id),
        mark=known_mark(current_viewer(), passage.book_id),
    )
