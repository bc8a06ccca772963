"""Views that give a book a cover, from a file or from Open Library, and take it away."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..forms import BaseForm
from ..lib.text.messages import gettext as _
from ..members.queries import member_by_id
from ..pictures.actions import NoSpaceError
from ..pictures.decoder import PictureError, Upload, decode_bytes
from ..pictures.forms import UploadForm
from ..pictures.rules import COVER_WIDTHS, no_space_text
from ..pictures.uploads import takes_one_picture
from ..web import invalid, load, the_member
from . import cover_actions, queries
from .events import on_cover, on_edit
from .look_ups import FoundCover, WantedCover
from .models import Book

covers = Blueprint("covers", __name__)


@covers.get("/books/<slug>/cover")
def edit(slug: str) -> str:
    """Show the cover of a book, with the ways to another."""
    return _page(load(Book, slug, to="edit"), _empty_form())


@covers.post("/books/<slug>/cover")
@takes_one_picture
def update(slug: str) -> Response:
    """Take a file as the cover of a book."""
    form = UploadForm(COVER_WIDTHS)
    if not form.validate_on_submit():
        return invalid(_page(load(Book, slug, to="edit"), form))
    return _take(slug, form.upload, "picture", form)


@covers.post("/books/<slug>/cover/open-library")
def copy(slug: str) -> Response:
    """Take the cover that Open Library has of a book."""
    # A rehearsal asks nobody.
    if not BaseForm().validate_on_submit():
        return invalid(_page(load(Book, slug, to="edit"), _empty_form()))
    # Nobody waits for Open Library in a writing transaction.
    book = queries.by_slug(slug)
    wanted = WantedCover.of(book) if book else abort(404)
    db.session.close()
    found = next(filter(None, on_cover.call(wanted)), None) or abort(404)
    db.session.close()
    form = _empty_form()
    try:
        upload = _decode(found)
    except PictureError as problem:
        form.refuse(str(problem))
        return invalid(_page(load(Book, slug, to="edit"), form))
    return _take(slug, upload, "open_library", form)


@covers.post("/books/<slug>/cover/removal")
def remove(slug: str) -> Response:
    """Take the cover of a book away; the drawn one stands again."""
    book = _load_to_write(slug)
    cover_actions.remove_cover(book, the_member())
    db.session.commit()
    flash(_("The cover is drawn again."), "good")
    return redirect(url_for("books.show", slug=book.slug), 303)


def _decode(found: FoundCover) -> Upload:
    """Return the picture that came from another catalogue. Raises PictureError."""
    if found.trouble:
        raise PictureError(found.trouble)
    return decode_bytes(found.content, _("The cover at Open Library"), COVER_WIDTHS)


def _take(slug: str, upload: Upload, source: str, form: UploadForm) -> Response:
    """Make a picture the cover of a book, and answer."""
    book = _load_to_write(slug)
    try:
        cover_actions.set_cover(book, upload, the_member(), utcnow(), source)
    except NoSpaceError:
        form.refuse(no_space_text())
        return invalid(_page(book, form))
    db.session.commit()
    flash(_("The book has a new cover."), "good")
    return redirect(url_for("books.show", slug=book.slug), 303)


def _load_to_write(slug: str) -> Book:
    """Load the book, behind the member whose space its cover takes."""
    begin_write()
    member_by_id(the_member().id, lock=True)
    # Rounds keep the covers of this moment if their vote has opened meanwhile.
    on_edit.call(utcnow())
    return load(Book, slug, to="edit")


def _empty_form() -> UploadForm:
    return UploadForm(COVER_WIDTHS, formdata=None)


def _page(book: Book, form: UploadForm) -> str:
    has_library = any(found is not None for found in on_cover.call(None))
    return render_template("books/cover.html", book=book, form=form, has_library=has_library)
