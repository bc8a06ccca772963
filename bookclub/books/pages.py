"""Pages of books and authors, with what other packages know of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, url_for

from ..asks.forms import AdviceForm
from ..asks.queries import asks_about, endorsements_from, endorsements_to
from ..extensions import utcnow
from ..lib.positions.contents import section_name
from ..lib.positions.measures import Measures
from ..meetings.pace_queries import place_of, readings_planned
from ..meetings.pace_rules import next_of, pace_text, schedule_of
from ..mergers.queries import Log, mergers_of_author, mergers_of_book
from ..passages.queries import count_passages
from ..questions.queries import count_open
from ..readings.forms import reading_form_for
from ..readings.models import Reading
from ..readings.queries import measures_of, own_details, own_reading, rating_histogram
from ..readings.strip_forms import progress_strip
from ..reviews.draft_queries import mine_on
from ..reviews.queries import reviews_on_book
from ..rounds.queries import rounds_nominating
from ..threads.forms import thread_form_for
from ..threads.queries import threads_on_book
from ..web import current_member, current_viewer, time_zone
from . import alias_queries, catalogue_queries
from .forms import BookEditForm, BookForm
from .look_ups import LookUp
from .models import Author, Book
from .queries import Twins

# The lists on a book's page that are read on, by the names of their keys in its address.
LISTS = ("reviews_after", "threads_after")


def show_book(book: Book, after: Mapping[str, int | None]) -> str:
    """Render a book with its facts, reviews and threads, as far as the reader may see.

    ``after`` has the keys after which the shown reviews and threads begin, by ``LISTS``.
    """
    return render_template("books/show.html", **book_page(book, after))


def book_page(book: Book, after: Mapping[str, int | None]) -> dict[str, Any]:
    """Return everything that a book's page shows to the reader, also for what an update changes."""
    viewer = current_viewer()
    reading, measures, own = (
        own_reading(viewer, book.id),
        measures_of(book.id),
        own_details(viewer, book.id),
    )
    mark = reading.mark if reading else None
    return {
        "book": book,
        "reading": reading,
        "reading_form": reading_form_for(reading, measures, own),
        "strip": progress_strip(reading, measures),
        "own": own,
        # A split sets ``moved_from``, too, though there the other book did not become a part of this one.
        "is_part_now": bool(
            reading and reading.moved_from and alias_queries.was_called(book.id, reading.moved_from)
        ),
        "histogram": rating_histogram(book.id),
        "mine": mine_on(viewer, book.id),
        "reviews": reviews_on_book(viewer, book.id, after["reviews_after"]),
        "threads": threads_on_book(viewer, book.id, after["threads_after"]),
        # The title of a chapter that lies ahead is itself a spoiler, and shows as a number.
        "chapters": [(section_name(section, mark), section.start) for section in measures.contents.sections],
        "contents": measures.contents,
        "open_questions": count_open(viewer, book.id) if viewer.is_member else None,
        "passages": count_passages(viewer, book.id) if viewer.is_member else None,
        "rounds": rounds_nominating(utcnow()) if viewer.is_member else [],
        "thread_form": thread_form_for(reading.known_mark if reading else None, measures.contents),
        "after": after,
        "back": url_for("books.show", slug=book.slug, **dict[str, Any](after)),
        # Asks and endorsements are for members only, so a visitor's page does not even load them.
        **(advice_on(book) if viewer.is_member else {}),
        **(schedule_on(book, reading, measures) if viewer.is_member else {}),
    }


def schedule_on(book: Book, reading: Reading | None, measures: Measures) -> dict[str, Any]:
    """Return the meetings about a book with what to read for each, and the reader's pace until the next."""
    member, now, zone = current_member(), utcnow(), time_zone()
    planned = readings_planned(book.id)
    following, pace = next_of(planned, now), ""
    if following and member and member.shows_pace:
        place = place_of(reading)
        pace = pace_text(place, following.horizon, measures, following.starts_at, now, zone)
    return {"schedule": schedule_of(planned, measures.contents, now, zone), "pace": pace}


def advice_on(book: Book) -> dict[str, Any]:
    """Return what members recommend and ask about a book, and the form that recommends another."""
    return {
        "asked": asks_about(book_id=book.id),
        "endorsed": {"given": endorsements_from(book.id), "received": endorsements_to(book.id)},
        "advice_form": AdviceForm(formdata=None),
    }


def show_new_form(form: BookForm, twins: Twins | None = None, looked: LookUp | None = None) -> str:
    """Render the form for a new book, with the books that it looks like and the result of a look-up."""
    known = form.suggest(catalogue_queries.suggest_author_names(form.last_name))
    return render_template("books/new.html", form=form, twins=twins, known_authors=known, looked=looked)


def show_edit_form(book: Book, form: BookEditForm, twins: Twins | None = None) -> str:
    """Render the form for an existing book, with the books that it looks like."""
    known = form.suggest(catalogue_queries.suggest_author_names(form.last_name))
    return render_template("books/edit.html", book=book, form=form, twins=twins, known_authors=known)


def show_edits(book: Book, after: int | None) -> str:
    """Render a page of the edits of a book, with its mergers."""
    return render_template(
        "books/edits.html",
        book=book,
        page=catalogue_queries.edits_of(book.id, after),
        added_by=catalogue_queries.who_added(book),
        log=mergers_of_book(book.id, utcnow()),
    )


def show_author(author: Author, after: str | None) -> str:
    """Render a page of an author's books by year of publication, with the club's ratings."""
    page = catalogue_queries.catalogue(author=author.slug, sort="year", after=after)
    asked = asks_about(author_id=author.id) if current_member() else []
    return render_template(
        "books/authors/show.html",
        author=author,
        page=page,
        begins=not after,
        asked=asked,
        # This list has no pages of its own, so it stands on the first page of the books alone.
        contributed=catalogue_queries.contributed_to(author.id) if not after else [],
        aliases=alias_queries.aliases_of_author(author.id),
        log=mergers_of_author(author.id, utcnow()) if current_member() else Log(),
    )
