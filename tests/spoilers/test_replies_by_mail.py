"""Mails that answer a reply carry nobody's words but those of the member who wrote it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bookclub.config import MailServer
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.mails.message import read_message
from bookclub.mail.messages import compose
from bookclub.mail.models import Mail
from bookclub.mail.reply_addresses import reply_address
from bookclub.mailbox import actions, jobs
from bookclub.members.models import Member
from bookclub.reviews.models import Review
from bookclub.threads.models import Comment
from tests.spoilers.story import ALL

PATTERN = "talk+{token}@example.org"
REPLY = """From: {sender}
To: {to}
Message-ID: <{number}@phone.example>

{mine}

On Mon, 30 Nov 2026 at 10:00, Readers <club@example.org> wrote:
{quoted}
"""


@pytest.fixture
def answer_all(story):
    """``answer_all("fifth", "Mine.")`` answers every post by mail, and returns the mails that come of it."""
    server = MailServer(host="localhost", port=25)
    story.app.extensions["bookclub"] = settings = replace(
        story.app.extensions["bookclub"], mail=server, mail_from="club@example.org",
        url="https://books.example.org", mail_reply=PATTERN,
    )  # fmt: skip

    def answer(member: Member, post: Comment | Review, mine: str, number: int) -> None:
        about = "comment" if isinstance(post, Comment) else "review"
        to = reply_address(member, about, post.id)
        quoted = "\n".join(f"> {line}" for line in post.body.split("\n"))
        words = {"sender": member.email, "to": to, "mine": mine, "number": number, "quoted": quoted}
        incoming = read_message(REPLY.format(**words).encode())
        token = to.removeprefix("talk+").removesuffix("@example.org")
        db.session.close()
        assert jobs.receive(incoming, [token], settings, is_whole=True) is None

    def answer_all(who: str, mine: str) -> list[str]:
        with story.app.test_request_context():
            begin_write()
            member = db.session.scalars(select(Member).where(Member.username == who)).one()
            member.email_confirmed_at = utcnow()
            db.session.commit()
            posts = [*db.session.scalars(select(Comment)), *db.session.scalars(select(Review))]
            for number, post in enumerate(posts):
                answer(member, post, mine, number)
            mails = db.session.scalars(select(Mail).where(Mail.kind.startswith("reply_"))).all()
            assert len(mails) == len(posts) > 20
            return [compose(mail).as_string() for mail in mails]

    return answer_all


@pytest.mark.parametrize("mine", ["My own thoughts.", "safe\nMy own thoughts.", "", "long " * 5000])
def test_a_mail_about_a_reply_holds_nobody_elses_words(answer_all, mine):
    said = "\n".join(answer_all("fifth", mine))

    assert [word for word in ALL if word in said] == []
    assert "Subject: Your reply" in said


def test_it_finds_out_when_quoted_words_come_along(answer_all, monkeypatch):
    monkeypatch.setattr(actions, "own_words", lambda text, _addresses: text * 300)

    assert "canarylaterreply" in "\n".join(answer_all("fifth", "Mine."))
