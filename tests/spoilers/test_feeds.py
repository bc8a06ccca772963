"""No member's feed holds a word of what lies ahead of them."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from bookclub.extensions import begin_write, db
from bookclub.feeds import rules
from bookclub.feeds.models import FeedAddress
from bookclub.lib.private_tokens import token_of
from bookclub.members.models import Member
from bookclub.readings.models import Reveal
from bookclub.reviews.models import Review
from tests.spoilers.story import ALL, MARKS, up_to


def test_a_private_feed_goes_by_the_mark_alone(story, monkeypatch):
    monkeypatch.setattr(rules, "ENTRIES", 1000)
    monkeypatch.setattr("bookclub.feeds.queries.ENTRIES", 1000)
    readers = [who for who in MARKS if who != "visitor"]
    with story.app.app_context():
        begin_write()
        members = {
            one.username: one
            for one in db.session.scalars(select(Member).where(Member.username.in_(readers)))
        }
        db.session.add_all(FeedAddress(member_id=one.id, code=who) for who, one in members.items())
        book_id = db.session.scalars(select(Review.book_id).distinct()).first()
        # A reveal counts on the site only.
        db.session.add(Reveal(member_id=members["fifth"].id, book_id=book_id))
        secret = current_app.config["SECRET_KEY"]
        feeds = {who: f"/feeds/mine/{token_of(who, 'feed', secret)}" for who in members}
        db.session.commit()

    client, came_by = story.app.test_client(), {}
    for who, feed in feeds.items():
        urls = (feed, f"{feed}/members/bob", f"{feed}/members/alice")
        texts = [client.get(url).get_data(as_text=True) for url in urls]
        came_by[who] = {word for word in ALL if word in "".join(texts).casefold()}

    for who, words in came_by.items():
        own = {word for word in words if "alice" in word} if who == "alice" else set()
        assert words - own <= up_to(MARKS[who]), who
        # Bars stay closed off the site, whoever reads it.
        assert not {word for word in words if "bars" in word}, who
    assert {"canarysafecomment", "canarysafereview", "canarysafepassage"} <= came_by["unread"]
    assert {"canaryendingcomment", "canaryendingreview", "canaryendingpassage"} <= came_by["finished"]
