"""Views for a member's reading of a book, its reveal, and promises about it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from ..addresses import local_path
from ..body_limits import takes_text
from ..books.models import Book
from ..extensions import db, utcnow
from ..lib.positions.measures import Measures
from ..lib.positions.places import START
from ..lib.positions.progress import Progress
from ..lib.text.messages import gettext as _
from ..web import answer, current_viewer, invalid, load, the_member, time_zone
from . import actions, pages, undo_actions
from .forms import ReadingForm, reading_form_for
from .models import Reading
from .queries import measures_of, own_details, own_reading, reading_by
from .strip_forms import forget_undo, remember_undo, undo_of
from .undo_actions import place_of

bp = Blueprint("readings", __name__)
# Of somebody who has not touched the book.
NO_PROGRESS = Progress(None, None, START)


@bp.post("/books/<slug>/reading")
@takes_text(ReadingForm.characters)
def update(slug: str) -> Response:
    """Record the member's progress, rating and other details of their reading."""
    form, member, now = ReadingForm(), the_member(), utcnow()
    # The day on which somebody finished is that of their own calendar, and not of the server's.
    today = now.astimezone(ZoneInfo(time_zone())).date()
    form.validate()
    book = load(Book, slug, to="read")
    reading, measures = own_reading(current_viewer(), book.id), measures_of(book.id)
    # The form is made again from what is stored now, so that the two can be merged.
    fresh = reading_form_for(reading, measures, own_details(current_viewer(), book.id))
    if not form.offer(measures).fits_in(reading, fresh):
        return invalid(pages.show_refusal(book, form.complete(fresh), reading, measures))
    said, (rated, rating) = form.read(measures, reading, today), form.rating_said()
    if said is None or form.errors:
        return invalid(pages.show_refusal(book, form.complete(fresh), reading, measures))
    if form.leaps(said, reading):
        # The answer is an error on purpose: nothing is saved before the member has confirmed the step.
        return invalid(pages.show_leap(book, reading, said, measures))
    # The mark from before is needed to say what this update unlocks.
    before, known, was = reading.mark if reading else START, undo_of(reading), place_of(reading)
    moved_from = reading.progress if reading else None
    reading = actions.record(
        member,
        book,
        now,
        today=today,
        status=said.status,
        position=said.position,
        entry=said.entry,
        entry_unit=said.entry_unit,
        rating=rating if rated else actions.KEEP,
        changes=said.changes,
    )
    if said.own_tags is not None:
        actions.set_own_tags(reading, said.own_tags)
    if reading.progress != (moved_from or NO_PROGRESS):
        remember_undo(reading, was, now)
    elif known:
        # Stars for a book that was just finished leave the way back open.
        remember_undo(reading, known.was, known.moved_at)
    return answer_update(book, reading, measures, before, _("Saved."))


@bp.post("/books/<slug>/reading/undo")
def undo(slug: str) -> Response:
    """Take back the last change of the member's progress, and hide again what it had opened."""
    book = load(Book, slug, to="read")
    reading = own_reading(current_viewer(), book.id)
    last = undo_of(reading)
    if last is not None:
        undo_actions.undo(the_member(), book, last.was, last.moved_at, utcnow())
        forget_undo()
    return turned(book, _("You are back where you were.") if last else _("There is nothing to undo."))


@bp.post("/books/<slug>/reading/question/deletion")
def dismiss_question(slug: str) -> Response:
    """Stop asking the member how far they are in a book that theirs has become part of."""
    book = load(Book, slug, to="read")
    reading = own_reading(current_viewer(), book.id, lock=True)
    if reading is not None:
        actions.stop_asking(reading)
        db.session.commit()
    return redirect(url_for("books.show", slug=book.slug), 303)


@bp.post("/books/<slug>/rereading")
def reread(slug: str) -> Response:
    """Start a finished book again."""
    member, now = the_member(), utcnow()
    today = now.astimezone(ZoneInfo(time_zone())).date()
    book = load(Book, slug, to="read")
    actions.read_again(member, book, now, today)
    return turned(book, _("You are reading it again. Nothing you know is locked."))


