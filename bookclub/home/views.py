"""Views of the front page, and the health check."""

from __future__ import annotations

from flask import Blueprint, render_template

from ..books import queries as books_queries
from ..extensions import utcnow
from ..readings.forms import standing_of
from ..readings.queries import measures_of, reading_of, shelf
from ..reviews.queries import latest_reviews, new_reviews
from ..rounds.clock import catch_up
from ..rounds.pages import open_votes
from ..rounds.queries import settled_since
from ..web import always_open, current_member, the_club, viewer
from . import queries, rules

bp = Blueprint("home", __name__)


@bp.get("/")
@always_open
def show() -> str:
    """Show members what is new and where they are, and visitors what is public."""
    member, club = current_member(), the_club()
    if member is None and not club.is_public:
        return render_template("home/front_door.html")
    now = utcnow()
    # Rounds change by the clock: what is due is recorded before the page shows them.
    catch_up(now)
    reader = viewer()
    current = books_queries.current_book(club)
    if member is None:
        return render_template(
            "home/visitor.html",
            current=current,
            reviews=latest_reviews(reader),
            threads=queries.latest_threads(reader),
        )
    return render_template(
        "home/member.html",
        greeting=rules.greeting(now, member.time_zone or club.time_zone),
        current=current,
        rounds=[vote for vote in open_votes(member, now) if vote.standing != "outside"],
        chosen=[
            each
            for each in settled_since(now - rules.NEWS_LASTS)
            if each.winner and each.settled_at and each.settled_at <= now
        ],
        standing=current and standing_of(reading_of(member.id, current.id), measures_of(current.id)),
        unlocked=queries.unlocked_books(reader),
        reviews=new_reviews(reader),
        comments=queries.new_comments(reader),
        count=queries.new_counts(reader),
        shelf=shelf(member.id, limit=24, viewer_id=member.id),
        talk=queries.latest_threads(reader),
        first_steps=queries.first_steps() if member.is_organiser else None,
    )


@bp.get("/healthz")
@always_open
def healthz() -> dict[str, str]:
    """Report that the application answers and reaches its database."""
    queries.pulse()
    return {"status": "ok"}
