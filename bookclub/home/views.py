"""Views of the front page, and the health check."""

from __future__ import annotations

from flask import Blueprint, render_template

from ..books import queries as books_queries
from ..books.catalogue_queries import catalogue
from ..date_polls.queries import polls_to_answer
from ..extensions import utcnow
from ..lib.text.dates import clock_at
from ..meetings.pages import next_up
from ..readings.queries import measures_of, own_reading, shelf
from ..readings.rules import SHORT_SHELF
from ..readings.strip_forms import progress_strip
from ..reviews.queries import latest_reviews, new_reviews
from ..rounds.clock import catch_up
from ..rounds.pages import open_votes
from ..rounds.queries import settled_since
from ..web import always_open, current_member, current_viewer, the_club
from ..years.rules import year_to_look_back_on
from . import queries, rules, unlocked_queries

bp = Blueprint("home", __name__)

# The catalogue has all books.
FAVOURITES = 6


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
    news = queries.news(viewer)
    has_news = {entry.unread.thread.id for entry in news}
    own_shelf = shelf(viewer, member.id, limit=SHORT_SHELF)
    is_newcomer = rules.is_newcomer(member.joined_at, now, has_readings=bool(own_shelf))
    word = queries.word_of_club()
    return render_template(
        "home/member.html",
        greeting=rules.greeting(now, member.time_zone or club.time_zone),
        current=current,
        meeting=next_up(now),
        date_polls=polls_to_answer(viewer, now),
        rounds=[vote for vote in open_votes(member, now) if vote.standing != "outside"],
        chosen=[
            each
            for each in settled_since(now - rules.NEWS_LASTS)
            # A round that was settled while the clock ran ahead is no news before that moment.
            if each.winner and each.settled_at and each.settled_at <= now
        ],
        strip=current and progress_strip(own_reading(viewer, current.id), measures_of(current.id)),
        unlocked=unlocked_queries.unlocked_books(viewer),
        reviews=new_reviews(viewer),
        news=news,
        shelf=own_shelf,
        places=current and queries.places_in(viewer, current.id),
        is_newcomer=is_newcomer,
        # Books that somebody has rated: without a rating there is no favourite.
        favourites=[book for book in catalogue(sort="rating").entries if book.rating_count][:FAVOURITES]
        if is_newcomer
        else [],
        talk=[entry for entry in queries.active_threads(viewer) if entry.thread.id not in has_news],
        word=word if word and word.is_shown_to(member) else None,
        has_word=bool(word and word.body),
        past_year=year_to_look_back_on(clock_at(now, member.time_zone or club.time_zone).date()),
        first_steps=queries.first_steps() if member.is_organiser else None,
    )


@bp.get("/healthz")
@always_open
def healthz() -> dict[str, str]:
    """Report that the application answers and reaches its database."""
    queries.pulse()
    return {"status": "ok"}
