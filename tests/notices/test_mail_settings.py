"""The page on which a member says when they want mail about what, and the links that end mails."""

from __future__ import annotations

import pytest

from bookclub.extensions import db
from bookclub.members.models import Member
from bookclub.members.signed_links import sign_link
from bookclub.notices.mail_queries import chosen_frequencies
from bookclub.notices.mail_rules import TOPICS


@pytest.fixture
def chosen(app):
    """``chosen(alice)`` are a member's choices as they are stored."""

    def chosen(member):
        with app.app_context():
            return chosen_frequencies([member.id])[member.id]

    return chosen


@pytest.fixture
def link(app):
    """``link(alice, "votes")`` is the address in a mail that ends mails of a topic."""

    def link(member, topic):
        with app.test_request_context():
            return f"/unsubscribe/{sign_link('unsubscribe', db.session.get(Member, member.id), topic)}"

    return link


def test_from_the_start_replies_mentions_and_meetings_come_at_once(visit, alice):
    fields = visit(alice).get("/settings/mail").form("choices").fields

    choices = {topic.name: fields[topic.name] for topic in TOPICS}
    at_once = {"replies", "mentions", "meetings"}
    assert choices == {topic.name: "at_once" if topic.name in at_once else "weekly" for topic in TOPICS}


def test_choices_are_saved_and_shown(visit, alice, chosen):
    choices = {topic.name: "never" for topic in TOPICS} | {"votes": "at_once", "news": "daily"}
    assert visit(alice).post("/settings/mail", data=choices).status_code == 303

    assert chosen(alice) == choices
    fields = visit(alice).get("/settings/mail").form("choices").fields
    assert {topic.name: fields[topic.name] for topic in TOPICS} == choices


def test_a_choice_that_is_none_is_refused_and_nothing_changes(visit, alice, chosen):
    answer = visit(alice).post(
        "/settings/mail", data={topic.name: "weekly" for topic in TOPICS} | {"news": "at_once"}
    )

    assert answer.status_code == 422
    assert "What is new in the club" in answer.text
    assert chosen(alice) == {}


def test_a_link_shows_and_only_its_post_ends_mails(visitor, alice, link, chosen):
    url = link(alice, "votes")
    shown = visitor.get(url)
    assert shown.status_code == 200
    assert "Votes: open, ending, decided" in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert chosen(alice) == {}

    assert visitor.post(url).status_code == 200
    assert chosen(alice) == {"votes": "never"}


def test_the_link_in_a_letter_ends_all_that_comes_in_it(visit, visitor, alice, link, chosen):
    assert visit(alice).post("/settings/mail", data={"votes": "daily"}).status_code == 303
    url = link(alice, "weekly")
    assert "The weekly letter" in visitor.get(url).text
    assert visitor.post(url).status_code == 200

    at_once = {"replies", "mentions", "meetings"}
    others = {topic.name: "never" for topic in TOPICS if topic.name not in at_once}
    assert chosen(alice) == {**others, "votes": "daily"}


def test_a_mail_program_posts_without_a_form(app, visitor, alice, link, chosen):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = visitor.post(link(alice, "replies"), data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert chosen(alice) == {"replies": "never"}


@pytest.mark.parametrize("of", ["suspended", "forged", "of no topic"])
def test_a_link_that_does_not_work_says_so(visit, visitor, olive, alice, link, chosen, of):
    url = link(alice, "votes" if of != "of no topic" else "nothing")
    if of == "suspended":
        assert visit(olive).post("/members/alice/suspension").status_code == 303
    elif of == "forged":
        url = url[:-3]

    for answer in (visitor.get(url), visitor.post(url)):
        assert answer.status_code == 404
        assert of == "of no topic" or "This link no longer works" in answer.text
    assert chosen(alice) == {}
