"""Pages with books to read next from the whole catalogue, for the member and for the club."""

from __future__ import annotations

from flask import Blueprint, request

from . import pages

bp = Blueprint("recommendations", __name__)


@bp.get("/recommendations")
def show() -> str:
    """Recommend books to the member."""
    return pages.show_suggestions()


@bp.get("/recommendations/club")
def show_club() -> str:
    """Recommend books to the members who will take part."""
    return pages.show_picks(request.args.getlist("with"))
