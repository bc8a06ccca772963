"""Views for clubs on a home screen: the manifest, the service worker and the page for when one is offline."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

from flask import Blueprint, Response, current_app, make_response, render_template, url_for

from ..books import queries as books_queries
from ..ended_sessions import mark_of
from ..extensions import utcnow
from ..meetings.pages import entries_of
from ..meetings.queries import meetings_to_come
from ..readings.queries import shelf
from ..rounds.queries import rounds_under_way
from ..web import always_open, current_viewer, the_club, the_member

bp = Blueprint("install", __name__)

# The paper of the light scheme, as in tokens.css.
PAPER = "#fbf8f2"
BOOKS = 24
MEETINGS = 3


@bp.get("/manifest.webmanifest")
@always_open
def manifest() -> Response:
    """Describe the club to browsers that install it."""
    name = the_club().name
    static = cast("Callable[[str], str]", current_app.jinja_env.globals["static"])

    def icon(file: str, size: int, purpose: str) -> dict[str, str]:
        return {
            "src": static(f"icons/{file}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }

    described = {
        "id": url_for("home.show"),
        "start_url": url_for("home.show"),
        "scope": url_for("home.show"),
        "name": name,
        "short_name": name,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            icon("icon-192", 192, "any"),
            icon("icon-512", 512, "any"),
            icon("maskable-512", 512, "maskable"),
        ],
    }
    return Response(json.dumps(described, ensure_ascii=False), mimetype="application/manifest+json")


@bp.get("/service-worker.js")
@always_open
def worker() -> Response:
    """Send the service worker: from here, since its address decides which pages it may answer for."""
    answer = current_app.send_static_file("js/service-worker.js")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/offline")
def show() -> Response:
    """Show what a browser keeps for when it is offline: one's shelf and the next dates, nobody's words.

    The header says whose it is, as the pages do.
    """
    member, now = the_member(), utcnow()
    rounds = [(each, each.state(now)) for each in rounds_under_way()]
    meetings = [each for each in meetings_to_come(now) if not each.is_cancelled][:MEETINGS]
    html = render_template(
        "home/offline.html",
        shelf=shelf(current_viewer(), member.id, limit=BOOKS),
        rounds=[(each, state) for each, state in rounds if state in ("nominating", "voting")],
        meetings=entries_of(meetings, now),
        current=books_queries.current_book(the_club()),
        now=now,
    )
    answer = make_response(html)
    answer.headers["Reader"] = mark_of(member)
    return answer
