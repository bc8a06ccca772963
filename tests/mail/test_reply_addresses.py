"""Signed addresses at which replies and bounces come back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bookclub.config import SettingError, Settings
from bookclub.extensions import begin_write, db
from bookclub.mail.reply_addresses import read_token, reply_address, return_address
from bookclub.members import actions
from bookclub.members.models import Member

PATTERN = "talk+{token}@example.org"


@pytest.fixture
def taking_replies(app):
    app.extensions["bookclub"] = replace(app.extensions["bookclub"], mail_reply=PATTERN)
    return app


def token_in(address: str | None) -> str:
    assert address is not None
    return address.removeprefix("talk+").removesuffix("@example.org")


def test_an_address_tells_who_answers_what(taking_replies, alice):
    with taking_replies.test_request_context():
        address = reply_address(db.session.get(Member, alice.id), "comment", 12)
        read = read_token(token_in(address).upper())
        bounced = read_token(token_in(return_address(345)))

    assert (read.about, read.subject_id, read.member.id) == ("comment", 12, alice.id)
    assert (bounced.about, bounced.subject_id, bounced.member) == ("mail", 345, None)


def test_the_local_part_is_short_enough(taking_replies, alice):
    with taking_replies.test_request_context():
        address = reply_address(db.session.get(Member, alice.id), "review", 2**40)
    assert address == address.lower()
    assert len(address.partition("@")[0]) <= 59


def test_a_changed_token_is_none(taking_replies, alice, bob):
    with taking_replies.test_request_context():
        one = token_in(reply_address(db.session.get(Member, alice.id), "comment", 12))
        other = token_in(reply_address(db.session.get(Member, bob.id), "comment", 12))
        assert read_token(one) is not None
        # Another member or post with this signature, a bounce, cut off, longer, no base32, nothing.
        forged = [
            other[:8] + one[8:],
            "n" + one[1:],
            one[:-1],
            one + "a",
            one[:-3],
            "1890",
            "é",
            "",
            "a" * 500,
        ]
        assert [read_token(each) for each in forged] == [None] * len(forged)


@pytest.mark.parametrize("end", ["suspend", "change_email"])
def test_an_address_ends_with_suspension_and_a_new_address(taking_replies, alice, end):
    with taking_replies.test_request_context():
        begin_write()
        member = db.session.get(Member, alice.id)
        token = token_in(reply_address(member, "comment", 12))
        if end == "suspend":
            actions.suspend(member)
            actions.lift_suspension(member)
        else:
            actions.change_email(member, "new@example.org")
        assert read_token(token) is None
        assert read_token(token_in(reply_address(member, "comment", 12))) is not None


@pytest.mark.parametrize(
    "value", ["talk@example.org", "talk+{token}", "a{token}b{token}@example.org", "{token}@{token}.org",
              "a-very-long-folder-name+{token}@example.org", "talk +{token}@example.org"],
)  # fmt: skip
def test_an_unusable_setting_is_refused_in_words(tmp_path, value):
    with pytest.raises(SettingError, match="BOOKCLUB_MAIL_REPLY"):
        Settings.from_environ({"BOOKCLUB_DATA": str(tmp_path), "BOOKCLUB_MAIL_REPLY": value})


def test_no_address_without_the_setting(app, alice):
    with app.test_request_context():
        assert reply_address(db.session.get(Member, alice.id), "comment", 12) is None
        assert return_address(1) is None
