"""Pages of threads, and addresses of threads and of comments in them."""

from __future__ import annotations

from flask import render_template, url_for

from ..asks.queries import ask_id_of
from ..lib.positions.contents import NO_CONTENTS
from ..lib.positions.measures import Measures
from ..meetings.queries import meeting_of_thread
from ..passages.queries import passage_of_thread
from ..readings.queries import contents_of
from ..reports.queries import contents_of_books
from ..reviews.queries import id_of_thread
from ..rounds.queries import round_of_thread
from ..web import current_member, current_viewer
from .comment_queries import comment_row
from .composer import Writer
from .forms import CommentForm, comment_form_for
from .models import Comment, Thread
from .queries import Conversation, place_in_thread
from .talk_queries import TalkPage


def show_thread(thread: Thread, talk: Conversation) -> str:
    """Render a titled thread, with the page of it that the reader asked for, and the form for a comment."""
    # A visitor learns no chapter: their placeholders only say "later in the book".
    contents = contents_of(thread.book_id) if current_member() else NO_CONTENTS
    writer = Writer(talk.mark, Measures(contents), least=thread.floor, has_book=thread.book_id is not None)
    return render_template(
        "threads/show.html",
        talk=talk,
        thread=thread,
        voting_round=round_of_thread(thread.id) if thread.of_round else None,
        meeting=meeting_of_thread(thread.id) if thread.of_meeting else None,
        passage=passage_of_thread(current_viewer(), thread.id) if thread.of_passage else None,
        contents=contents,
        form=comment_form_for(writer),
    )


def show_talk(page: TalkPage, about_books: bool) -> str:
    """Render a page of the club's talk, or of the threads on all books."""
    book_ids = {entry.thread.book_id for entry in (*page.pinned, *page.entries)} - {None}
    contents = contents_of_books(book_ids) if current_member() else {}
    return render_template(
        "threads/index.html",
        page=page,
        about_books=about_books,
        contents_of=contents,
        no_contents=NO_CONTENTS,
    )


def show_composer(thread: Thread, parent: Comment | None, form: CommentForm) -> str:
    """Render the page for a comment that was not posted: a reply's, or one for the top of a thread."""
    row = comment_row(current_viewer(), parent.id) if parent else None
    return render_template("threads/compose.html", thread=thread, comment=row, form=form)


def comment_address(comment: Comment, thread: Thread) -> str:
    """Return the address of a comment in its thread, on the page that shows it.

    ``GET /comments/<id>/in-thread`` redirects there, so other pages link to that instead.
    """
    place = place_in_thread(comment)
    # If nothing is left to point to, the address is that of the thread alone.
    anchor = f"comment-{place.comment_id}" if place.comment_id else None
    return thread_address(thread, at=place.at, _anchor=anchor)


def thread_address(thread: Thread, **place: str | int | None) -> str:
    """Return the address of the page that shows a thread: its own, its review's or its ask's."""
    if thread.title is not None:
        return url_for("threads.show", thread_id=thread.id, **place)  # type: ignore[arg-type]
    if thread.of_ask:
        return url_for("asks.show", ask_id=ask_id_of(thread.id), **place)  # type: ignore[arg-type]
    return url_for("reviews.show", review_id=id_of_thread(thread.id), **place)  # type: ignore[arg-type]
