"""Pages on which members recommend a book to readers of another, and delete that again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..books.models import Book
from ..extensions import db, utcnow
from ..lib.text.bidi import isolated
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..threads.forms import ReasonForm
from ..web import current_viewer, invalid, load, the_member
from . import queries
from .actions import endorse_book
from .forms import AdviceForm
from .models import Endorsement

bp = Blueprint("endorsements", __name__)


@bp.get("/books/<slug>/endorsements")
def index(slug: str) -> str:
    """List what members recommend to readers of a book, and the books to whose readers they recommend it."""
    return endorsements_page(load(Book, slug, to="endorse"), AdviceForm(formdata=None))


@bp.post("/books/<slug>/endorsements")
def create(slug: str) -> Response:
    """Recommend another book to members who loved this one."""
    form, member = AdviceForm(), the_member()
    fits = form.validate_on_submit()
    book = load(Book, slug, to="endorse")
    other = form.meant()
    if not fits or other is None or (other.id == book.id and form.refuse_other(book)):
        return invalid(endorsements_page(book, form))
    mine = queries.endorsement_by(current_viewer(), book.id, other.id)
    # Members have read the first reason, so another one does not replace it unseen.
    if mine and mine.reason != form.reason.data:
        form.refuse_again(other)
        return invalid(endorsements_page(book, form))
    # The same endorsement again is a second click, so it shows the first one.
    given = mine or endorse_book(member, book, other, form.reason.data or "", utcnow())
    db.session.commit()
    titles = {"title": isolated(book.title), "other": isolated(other.title)}
    flash(_("You recommend “%(other)s” to readers who loved “%(title)s”.", **titles), "good")
    return redirect(url_for("books.show", slug=slug, _anchor=f"endorsement-{given.id}"), 303)


@bp.route("/endorsements/<int:endorsement_id>/deletion", methods=["GET", "POST"])
def delete(endorsement_id: int) -> str | Response:
    """Delete the member's own endorsement after a confirmation."""
    given = load(Endorsement, endorsement_id, to="delete")
    if request.method == "GET":
        return render_template("asks/endorsements/delete.html", endorsement=given)
    given.wipe(utcnow())
    db.session.commit()
    flash(_("Your recommendation is deleted."), "good")
    return redirect(url_for("books.show", slug=given.book.slug, _anchor="endorsements"), 303)


@bp.route("/endorsements/<int:endorsement_id>/removal", methods=["GET", "POST"])
def remove(endorsement_id: int) -> str | Response:
    """Remove a member's endorsement as a moderator, with a reason that all members can read."""
    form = ReasonForm()
    # A GET is never valid, so it shows the empty form below.
    fits = form.validate_on_submit()
    given = load(Endorsement, endorsement_id, to="remove")
    if not fits:
        page = render_template("asks/endorsements/remove.html", endorsement=given, form=form)
        return page if request.method == "GET" else invalid(page)
    given.wipe(utcnow(), the_member().id, form.reason.data)
    db.session.commit()
    flash(_("The recommendation is removed."), "good")
    return redirect(url_for("books.show", slug=given.book.slug, _anchor=f"endorsement-{given.id}"), 303)


def endorsements_page(book: Book, advice: AdviceForm) -> str:
    """Render a book's endorsements in both directions, each paged by itself, with the form."""
    after = {name: row_id_from(request.args.get(name)) for name in ("after", "loved_after")}
    return render_template(
        "asks/endorsements/index.html",
        book=book,
        advice=advice,
        given=queries.endorsements_from(book.id, after["after"]),
        received=queries.endorsements_to(book.id, after["loved_after"]),
        after=after,
    )
