"""Books that somebody may mean who is typing a mention."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from .catalogue_queries import books_called

bp = Blueprint("mentions", __name__)


@bp.get("/mentions")
def index() -> str:
    """List the books whose titles begin as the text does."""
    return render_template("books/_mentions.html", books=books_called(request.args.get("q", "")))
