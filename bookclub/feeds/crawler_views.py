"""Views for programs that gather pages: robots.txt, and a sitemap of a public club."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, url_for

from ..hosts import full_address
from ..lib.positions.visibility import Viewer
from ..web import always_open, the_club
from . import queries

bp = Blueprint("crawlers", __name__)


@bp.get("/robots.txt")
@always_open
def robots() -> Response:
    """Tell programs what to leave alone: all of a private club, and private addresses elsewhere."""
    text = render_template("feeds/robots.txt", sitemap=full_address(url_for(".sitemap")))
    return Response(text, content_type="text/plain; charset=utf-8")


@bp.get("/sitemap.xml")
@always_open
def sitemap() -> Response:
    """List the pages of a public club: its books, authors, reviews and conversations."""
    if not the_club().is_public:
        abort(404)
    text = render_template("feeds/sitemap.xml", paths=paths_of_club(), site=full_address(""))
    return Response(text, content_type="application/xml; charset=utf-8")


def paths_of_club() -> list[str]:
    """Return the addresses of the pages that visitors may open, the newest of each kind."""
    pages = queries.public_pages(Viewer())
    return [
        url_for("home.show"),
        url_for("books.index"),
        *(url_for("books.show", slug=slug) for slug in pages.books),
        *(url_for("authors.show", slug=slug) for slug in pages.authors),
        *(url_for("reviews.show", review_id=key) for key in pages.reviews),
        *(url_for("threads.show", thread_id=key) for key in pages.threads),
    ]
