"""The daily and the weekly letter: what happened, as much of it as its reader may see, and nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import run_due_jobs
from bookclub.members.models import Member
from bookclub.notices import mail_actions
from bookclub.notices.mail_actions import post_due_letters
from bookclub.notices.mail_models import Letter, MailPreference
from bookclub.notices.mail_rules import WEEKLY, letter_moment
from bookclub.readings.models import Reveal
from tests.clocks import clock_off_by
from tests.factories import (
    make_book,
    make_comment,
    make_date_poll,
    make_meeting,
    make_member,
    make_reading,
    make_review,
    make_round,
    make_thread,
)
from tests.mail.conftest import SITE

LONG_AGO = utcnow() - timedelta(days=30)


@pytest.fixture(autouse=True)
def since_long_ago(save, alice):
    alice.email_confirmed_at = alice.joined_at = alice.new_since = LONG_AGO
    save(alice)


@pytest.fixture
def next_letter(app):
    """``next_letter()`` waits for nine o'clock on Sunday, and sends what is due then."""

    def next_letter(weeks=1):
        now = utcnow()
        due = letter_moment(WEEKLY, now, "UTC") + timedelta(days=7 * weeks, minutes=1)
        with clock_off_by(due - now):
            with app.app_context():
                begin_write()
                while post_due_letters(utcnow()):
                    pass
                db.session.commit()
            for _ in range(3):
                run_due_jobs(app, utcnow() + timedelta(seconds=1))

    return next_letter


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.mark.databases("sqlite", "postgresql")
def test_a_letter_tells_what_home_shows(next_letter, save, post_office, book, alice, bob, olive):
    thread = save(make_thread(bob, book, "The picnic"))
    save(
        make_comment(thread, bob, "Box Hill is ||not|| a hill."),
        make_review(
            bob, book, title="Badly done", summary="A match-maker errs.", body="All of it.", horizon=9000
        ),
        make_meeting(olive, title="Tea at Hartfield", starts_at=utcnow() + timedelta(days=8)),
        make_date_poll(olive, title="In January"),
        make_round(olive, voting=True, title="What comes next"),
    )
    next_letter()

    (mail,) = post_office.arrived
    assert mail["To"].addresses[0].addr_spec == "alice@example.org"
    assert "What is new in" in mail["Subject"]
    text = post_office.text()
    for words in ("The picnic", "Box Hill is … a hill.", "Badly done", "A match-maker errs.", "Tea at Hart"):
        assert words in text
    for words in ("In January", "What comes next", f"{SITE}/comments/1/in-thread"):
        assert words in text
    html = mail.get_body(("html",)).get_content()
    assert "All of it." not in text + html
    assert len(mail.as_bytes()) < 60_000
    assert mail["List-Unsubscribe"].startswith(f"<{SITE}/unsubscribe/")


def test_nothing_comes_twice_and_nothing_comes_where_nothing_happened(
    next_letter, save, post_office, book, bob
):
    save(make_comment(save(make_thread(bob, book, "The picnic")), bob, "Box Hill."))
    next_letter()
    assert len(post_office.arrived) == 1

    next_letter(weeks=2)
    assert len(post_office.arrived) == 1


@pytest.mark.parametrize("is_revealed", [False, True])
def test_what_lies_ahead_stays_out(next_letter, save, post_office, book, alice, bob, is_revealed):
    thread = save(make_thread(bob, book, "The picnic"))
    save(
        make_comment(thread, bob, "Safe for all."),
        make_comment(thread, bob, "She marries him.", horizon=9000),
        make_reading(alice, book, status="reading", position=1000),
    )
    if is_revealed:
        save(Reveal(member_id=alice.id, book_id=book.id))
    next_letter()

    whole = post_office.arrived[0].as_string() + post_office.text()
    assert "Safe for all." in post_office.text()
    assert "marries" not in whole


def test_notices_that_wait_for_a_letter_are_in_it(
    visit, next_letter, save, write, post_office, book, alice, bob
):
    write(lambda: db.session.add(MailPreference(member_id=alice.id, topic="replies", frequency="weekly")))
    thread = save(make_thread(alice, book, "The picnic"))
    said = save(make_comment(thread, alice, "Badly done."))
    answer = {"body": "It was!", "parent_id": said.id, "horizon": "0"}
    assert visit(bob).post(f"/threads/{thread.id}/comments", data=answer).status_code == 303
    next_letter()

    assert len(post_office.arrived) == 1
    text = post_office.text()
    assert "replied to you in" in text
    # The conversation is told of once.
    assert text.count("It was!") == 1


@pytest.mark.parametrize("why", ["never", "suspended", "unconfirmed", "refused"])
def test_nobody_gets_a_letter_who_should_not(
    visit, next_letter, save, write, post_office, book, alice, bob, olive, why
):
    save(make_comment(save(make_thread(bob, book, "The picnic")), bob, "Box Hill."))
    if why == "never":
        write(lambda: db.session.add(MailPreference(member_id=alice.id, topic="news", frequency="never")))
    elif why == "suspended":
        assert visit(olive).post("/members/alice/suspension").status_code == 303
    else:
        values = {"mail_refusals": 3} if why == "refused" else {"email_confirmed_at": None}
        write(lambda: db.session.execute(update(Member).where(Member.id == alice.id).values(values)))
    next_letter()

    assert post_office.arrived == []


def test_letters_are_posted_a_few_at_a_time(app, save, rows, monkeypatch, book, bob):
    monkeypatch.setattr(mail_actions, "MOST_AT_ONCE", 2)
    save(*(make_member(f"reader{number}") for number in range(3)))
    with app.app_context():
        begin_write()
        db.session.execute(update(Member).values(email_confirmed_at=LONG_AGO))
        assert post_due_letters(utcnow())
        assert post_due_letters(utcnow())
        assert not post_due_letters(utcnow())
        db.session.commit()
    assert len(rows(select(Letter))) == 5
