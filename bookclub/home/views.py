"""Views of the front page, and the health check."""

from __future__ import annotations

from flask import Blueprint, render_template

from ..books import queries as books_queries
from ..extensions import utcnow
from ..readings.forms import progress_strip
from ..readings.queries import measures_of, own_reading, shelf
from ..reviews.queries import latest_reviews, new_reviews
from ..rounds.clock import catch_up
from ..rounds.pages import open_votes
from ..rounds.queries import settled_since
from ..web import always_open, current_member, current_viewer, the_club
from . import queries, rules

bp = Blueprint("home", __name__)


@bp.get("/")
@always_open
def show() -> str:
    """Show members what is new and where they are, and visitors what is public."""
    member, club = current_member(), the_club()
    # A private club shows strangers its front door alone, whatever there is behind it.
    if member is None and not club.is_public:
        return render_template("home/front_door.html")
    now = utcnow()
    # Rounds change by the clock: what is due is recorded before the page shows them.
    catch_up(now)
    viewer = current_viewer()
    current = books_queries.current_book(club)
    if member is None:
        return render_template(
            "home/visitor.html",
            current=current,
            reviews=latest_reviews(viewer),
            talk=queries.active_threads(viewer),
        )
    return render_template(
        "home/member.html",
        greeting=rules.greeting(now, member.time_zone or club.time_zone),
        current=current,
        rounds=[vote for vote in open_votes(member, now) if vote.standing != "outside"],
        chosen=[
            each
            for each in settled_since(now - rules.NEWS_LASTS)
            # A round that was settled while the clock ran ahead is no news before that moment.
            if each.winner and each.settled_at and each.settled_at <= now
        ],
        strip=current and progress_strip(own_reading(viewer, current.id), measures_of(current.id)),
        unlocked=queries.unlocked_books(viewer),
        reviews=new_reviews(viewer),
        news=queries.news(viewer),
        shelf=shelf(viewer, member.id, limit=24),
        talk=queries.active_threads(viewer),
        first_steps=queries.first_steps() if member.is_organiser else None,
    )


@bp.get("/healthz")
@always_open
def healthz() -> dict[str, str]:
    """Report that the application answers and reaches its database."""
    queries.pulse()
    return {"status": "ok"}
