"""Views of the pictures that other sites show beside a link."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from ..books.models import Author, Book
from ..extensions import db
from ..lib.link_previews.picture import LinkPreview, draw_picture
from ..members.rules import address_subject
from ..reviews.models import Review
from ..threads.models import Thread
from ..web import always_open, load, open_to_visitors, require_public
from . import pages, png, rules, throttle

bp = Blueprint("link_previews", __name__)
blueprints = (bp,)


@bp.get("/preview.png")
@always_open
def show_club() -> Response:
    """Send the picture of the club, which shows its name."""
    return send_picture(pages.preview_of_club())


@bp.get("/books/<slug>/preview.png")
@open_to_visitors
def show_book(slug: str) -> Response:
    """Send the picture of a book."""
    require_public()
    return send_picture(pages.preview_of_book(load(Book, slug, to="see")))


@bp.get("/authors/<slug>/preview.png")
@open_to_visitors
def show_author(slug: str) -> Response:
    """Send the picture of an author."""
    require_public()
    return send_picture(pages.preview_of_author(load(Author, slug, to="see")))


@bp.get("/reviews/<int:review_id>/preview.png")
@open_to_visitors
def show_review(review_id: int) -> Response:
    """Send the picture of a review."""
    require_public()
    review = load(Review, review_id, to="see")
    if review.became_id is not None:
        return redirect(url_for(".show_review", review_id=review.became_id), 302)
    return send_picture(pages.preview_of_review(review))


@bp.get("/threads/<int:thread_id>/preview.png")
@open_to_visitors
def show_thread(thread_id: int) -> Response:
    """Send the picture of a thread with a page of its own that visitors can open."""
    require_public()
    thread = load(Thread, thread_id, to="see")
    if thread.is_for_members or thread.title is None:
        abort(404)
    return send_picture(pages.preview_of_thread(thread))


def send_picture(preview: LinkPreview) -> Response:
    """Answer with a picture, or with 304 to a program that has it already.

    It is the same for everybody, so that any cache between may keep it.
    """
    db.session.close()  # The connection is not kept while the picture is drawn.
    etag = preview.digest()
    answer = Response(content_type="image/png")
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = rules.CACHING
    if not request.if_none_match.contains(etag):
        if not throttle.may_draw(address_subject(request.remote_addr)):
            return Response(status=429, headers={"Retry-After": str(throttle.SECONDS)})
        answer.set_data(png.render_png(draw_picture(preview)))
    return answer.make_conditional(request)
