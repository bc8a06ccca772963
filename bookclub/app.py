"""The application factory: settings, extensions, blueprints, headers, and globals of the templates."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, g, request
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from . import (
    body_limits,
    ended_sessions,
    errors,
    hosts,
    languages,
    registrations,  # noqa: F401
    static_files,
    web,
)
from .archive.views import blueprints as archive
from .asks.blueprints import blueprints as asks
from .books.blueprints import blueprints as books
from .books.models import Book
from .books.queries import author_to_follow
from .config import Settings
from .date_polls.blueprints import blueprints as date_polls
from .extensions import SignedCookies, csrf, db, login_manager, migrate, rehearsing, utcnow
from .feeds.blueprints import blueprints as feeds
from .home.blueprints import blueprints as home
from .home.rules import stops_along
from .imports.views import blueprints as imports
from .lib.covers.cover import draw_cover
from .lib.positions.contents import NO_CONTENTS, horizon_text, place_text
from .lib.positions.places import percent
from .lib.positions.progress import month_text
from .lib.text import dates
from .lib.text.bidi import isolated
from .lib.text.markdown import excerpt
from .lib.text.messages import decimal_text
from .lib.text.spoilers import hide_spoilers
from .lib.text.three_way_merge import write_digests
from .link_previews.views import blueprints as link_previews
from .mail.views import blueprints as mail
from .mail_kinds import sends_mail
from .meetings.blueprints import blueprints as meetings
from .members.blueprints import blueprints as members
from .members.pages import show_prose
from .mergers.blueprints import blueprints as mergers
from .notices.blueprints import blueprints as notices
from .notices.rules import say_unseen
from .notices.views import unseen_notices
from .openlibrary import client
from .passages.rules import say_locked_passages
from .passages.views import blueprints as passages
from .permissions import may
from .pictures.rules import picture_types, size_text
from .pictures.views import blueprints as pictures
from .private_files import make_copies_private
from .questions.views import blueprints as questions
from .reactions.bars import load_reactions, reaction_bar
from .reactions.views import blueprints as reactions
from .readings.blueprints import blueprints as readings
from .recaps.views import blueprints as recaps
from .recommendations.blueprints import blueprints as recommendations
from .recommendations.rules import surname
from .reports.views import blueprints as reports
from .reports.views import can_report
from .reviews.blueprints import blueprints as reviews
from .rounds.blueprints import blueprints as rounds
from .rounds.models import Nomination
from .script_words import script_words
from .sealed_forms.views import blueprints as sealed_forms
from .search.views import blueprints as search
from .sections.blueprints import blueprints as sections
from .threads.blueprints import blueprints as threads
from .threads.rules import say_locked
from .years.views import blueprints as years

HERE = Path(__file__).parent
HTMX_ON_CDN = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
# Drawing a cover takes longer than anything else on a page with many covers. Each needs a few kilobytes of
# memory.
COVERS_KEPT = 1000
# The order counts: of two rules that are equally specific the later one holds.
# In the order of their rules, for those of one layer.
STYLESHEETS = (
    "tokens", "base", "layout", "asks", "ballot", "buttons", "composer", "sections", "cover", "forms",
    "home", "imports", "locked", "meetings", "notices", "pagination", "panel", "pictures", "members",
    "date_polls", "passages", "questions", "readings", "prose", "reactions", "reviews", "rounds",
    "recommendations", "search", "tables", "tags", "threads", "years", "utilities",
)  # fmt: skip
# These fields hold members' words, which an error page shows again. It shows nothing else, above all no
# passwords and tokens.
WORDY_FIELDS = (
    "title", "summary", "body", "description", "about", "words", "sections", "reason", "question", "pitch",
    "notes", "times", "text", "note", "picture_alt", "picture_caption", "picture_credit",
)  # fmt: skip


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application.

    Without ``settings`` they are read from the environment. Raises SettingError if those are invalid.
    """
    settings = settings or Settings.from_environ()
    app = Flask("bookclub", root_path=str(HERE), static_folder="static", template_folder="templates")
    app.request_class = web.FormRequest
    app.session_interface = SignedCookies()
    app.config.update(settings.flask())
    app.extensions["bookclub"] = settings
    if (database := settings.sqlite_file) is not None:
        # Earlier versions left copies that others could read.
        make_copies_private(database)
    # A misspelt name in a template fails instead of showing nothing.
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    # The guard comes before the check of the CSRF token, so that a visitor learns nothing from either.
    app.before_request(hosts.refuse_unknown_host)
    app.before_request(body_limits.bound_body)
    app.before_request(web.guard)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(migrations_folder()))
    login_manager.session_protection = None  # Sessions live on the server, and end there.
    login_manager.init_app(app)
    csrf.init_app(app)
    client.init_app(app, settings)
    languages.init_app(app)
    errors.init_app(app)
    ended_sessions.init_app(app)
    for blueprint in (
        *members, *books, *sections, *readings, *threads, *reactions, *passages, *reviews, *reports, *notices,
        *asks, *recommendations, *rounds, *meetings, *questions, *recaps, *date_polls, *imports, *archive,
        *mergers, *search, *feeds, *link_previews, *years, *home, *sealed_forms, *mail, *pictures,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    app.after_request(harden(settings))
    equip_templates(app, settings)
    if settings.trusted_proxies:
        # The fix is the outermost layer, so everything below sees the addresses that the proxy reports.
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def migrations_folder() -> Path:
    """Return the folder of the migrations: in an installed wheel, or beside the package in a checkout."""
    shipped = HERE / "migrations"
    return shipped if shipped.is_dir() else HERE.parent / "migrations"


def equip_templates(app: Flask, settings: Settings) -> None:
    """Add the globals and filters that every template may use."""

    cached_cover = lru_cache(maxsize=COVERS_KEPT)(draw_cover)

    def drawn_cover(book: Book | Nomination, label: str | None = None) -> Markup:
        return Markup(cached_cover(book.title, book.authors_line, label))

    def cover_of(book: Book | Nomination, label: str | None = None) -> Markup:
        if book.cover_id is None:
            return drawn_cover(book, label)
        macros: Any = app.jinja_env.globals["ui"]
        return Markup(macros.uploaded_cover(book.cover_id, label or ""))

    def when(moment: datetime) -> str:
        return dates.moment_text(moment, utcnow(), web.time_zone())

    def this_year() -> int:
        return utcnow().astimezone(ZoneInfo(web.time_zone())).year

    app.jinja_env.globals.update(
        static=static_files.init_app(app, STYLESHEETS),
        stylesheet=static_files.STYLESHEET,
        htmx=settings.htmx,
        cover=cover_of,
        drawn_cover=drawn_cover,
        typed_text=typed_text,
        from_member=lambda: ended_sessions.proof_of(web.current_member()),
        reader_mark=lambda: ended_sessions.mark_of(web.current_member()),
        say_place=place_text,
        say_locked=say_locked,
        say_locked_passages=say_locked_passages,
        say_unseen=say_unseen,
        stops_along=stops_along,
        unseen_notices=unseen_notices,
        script_words=script_words,
        size=size_text,
        picture_types=picture_types(),
        # A wish to read a book says nothing new of one that was begun since the page was made.
        made_from_no_reading=write_digests({"status": "to_read"}),
        author_to_follow=author_to_follow,
        can_report=can_report,
        load_reactions=load_reactions,
        reaction_bar=reaction_bar,
        shelf_note=lambda reading: reading.note(this_year()),
        this_year=this_year,
        sends_mail=sends_mail,
        full_address=hosts.full_address,
    )
    app.jinja_env.filters.update(
        iso=lambda moment: moment.isoformat(timespec="seconds"),
        when=when,
        clock=lambda moment: dates.deadline_text(moment, web.time_zone(), web.the_club().time_zone),
        exactly=lambda moment: dates.exact_time_text(moment, web.time_zone()),
        percent=percent,
        # Lists across books have no contents by which to name places.
        horizon=lambda horizon, contents=None: horizon_text(horizon, contents or NO_CONTENTS),
        excerpt=excerpt,
        bdi=lambda name: Markup("<bdi>{}</bdi>").format(name) if name else "",
        em=lambda title: Markup('<em dir="auto">{}</em>').format(title),
        prose=show_prose,
        isolated=lambda name: isolated(str(name or "")),
        veiled=hide_spoilers,
        surname=surname,
        day=dates.day_text,
        month=lambda month: month_text(month, this_year()),
        decimal=lambda number, sign=False: decimal_text(number, sign=sign),
    )

    @app.context_processor
    def who_and_where() -> dict[str, Any]:
        member, club = web.current_member(), web.the_club()
        return {
            "member": member,
            "club": club,
            "may": partial(may, member),
            "is_rehearsal": rehearsing.get(),
            "may_browse": member is not None or club.is_public,
        }

    # The macros are loaded once and not imported by every fragment: a thread of 200 comments would import
    # them 200 times.
    app.jinja_env.globals["ui"] = app.jinja_env.get_template("_macros.html").module


def typed_text() -> list[str]:
    """Return the words in the form of this request, for pages that could not save them."""
    member = web.current_member()
    if request.method in web.READS or (member and ended_sessions.member_of_form() not in (None, member.id)):
        return []  # Nothing was typed, or another member typed it.
    try:
        form = request.form
    except HTTPException:  # It was too long to read.
        return []
    return [text for name, text in form.items(multi=True) if name in WORDY_FIELDS and text.strip()]


def harden(settings: Settings) -> Any:
    """Return a function that adds security headers to every answer, errors included."""
    # All is refused that is not listed, inline scripts and styles above all. They get no nonce, as after a
    # 304 the header has a new one and the stored page the old one.
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {HTMX_ON_CDN}" if settings.htmx == "cdn" else "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )

    def add_headers(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = policy
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if settings.secure:
            # For a year.
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        # The address of a static file changes with its content. A missing one must not be cached for good.
        if request.endpoint != "static" or answer.status_code >= 400:
            # Pages differ between readers, so no shared cache may keep one and no browser may show it stale.
            # A member's page is stored nowhere: the Back button would show it to the next person at the
            # screen.
            kept = "no-store" if "member_session" in g else "private, no-cache"
            # A view may have been stricter already, as for a text that was revealed on purpose.
            answer.headers.setdefault("Cache-Control", kept)
        return answer

    return add_headers
