"""Views in which a member marks many books as read at once, and takes that back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext
from ..web import current_viewer, invalid, the_member
from . import past_read_actions, past_read_queries
from .past_read_forms import PastReadsForm
from .rules import moment_from, number_of_moment

bp = Blueprint("past_reads", __name__)


@bp.get("/shelf/past-reads")
def new() -> str:
    """Show the club's books, for the member to tick what they have read."""
    return show_books(PastReadsForm(formdata=None))


@bp.post("/shelf/past-reads")
def create() -> Response:
    """Mark the ticked books as read; those that the member keeps a reading of stay as they are."""
    form, member, now = PastReadsForm(), the_member(), utcnow()
    if not form.validate():
        return invalid(show_books(form))
    begin_write()
    found = past_read_queries.lock_books(form.ticked)
    kept = past_read_queries.books_with_reading(member.id, found)
    new_ones = [book_id for book_id in found if book_id not in kept]
    past_read_actions.mark_as_read(member, new_ones, now, is_private=form.is_private.data)
    # A form that is sent twice leads to what it did the first time.
    marked_at = now if new_ones else past_read_queries.last_marked(member.id, found)
    db.session.commit()
    if marked_at is None:
        flash(
            _("Nothing was marked: these books are on your shelf already, or not in the catalogue any more.")
        )
        return redirect(url_for("past_reads.new"), 303)
    for words in left_alone(known=len(kept) if new_ones else 0, gone=len(form.ticked) - len(found)):
        flash(words)
    return redirect(url_for("past_reads.show", moment=number_of_moment(marked_at)), 303)


@bp.get("/shelf/past-reads/<int:moment>")
def show(moment: int) -> str | Response:
    """Show which books the member marked as read at a moment, without any of what that has opened."""
    books = past_read_queries.books_marked(current_viewer(), moment_from(moment))
    if not books:
        return redirect(url_for("past_reads.new"), 303)
    return render_template("readings/past_reads/show.html", books=books, moment=moment)


@bp.post("/shelf/past-reads/<int:moment>/deletion")
def destroy(moment: int) -> Response:
    """Take back the marks of a moment, as far as nothing has changed since."""
    begin_write()
    count = past_read_actions.unmark(the_member(), moment_from(moment))
    db.session.commit()
    if count:
        words = ngettext(
            "Undone: %(num)s book is not marked as read any more.",
            "Undone: %(num)s books are not marked as read any more.",
            count,
        )
        flash(words, "good")
    else:
        flash(_("There is nothing to undo."))
    return redirect(url_for("past_reads.new"), 303)


def show_books(form: PastReadsForm) -> str:
    """Render the page with the books to tick."""
    books = past_read_queries.books_to_offer(current_viewer(), form.ticked)
    return render_template("readings/past_reads/new.html", form=form, books=books, ticked=form.ticked)


def left_alone(known: int, gone: int) -> list[str]:
    """Return what to say of ticked books that are not marked: on the shelf already, or not there any more."""
    found = []
    if known:
        found.append(
            ngettext(
                "%(num)s book was on your shelf already, and stays as it is.",
                "%(num)s books were on your shelf already, and stay as they are.",
                known,
            )
        )
    if gone:
        found.append(
            ngettext(
                "%(num)s book is no longer in the catalogue.",
                "%(num)s books are no longer in the catalogue.",
                gone,
            )
        )
    return found
