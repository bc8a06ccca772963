"""View that suggests books while a member types a mention."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from .catalogue_queries import suggest_books

bp = Blueprint("mentions", __name__)


@bp.get("/mentions")
def index() -> str:
    """List the books whose titles begin with the typed text."""
    return render_template("books/_mentions.html", books=suggest_books(request.args.get("q", "")))
