"""No mail holds a word of what lies ahead of its reader, of any kind and about anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from bookclub.config import MailServer
from bookclub.extensions import begin_write, db, utcnow
from bookclub.mail.messages import UnwantedMailError, compose
from bookclub.mail.models import Mail
from bookclub.mail_kinds import KINDS
from bookclub.members.models import Member
from bookclub.notices.mail_models import MailPreference
from bookclub.notices.mail_rules import TOPICS
from bookclub.notices.models import Notice
from bookclub.notices.rules import COMMENT_KINDS
from bookclub.readings.models import Reveal
from bookclub.reviews.models import Review
from bookclub.threads.models import Bookmark, Comment
from tests.spoilers.story import ALL, MARKS, up_to

SITE = "https://books.example.org"
READERS = [who for who in MARKS if who != "visitor"]
# These carry nobody's words but an organiser's name.
ABOUT_ACCOUNTS = {"confirm_address", "address_changed", "password_link", "invitation", "test"}
# These carry their reader's own words alone, as test_replies_by_mail.py sees.
ABOUT_REPLIES = {"reply_posted", "reply_returned"}


@pytest.fixture
def mailed(story):
    """``mailed("fifth", "notice", notice_id=3)`` is the whole text of a mail to this reader, or None."""
    app = story.app
    server = MailServer(host="127.0.0.1", port=25)
    app.extensions["bookclub"] = replace(
        app.extensions["bookclub"],
        mail=server,
        mail_from="club@example.org",
        url=SITE,
        mail_reply="t+{token}@x.org",
    )

    def mailed(member, kind, **arguments):
        mail = Mail(
            kind=kind, cause="x", member_id=member.id, address=member.email, site=SITE, arguments=arguments,
            message_id="<x@example.org>",
        )  # fmt: skip
        with app.app_context():
            try:
                message = compose(mail)
            except UnwantedMailError:
                return None
        bodies = [message.get_body((form,)).get_content() for form in ("plain", "html")]
        return "\n".join([*(f"{name}: {value}" for name, value in message.items()), *bodies])

    return mailed


def readers(story):
    with story.app.app_context():
        found = db.session.execute(select(Member).where(Member.username.in_(READERS))).scalars()
        members = {member.username: member for member in found}
        db.session.expunge_all()
    assert set(members) == set(READERS)
    return members


def make_notices(story, members):
    """Notify each reader of every comment and of every review."""
    with story.app.app_context():
        begin_write()
        db.session.execute(delete(Notice))
        db.session.execute(delete(Bookmark))
        now = utcnow()
        comments = db.session.execute(select(Comment.id)).scalars().all()
        reviews = db.session.execute(select(Review.id)).scalars().all()
        for member in members.values():
            # Each comment in one of the ways there are: the words are the same in all.
            for number, comment_id in enumerate(comments):
                kind = COMMENT_KINDS[number % len(COMMENT_KINDS)]
                db.session.add(Notice(member_id=member.id, kind=kind, comment_id=comment_id, created_at=now))
            for review_id in reviews:
                db.session.add(
                    Notice(member_id=member.id, kind="mention", review_id=review_id, created_at=now)
                )
        # A reveal counts on the site only.
        (book_id,) = db.session.execute(select(Review.book_id).distinct()).scalars().all()[:1]
        db.session.add(Reveal(member_id=members["fifth"].id, book_id=book_id))
        for member in members.values():
            member.email_confirmed_at = now
            for topic in TOPICS:
                frequency = "at_once" if topic.kinds else "weekly"
                db.session.add(MailPreference(member_id=member.id, topic=topic.name, frequency=frequency))
        db.session.commit()


def test_no_mail_holds_a_word_that_lies_ahead(story, mailed):
    members = readers(story)
    make_notices(story, members)
    with story.app.app_context():
        notices = [(one.id, one.member_id) for one in db.session.execute(select(Notice)).scalars()]
    since = (utcnow() - timedelta(days=365)).isoformat()
    came_by = {}
    for who, member in members.items():
        texts = [mailed(member, "notice", notice_id=key) for key, owner in notices if owner == member.id]
        texts.append(mailed(member, "letter", frequency="weekly", since=since))
        whole = "\n".join(text for text in texts if text)
        came_by[who] = {word for word in ALL if word in whole.casefold()}

    bars = {word for word in ALL if "bars" in word}
    for who, words in came_by.items():
        own = {word for word in words if "alice" in word} if who == "alice" else set()
        assert words - own <= up_to(MARKS[who]), who
        # Bars stay closed in mail, whoever reads it.
        assert not words & bars, who
    # The premise: mails do carry what lies behind their reader.
    assert {"canarysafecomment", "canarysafereply"} <= came_by["unread"]
    assert {"canaryendingcomment", "canarylaterreply"} <= came_by["finished"]


def test_every_kind_of_mail_is_looked_at():
    assert set(KINDS) - ABOUT_ACCOUNTS - ABOUT_REPLIES == {"notice", "letter"}
