"""View that suggests members while a member types a mention."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from .queries import suggest_members

bp = Blueprint("member_mentions", __name__)


@bp.get("/mentions/members")
def index() -> str:
    """List the members whose username or name begins with the typed text."""
    return render_template("members/_mentions.html", members=suggest_members(request.args.get("q", "")))
