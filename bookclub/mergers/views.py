"""Page on which a merger or split is undone."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..books.events import on_edit
from ..books.queries import hold_catalogue
from ..extensions import begin_write, db, utcnow
from ..forms import BaseForm
from ..lib.text.messages import gettext as _
from ..web import invalid, load, the_member
from . import reversal
from .models import Merger
from .queries import hold_books

bp = Blueprint("mergers", __name__)


@bp.route("/mergers/<int:merger_id>/reversal", methods=["GET", "POST"])
def undo(merger_id: int) -> str | Response:
    """Undo a merger or split after a confirmation."""
    if request.method == "GET":
        return page(load(Merger, merger_id, to="undo"), BaseForm(formdata=None))
    form = BaseForm()
    fits = form.validate_on_submit()
    begin_write()
    # A round whose time is over is settled first, or last night's vote would forbid undoing.
    on_edit.call(utcnow())
    hold_catalogue()
    merger = load(Merger, merger_id, to="undo")
    hold_books([id for id in (merger.book_id, merger.made_book_id) if id is not None])
    # Of two clicks the second finds it done, which is what it asked for.
    if merger.undone_at is not None:
        return redirect(address_of(merger), 303)
    problem = reversal.problem_with_undo(merger, utcnow())
    if problem or not fits:
        form.form_errors += [problem] if problem else []
        return invalid(page(merger, form))
    reversal.undo(merger, the_member(), utcnow())
    # For a merger, show the one that is back; for a split, the one that is whole again.
    address = address_of(merger) if merger.is_split else address_of_gone(merger)
    db.session.commit()
    flash(_("That is undone."), "good")
    return redirect(address, 303)


def address_of(merger: Merger) -> str:
    """Address of the book or author that a merger kept or split."""
    if merger.author is not None:
        return url_for("authors.show", slug=merger.author.slug)
    return url_for("books.show", slug=merger.book.slug) if merger.book else url_for("books.index")


def address_of_gone(merger: Merger) -> str:
    """Address of the book or author that a merger took away."""
    return url_for("authors.show" if merger.kind.startswith("author") else "books.show", slug=merger.slug)


def page(merger: Merger, form: BaseForm) -> str:
    """Render the question if a merger is to be undone, or the sentence that says why it cannot."""
    problem = reversal.problem_with_undo(merger, utcnow())
    return render_template(
        "mergers/undo.html", merger=merger, form=form, problem=problem, back=address_of(merger)
    )
