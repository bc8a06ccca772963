"""Links in mails by which a member does one thing without signing in."""

from __future__ import annotations

from bookclub.extensions import begin_write, db
from bookclub.members import actions
from bookclub.members.models import Member
from bookclub.members.signed_links import read_link, sign_link


def test_a_link_names_its_member_and_subject_for_one_purpose(app, alice):
    with app.test_request_context():
        member = db.session.get(Member, alice.id)
        token = sign_link("rsvp", member, 7)

        assert read_link("rsvp", token) == (member, 7)
        assert read_link("ballot", token) is None
        assert [read_link("rsvp", each) for each in (token[:-1], "", "é", token + "a")] == [None] * 4


def test_a_link_ends_with_suspension_and_a_new_address(app, alice):
    with app.test_request_context():
        begin_write()
        member = db.session.get(Member, alice.id)
        token = sign_link("rsvp", member, 7)
        actions.suspend(member)
        assert read_link("rsvp", token) is None
        actions.lift_suspension(member)
        assert read_link("rsvp", token) is None

        token = sign_link("rsvp", member, 7)
        assert read_link("rsvp", token) is not None
        actions.change_email(member, "new@example.org")
        assert read_link("rsvp", token) is None
