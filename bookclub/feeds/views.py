"""Views of feeds: those of a public club, those at a member's private address, and the page about that."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, url_for
from werkzeug.wrappers import Response

from ..books.models import Book
from ..extensions import begin_write, db, utcnow
from ..lib import private_tokens
from ..lib.positions.visibility import Viewer
from ..lib.text.messages import gettext as _
from ..members.models import Member
from ..members.queries import members_named
from ..threads.models import Thread
from ..threads.pages import thread_address
from ..web import always_open, current_viewer, load, open_to_visitors, require_public, the_club, the_member
from . import actions, pages, queries

bp = Blueprint("feeds", __name__)

# What anybody may subscribe to is what a visitor may see, whoever asks.
ANYBODY = Viewer()


@bp.get("/feeds/club")
@open_to_visitors
def show_club() -> Response:
    """Send the newest posts of a public club."""
    require_public()
    entries = pages.entries_for(ANYBODY)
    return pages.send_feed(pages.club_title(), url_for("home.show"), entries, cache=pages.PUBLIC)


@bp.get("/feeds/books/<slug>")
@open_to_visitors
def show_book(slug: str) -> Response:
    """Send the newest posts on a book of a public club."""
    require_public()
    book = load(Book, slug, to="see")
    entries = pages.entries_for(ANYBODY, book_id=book.id)
    return pages.send_feed(book.title, url_for("books.show", slug=book.slug), entries, cache=pages.PUBLIC)


@bp.get("/feeds/threads/<int:thread_id>")
@open_to_visitors
def show_thread(thread_id: int) -> Response:
    """Send the newest comments of a thread of a public club."""
    require_public()
    thread = load(Thread, thread_id, to="see")
    if thread.is_for_members:
        abort(404)
    title = thread.title or (thread.book.title if thread.book else the_club().name)
    entries = pages.entries_in_thread(ANYBODY, thread)
    return pages.send_feed(title, thread_address(thread), entries, cache=pages.PUBLIC)


@bp.get("/feeds/mine/<token>")
@always_open
def show_mine(token: str) -> Response:
    """Send a member what is new and safe for them."""
    viewer = reader_of(token)
    return pages.send_feed(
        pages.club_title(), url_for("home.show"), pages.entries_for_member(viewer), cache=pages.PRIVATE
    )


@bp.get("/feeds/mine/<token>/members/<username>")
@always_open
def show_reviews(token: str, username: str) -> Response:
    """Send a member the reviews of another one."""
    viewer = reader_of(token)
    author = next(iter(members_named([username])), None)
    if author is None:
        abort(404)
    title = _("Reviews by %(name)s", name=author.display_name)
    path = url_for("members.show", username=author.username)
    return pages.send_feed(title, path, pages.entries_by(viewer, author), cache=pages.PRIVATE)


@bp.get("/settings/feed")
def show() -> str:
    """Show the private address of the member's feed."""
    return pages.show_feeds()


@bp.post("/settings/feed")
def renew() -> Response:
    """Make a private address, in place of the one before, which dies."""
    begin_write()
    actions.renew_address(the_member(), queries.feed_address(current_viewer()), utcnow())
    db.session.commit()
    flash(_("This is your new address. Any earlier one has stopped working."), "good")
    return redirect(url_for(".show"), 303)


def reader_of(token: str) -> Viewer:
    """Return the member whose private address this is, as they read off the site; 404 if it is nobody's."""
    code = private_tokens.code_in(token, pages.PURPOSE, current_app.config["SECRET_KEY"])
    member: Member | None = queries.feed_reader(code) if code else None
    if member is None:
        abort(404)
    return Viewer(member.id, member.new_since, off_site=True)
