"""Feeds as Atom (RFC 4287), and the page with a member's private address."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit

from flask import current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from ..hosts import full_address
from ..lib import private_tokens
from ..lib.positions.visibility import Viewer
from ..lib.text.messages import gettext as _
from ..lib.text.pictures import without_pictures
from ..members.models import Member
from ..passages.rules import PassageRow
from ..reviews.rules import ReviewRow
from ..threads.models import Thread
from ..web import current_viewer, the_club
from . import queries, rules
from .rules import FeedComment, FeedEntry

PURPOSE = "feed"
# Every feed says when it changed last (RFC 4287, 4.1.1), an empty one, too.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
# A feed reader asks for the same again and again, and no cache between may keep what is one member's.
PRIVATE, PUBLIC = "private, no-cache", "public, no-cache"


def entries_for(viewer: Viewer, *, book_id: int | None = None) -> list[FeedEntry]:
    """Return the newest reviews and comments that a reader may see, of the club or on a book."""
    reviews = [review_entry(each) for each in queries.newest_reviews(viewer, book_id=book_id)]
    comments = [comment_entry(each) for each in queries.newest_comments(viewer, book_id=book_id)]
    return rules.newest_first([*reviews, *comments])


def entries_for_member(viewer: Viewer) -> list[FeedEntry]:
    """Return the newest posts that a member may see, passages among them, which are for members only."""
    passages = [passage_entry(each) for each in queries.newest_passages(viewer)]
    return rules.newest_first([*entries_for(viewer), *passages])


def entries_in_thread(viewer: Viewer, thread: Thread) -> list[FeedEntry]:
    """Return the newest comments of a thread that a reader may see."""
    return [comment_entry(each) for each in queries.newest_comments(viewer, thread_id=thread.id)]


def entries_by(viewer: Viewer, member: Member) -> list[FeedEntry]:
    """Return the newest reviews of a member."""
    return [review_entry(each) for each in queries.newest_reviews(viewer, by=member)]


def comment_entry(place: FeedComment) -> FeedEntry:
    """Return a comment as an entry."""
    row = place.row
    path = url_for("comments.in_thread", comment_id=row.id)
    title = rules.comment_title(row.author, place)
    return FeedEntry(
        f"comment-{row.id}",
        title,
        row.author,
        path,
        without_pictures(row.html or ""),
        row.created_at,
        row.edited_at or row.created_at,
    )


def review_entry(review: ReviewRow) -> FeedEntry:
    """Return a review as an entry: its summary, which is safe for everybody, and as much as may be read."""
    html = without_pictures(render_template("feeds/_review.html", review=review))
    path = url_for("reviews.show", review_id=review.id)
    changed_at = review.edited_at or review.created_at
    return FeedEntry(
        f"review-{review.id}",
        rules.review_title(review),
        review.author,
        path,
        html,
        review.created_at,
        changed_at,
    )


def passage_entry(passage: PassageRow) -> FeedEntry:
    """Return a passage as an entry: the words from the book, and the member's note below them."""
    return FeedEntry(
        f"passage-{passage.id}",
        rules.passage_title(passage),
        passage.author,
        url_for("passages.show", passage_id=passage.id),
        without_pictures(render_template("feeds/_passage.html", passage=passage)),
        passage.created_at,
        passage.edited_at or passage.created_at,
    )


def send_feed(title: str, path: str, entries: list[FeedEntry], *, cache: str) -> Response:
    """Answer with a feed, or with 304 to a program that has it already. ``path`` is the page it is about."""
    host = urlsplit(full_address("/")).hostname or "localhost"
    updated_at = max((entry.updated_at for entry in entries), default=NEVER)
    text = render_template(
        "feeds/feed.xml", title=title, link=full_address(path), entries=entries, host=host,
        updated_at=updated_at, address=full_address(request.path), site=full_address(""),
    )  # fmt: skip
    answer = Response(text, content_type="application/atom+xml; charset=utf-8")
    answer.set_etag(sha256(text.encode()).hexdigest())
    answer.headers["Cache-Control"] = cache
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.make_conditional(request)
    return answer


def show_feeds() -> str:
    """Render the page with the private address of the member's feed."""
    found = queries.feed_address(current_viewer())
    url = None
    if found is not None:
        token = private_tokens.token_of(found.code, PURPOSE, current_app.config["SECRET_KEY"])
        url = full_address(url_for("feeds.show_mine", token=token))
    return render_template("feeds/show.html", url=url, made_at=found.made_at if found else None)


def club_title() -> str:
    """Return the title of the feed of the whole club."""
    return _("New in %(club)s", club=the_club().name)
