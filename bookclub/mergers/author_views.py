"""Pages on which organisers merge two authors, or split one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..books import queries as catalogue
from ..books.models import Author
from ..extensions import begin_write, db, utcnow
from ..lib.text.bidi import isolated
from ..lib.text.cursors import row_id_from
from ..lib.text.keys import key_of
from ..lib.text.messages import gettext as _
from ..web import current_viewer, invalid, load, the_member
from . import author_merge, queries
from .forms import AuthorSplitForm, MergerForm
from .preview_queries import author_preview
from .queries import find_author, is_name_taken, other_spellings
from .rules import fingerprint

bp = Blueprint("author_mergers", __name__)


@bp.get("/authors/<slug>/merger")
def new(slug: str) -> str:
    """Choose the author to merge into, and show what the merger will change."""
    return merger_page(
        load(Author, slug, to="merge"), request.args.get("into", ""), MergerForm(formdata=None)
    )


@bp.post("/authors/<slug>/merger")
def create(slug: str) -> Response:
    """Merge two authors as shown."""
    form, member = MergerForm(), the_member()
    fits = form.validate_on_submit()
    # Of two organisers who merge the same pair, or of one form sent twice, the second waits here.
    begin_write()
    catalogue.hold_catalogue()
    sent = queries.merger_sent(current_viewer(), form.sent_as) if form.sent_as else None
    if fits and sent is not None and sent.author is not None and sent.slug == slug:
        return redirect(url_for("authors.show", slug=sent.author.slug), 303)
    gone = load(Author, slug, to="merge")
    kept = catalogue.author_by_slug(form.into.data or "", lock=True)
    if kept is None or kept.id == gone.id:
        return invalid(merger_page(gone, form.into.data or "", form))
    if not fits or not form.is_about(fingerprint(author_preview(kept, gone))):
        return invalid(merger_page(gone, kept.slug, form))
    # These are read now, because the merger deletes the row of one author and expires both objects.
    kept_slug, words = (
        kept.slug,
        _("%(name)s is now %(kept)s.", name=isolated(gone.name), kept=isolated(kept.name)),
    )
    author_merge.merge_authors(kept.id, gone.id, member, utcnow(), None if sent else form.sent_as)
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("authors.show", slug=kept_slug), 303)


@bp.get("/authors/<slug>/split")
def ask_split(slug: str) -> str:
    """Show the form that gives books to another author."""
    return split_page(load(Author, slug, to="split"), AuthorSplitForm(formdata=None), set())


@bp.post("/authors/<slug>/split")
def split(slug: str) -> Response:
    """Give some books to another author of a similar name."""
    form, member = AuthorSplitForm(), the_member()
    fits = form.validate_on_submit()
    begin_write()
    catalogue.hold_catalogue()
    author = load(Author, slug, to="split")
    sent = queries.merger_sent(current_viewer(), form.sent_as) if form.sent_as else None
    if fits and sent is not None and sent.made_author is not None and sent.title == form.name.value:
        return redirect(url_for("authors.show", slug=sent.made_author.slug), 303)
    chosen = {book_id for text in request.form.getlist("book") if (book_id := row_id_from(text))}
    # A request could name books of other authors.
    chosen &= set(queries.books_by(author.id))
    if not fits or not form.takes(chosen, taken=is_name_taken(key_of(form.name.value or ""))):
        return invalid(split_page(author, form, chosen))
    # A mark counts once per member. A form sent again with other content is another split, without a mark.
    submission = None if sent else form.sent_as
    merger = author_merge.split_author(author.id, form.name.value, chosen, member, utcnow(), submission)
    made = merger.slug
    db.session.commit()
    flash(_("The books you chose are now by %(name)s.", name=isolated(form.name.value)), "good")
    return redirect(url_for("authors.show", slug=made), 303)


def merger_page(gone: Author, text: str, form: MergerForm) -> str:
    """Render the merger of an author: first the choice of the other one, then what it will change."""
    meant = find_author(text, gone)
    preview = author_preview(meant.one, gone) if meant.one else None
    if meant.one and preview:
        # The form carries the slug: the typed name may mean somebody else by the time it is sent.
        form.into.data = meant.one.slug
        form.shows(fingerprint(preview))
    return render_template(
        "mergers/author.html",
        author=gone,
        kept=meant.one,
        text=text,
        others=meant.others,
        proposed=[] if text else other_spellings(gone),
        preview=preview,
        form=form,
    )


def split_page(author: Author, form: AuthorSplitForm, chosen: set[int]) -> str:
    """Render the choice of an author's books that belong to another."""
    books = queries.books_whole(queries.books_by(author.id))
    return render_template("mergers/author_split.html", author=author, books=books, form=form, chosen=chosen)