@bp.post("/books/<slug>/reading/newness")
def read_as_new(slug: str) -> Response:
    """Lock what lies ahead, for a book that the member reads again as if it were new."""
    book = load(Book, slug, to="read")
    reading = own_reading(current_viewer(), book.id)
    if reading is not None:
        actions.read_as_new(reading, utcnow())
    return turned(book, _("What lies ahead of you is locked, as if the book were new."))


@bp.post("/books/<slug>/reading/newness/deletion")
def read_as_known(slug: str) -> Response:
    """Unlock what the member has read before, in a book that they read again."""
    book = load(Book, slug, to="read")
    reading = own_reading(current_viewer(), book.id)
    if reading is not None:
        actions.read_as_known(reading, utcnow())
    return turned(book, _("Everything that you have read before is open again."))


@bp.post("/books/<slug>/reveal")
def reveal(slug: str) -> Response:
    """Remember that the member does not mind spoilers about this book."""
    book = load(Book, slug, to="reveal")
    actions.reveal(the_member(), book_id=book.id)
    db.session.commit()
    # The referrer says where the button was, but only a path of this site may be followed.
    return redirect(local_path(request.referrer) or url_for("books.show", slug=slug), 303)


@bp.post("/books/<slug>/reveal/deletion")
def hide_again(slug: str) -> Response:
    """Hide spoilers about this book from the member again."""
    book = load(Book, slug, to="reveal")
    actions.hide_again(the_member(), book_id=book.id)
    db.session.commit()
    return redirect(local_path(request.referrer) or url_for("books.show", slug=slug), 303)


@bp.post("/books/<slug>/promises")
def promise(slug: str) -> Response:
    """Promise the member a notice when someone finishes a book."""
    book = load(Book, slug, to="read")
    reading = reading_of_other(book)
    if reading.can_promise:
        actions.promise(the_member(), reading, utcnow())
        db.session.commit()
        flash(_("You will hear when they have finished."), "good")
    else:
        flash(_("There is nothing to wait for: they are not reading it just now."))
    return redirect(pages.return_address(book), 303)


@bp.post("/books/<slug>/promises/deletion")
def forget_promise(slug: str) -> Response:
    """Withdraw a promised notice."""
    book = load(Book, slug, to="read")
    actions.forget_promise(the_member(), reading_of_other(book))
    db.session.commit()
    return redirect(pages.return_address(book), 303)


def reading_of_other(book: Book) -> Reading:
    """Return the reading of a book by the member that the form names; 404 if there is none to see."""
    reading = reading_by(request.form.get("member", ""), book.id)
    # A private reading is not found at all, so this answer does not tell that there is one.
    if reading is None or reading.member_id == the_member().id:
        abort(404)
    return reading


def turned(book: Book, words: str) -> Response:
    """Commit, and answer after a reader has started again, or locked or unlocked what they know."""
    reading = own_reading(current_viewer(), book.id)
    # The mark of now stands for the one before: what comes back was known, and is announced as no news.
    return answer_update(book, reading, measures_of(book.id), reading.mark if reading else START, words)


def answer_update(
    book: Book, reading: Reading | None, measures: Measures, before: int, words: str
) -> Response:
    """Commit, and answer with the reader's new place and what it has unlocked."""
    # Everything that is shown is read before the commit, so that the commit is the last that can fail.
    shown = pages.updated_reading(book, reading, measures, before)
    db.session.commit()
    if unlocked := shown["opened"]:
        link = Markup('<a href="{}">{}</a>').format(
            url_for("unlocked.show", slug=book.slug), _("Read them in order")
        )
        words = Markup("{} {}. {}").format(words, unlocked.say(), link)
    return answer("readings/update.htmx.html", otherwise=shown["back"], words=words, **shown)
