"""Pages on which organisers merge two books, or split one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from ..books import queries as catalogue
from ..books.events import on_edit
from ..books.models import Book
from ..extensions import begin_write, db, utcnow
from ..lib.matches.book_fields import BookFields
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..web import current_viewer, invalid, load, the_member
from . import book_merge, queries, reversal, splits
from .forms import BookSplitForm, MergerForm
from .preview_queries import book_preview, parts_of
from .queries import find_book
from .rules import PARTS, Chosen, fingerprint, moves_text

bp = Blueprint("book_mergers", __name__)


@bp.get("/books/<slug>/merger")
def new(slug: str) -> str:
    """Choose the book to merge into, and show what the merger will change."""
    return merger_page(load(Book, slug, to="merge"), request.args.get("into", ""), MergerForm(formdata=None))


@bp.post("/books/<slug>/merger")
def create(slug: str) -> Response:
    """Merge two books as shown."""
    form, member = MergerForm(), the_member()
    fits = form.validate_on_submit()
    # Of two organisers who merge the same pair, or of one form sent twice, the second waits here.
    begin_edit()
    sent = queries.merger_sent(current_viewer(), form.sent_as) if form.sent_as else None
    if fits and sent is not None and sent.book is not None and sent.slug == slug:
        return redirect(url_for("books.show", slug=sent.book.slug), 303)
    gone = load(Book, slug, to="merge")
    kept = catalogue.by_slug(form.into.data or "")
    if kept is None or kept.id == gone.id:
        return invalid(merger_page(gone, form.into.data or "", form))
    # From here on nothing new refers to either, so the preview below stays true.
    queries.hold_books([gone.id, kept.id])
    is_seen = fits and form.is_about(fingerprint(book_preview(kept, gone)))
    if not is_seen or reversal.problem_with_rounds([kept.id, gone.id]):
        return invalid(merger_page(gone, kept.slug, form))
    # These are read now, because the merger deletes the row of one book and expires both objects.
    kept_slug, words = (
        kept.slug,
        _("“%(title)s” is now part of “%(kept)s”.", title=isolated(gone.title), kept=isolated(kept.title)),
    )
    book_merge.merge_books(kept.id, gone.id, member, utcnow(), None if sent else form.sent_as)
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("books.show", slug=kept_slug), 303)


@bp.get("/books/<slug>/split")
def choose(slug: str) -> str:
    """Show the parts that can move to a new book, or what moving the chosen ones will change."""
    book = load(Book, slug, to="split")
    # Without a title this is the first visit, which must not open with errors.
    if "title" not in request.args:
        return parts_page(book, BookSplitForm(formdata=None), Chosen())
    # A page that only shows something needs no token.
    form = BookSplitForm(request.args, meta={"csrf": False})
    chosen = chosen_in(request.args, book)
    if not form.validate() or not form.takes(chosen):
        return parts_page(book, form, chosen)
    return split_page(book, form, chosen)


@bp.post("/books/<slug>/split")
def split(slug: str) -> Response:
    """Make a new book of the chosen parts as shown."""
    form, member = BookSplitForm(), the_member()
    fits = form.validate_on_submit()
    begin_edit()
    book = load(Book, slug, to="split")
    sent = queries.merger_sent(current_viewer(), form.sent_as) if form.sent_as else None
    if fits and sent is not None and sent.made_book is not None and sent.title == form.title.value:
        return redirect(url_for("books.show", slug=sent.made_book.slug), 303)
    queries.hold_books([book.id])
    chosen = chosen_in(request.form, book)
    if not fits or not form.takes(chosen):
        return invalid(parts_page(book, form, chosen))
    if not form.is_about(split_print(book, form, chosen)) or reversal.problem_with_rounds([book.id]):
        return invalid(split_page(book, form, chosen))
    submission = None if sent else form.sent_as
    merger = splits.split_book(book.id, form.fields(), chosen, member, utcnow(), submission)
    made = merger.slug
    db.session.commit()
    flash(_("“%(title)s” is now a book of its own.", title=isolated(form.title.value)), "good")
    return redirect(url_for("books.show", slug=made), 303)


def begin_edit() -> None:
    """Begin a writing transaction with all rounds up to date and the catalogue locked."""
    begin_write()
    # A round whose time is over is settled first, or last night's vote would forbid the merger.
    on_edit.call(utcnow())
    catalogue.hold_catalogue()


def chosen_in(sent: MultiDict[str, str], book: Book) -> Chosen:
    """Parts of a book that a form names."""
    return Chosen.read({name: sent.getlist(name) for name in PARTS}, parts_of(book))


def split_print(book: Book, form: BookSplitForm, chosen: Chosen) -> str:
    """Fingerprint of a split: the new book, and the parts that move."""
    fields: BookFields = form.fields()
    # Labels count, too: a part that was renamed since the preview may not be the one that was meant.
    labels = {
        name: [part.label for part in parts if part.id in chosen.of(name)]
        for name, parts in parts_of(book).items()
    }
    return fingerprint({"book": book.title, "new": fields.texts(), "parts": labels})


def merger_page(gone: Book, text: str, form: MergerForm) -> str:
    """Render the merger of a book: first the choice of the other one, then what it will change."""
    meant = find_book(text, gone)
    preview = book_preview(meant.one, gone) if meant.one else None
    if meant.one and preview:
        # The form carries the slug: the typed title may mean another book by the time it is sent.
        form.into.data = meant.one.slug
        form.shows(fingerprint(preview))
    return render_template(
        "mergers/book.html",
        book=gone,
        kept=meant.one,
        text=text,
        others=meant.others,
        proposed=[] if text else find_book(gone.title, gone).others,
        preview=preview,
        say_moves=moves_text,
        problem=reversal.problem_with_rounds([gone.id, meant.one.id]) if meant.one else None,
        form=form,
    )


def parts_page(book: Book, form: BookSplitForm, chosen: Chosen) -> str:
    """Render the choice of a book's parts."""
    problem = reversal.problem_with_rounds([book.id])
    return render_template(
        "mergers/book_parts.html",
        book=book, form=form, chosen=chosen, parts=parts_of(book), names=PARTS, problem=problem,
    )  # fmt: skip


def split_page(book: Book, form: BookSplitForm, chosen: Chosen) -> str:
    """Render what a split will change."""
    return render_template(
        "mergers/book_split.html",
        book=book,
        form=form.shows(split_print(book, form, chosen)),
        chosen=chosen,
        parts=parts_of(book),
        names=PARTS,
        problem=reversal.problem_with_rounds([book.id]),
    )
