"""Notices by mail: who is told what, when, and as much of it as they may see at that moment."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bookclub.extensions import db, utcnow
from bookclub.jobs import run_due_jobs
from bookclub.mail.models import Mail
from bookclub.members.models import Member
from bookclub.notices.actions import _add_notices, notify, notify_of_meeting
from bookclub.notices.mail_models import MailPreference
from bookclub.notices.models import Notice
from bookclub.readings.models import Reading, Reveal
from bookclub.threads.models import Comment
from tests.cases import each
from tests.clocks import clock_off_by
from tests.factories import (
    make_book,
    make_comment,
    make_date_poll,
    make_meeting,
    make_nomination,
    make_reading,
    make_round,
    make_thread,
)
from tests.mail.conftest import SITE

WAIT = timedelta(minutes=3, seconds=1)


@pytest.fixture(autouse=True)
def confirmed(save, alice, bob):
    for member in (alice, bob):
        member.email_confirmed_at = utcnow()
        save(member)


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def thread(save, alice, book):
    return save(make_thread(alice, book, "The picnic"))


@pytest.fixture
def said(save, thread, alice):
    return save(make_comment(thread, alice, "Badly done, Emma."))


@pytest.fixture
def taking_replies(app):
    settings = app.extensions["bookclub"]
    app.extensions["bookclub"] = replace(settings, mail_reply="talk+{token}@example.org")


@pytest.fixture
def wait(app):
    """``wait()`` lets the time pass in which a mail waits, and does the jobs that are due then."""

    def wait(span=WAIT):
        with clock_off_by(span):
            for _ in range(3):
                run_due_jobs(app, utcnow() + timedelta(seconds=1))

    return wait


def say(client, thread, body="It *was*!", parent=None, **fields):
    form = {"body": body, "parent_id": parent.id if parent else "", "horizon": "0", **fields}
    answer = client.post(f"/threads/{thread.id}/comments", data=form)
    assert answer.status_code == 303, answer.words
    return answer


def prefer(write, member, **frequencies):
    choices = [
        MailPreference(member_id=member.id, topic=topic, frequency=frequency)
        for topic, frequency in frequencies.items()
    ]
    write(lambda: db.session.add_all(choices))


@pytest.mark.databases("sqlite", "postgresql")
def test_a_reply_comes_by_mail_with_its_words(visit, wait, post_office, taking_replies, thread, said, bob):
    say(visit(bob), thread, "It *was*! ||She cried.||\n\n> Badly done", parent=said)
    wait(timedelta(0))
    assert post_office.arrived == []
    wait()

    (mail,) = post_office.arrived
    assert post_office.recipients == ["alice@example.org"]
    assert mail["Subject"] == "Bob replied to you in “The picnic”."
    assert mail["Reply-To"].startswith("talk+")
    assert mail["References"] == mail["In-Reply-To"]
    assert mail["List-Unsubscribe"].startswith(f"<{SITE}/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = post_office.text()
    assert "It was! spoiler, for people who have finished" in text
    assert "> Badly done" in text
    assert "Reply to this e-mail" in text
    html = mail.get_body(("html",)).get_content()
    assert "<em>was</em>" in html
    assert "She cried" not in text + html
    assert "Nobody reads replies" not in text + html
    assert len(mail.as_bytes()) < 60_000


@each(
    "words",
    [
        "Badly done, Emma. " * 1100,
        "愛瑪做得不好" * 3300,
        "a" * 20_000,
        "**bold** words, and more of them. " * 550,
    ],
)
def test_a_long_post_is_cut_and_the_mail_stays_small(visit, wait, post_office, thread, said, bob, words):
    say(visit(bob), thread, words, parent=said)
    wait()

    (mail,) = post_office.arrived
    assert len(mail.as_bytes()) < 60_000
    assert "It goes on in the club." in post_office.text()
    assert words[:12].replace("*", "") in post_office.text()
    post_office.arrived.clear()


def test_mails_about_one_conversation_refer_to_it(visit, wait, post_office, thread, said, bob):
    say(visit(bob), thread, "One.", parent=said)
    say(visit(bob), thread, "Two.", parent=said)
    wait()

    first, second = post_office.arrived
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]


def test_without_an_address_for_replies_the_mail_says_so(visit, wait, post_office, thread, said, bob):
    say(visit(bob), thread, parent=said)
    wait()

    assert post_office.arrived[0]["Reply-To"] is None
    assert "Nobody reads replies" in post_office.text()
    assert "Reply to this e-mail" not in post_office.text()


def test_what_was_seen_meanwhile_is_not_sent(visit, wait, post_office, thread, said, alice, bob):
    say(visit(bob), thread, parent=said)
    assert visit(alice).get(f"/threads/{thread.id}").status_code == 200
    say(visit(bob), thread, "And again.", parent=said)
    wait()

    assert len(post_office.arrived) == 1
    assert "And again." in post_office.text()


def test_notices_marked_as_read_are_not_sent(visit, wait, post_office, thread, said, alice, bob):
    say(visit(bob), thread, parent=said)
    assert visit(alice).post("/notices/seen").status_code == 303
    wait()

    assert post_office.arrived == []


@pytest.mark.parametrize(
    "why", ["deleted", "locked", "suspended", "muted", "unwanted", "unconfirmed", "left"]
)
def test_the_state_at_sending_decides(
    visit, wait, write, rows, save, post_office, thread, said, alice, bob, olive, why
):
    say(visit(bob), thread, "She cried on Box Hill.", parent=said)
    (reply,) = rows(select(Comment).where(Comment.member_id == bob.id))
    if why == "deleted":
        assert visit(bob).post(f"/comments/{reply.id}/deletion").status_code == 303
    elif why == "locked":
        write(lambda: db.session.execute(update(Comment).values(horizon=5000).where(Comment.id == reply.id)))
    elif why == "suspended":
        assert visit(olive).post("/members/alice/suspension").status_code == 303
    elif why == "left":
        assert visit(olive).post("/members/alice/removal").status_code == 303
    elif why == "muted":
        assert (
            visit(alice).post(f"/threads/{thread.id}/subscription", data={"state": "muted"}).status_code
            == 303
        )
    elif why == "unwanted":
        prefer(write, alice, replies="never")
    else:
        write(lambda: db.session.execute(update(Member).values(email_confirmed_at=None)))
    wait()

    if why != "locked":
        assert post_office.arrived == []
        return
    whole = post_office.arrived[0].as_string() + post_office.text()
    assert "Box Hill" not in whole
    assert "Locked for now: up to 50" in post_office.text()
    assert post_office.arrived[0]["Reply-To"] is None


def test_a_reveal_counts_on_the_site_only(visit, wait, save, post_office, book, thread, said, alice, bob):
    save(Reveal(member_id=alice.id, book_id=book.id), make_reading(bob, book, status="finished"))
    say(visit(bob), thread, "She cried on Box Hill.", parent=said, horizon="5000")
    assert "Box Hill" in visit(alice).get("/notices").text
    wait()

    (mail,) = post_office.arrived
    assert "Box Hill" not in mail.as_string() + post_office.text()


@pytest.mark.databases("sqlite", "postgresql")
def test_followers_hear_of_everything_new_once(
    visit, wait, write, rows, post_office, thread, said, alice, bob, olive
):
    for member in (alice, bob):
        prefer(write, member, followed="at_once")
        assert (
            visit(member).post(f"/threads/{thread.id}/subscription", data={"state": "followed"}).status_code
            == 303
        )
    say(visit(olive), thread, "Hear, hear, @alice.", parent=said)
    wait()

    # Alice is answered, mentioned and follows: she hears once.
    assert sorted(post_office.recipients) == ["alice@example.org", "bob@example.org"]
    subjects = {mail["Subject"] for mail in post_office.arrived}
    assert subjects == {"Olive replied to you in “The picnic”.", "Olive wrote in “The picnic”."}


def test_a_muted_conversation_is_silent(visit, post_office, wait, thread, said, alice, bob):
    page = visit(alice).get(f"/threads/{thread.id}")
    assert page.form(f"subscription-of-{thread.id}").action == f"/threads/{thread.id}/subscription"
    assert visit(alice).post(f"/threads/{thread.id}/subscription", data={"state": "muted"}).status_code == 303
    assert "You have muted this conversation." in visit(alice).get(f"/threads/{thread.id}").text

    say(visit(bob), thread, "Do you hear me, @alice?", parent=said)
    wait()

    assert post_office.arrived == []
    assert "No notices yet" in visit(alice).get("/notices").text
    assert "The picnic" in visit(alice).get("/settings/mail").text


def test_a_wish_that_is_none_changes_nothing(visit, rows, thread, alice):
    assert visit(alice).post(f"/threads/{thread.id}/subscription", data={"state": "loud"}).status_code == 422
    assert (
        visit(alice).post(f"/threads/{thread.id}/subscription", data={"state": "followed"}).status_code == 303
    )
    assert (
        visit(alice).post(f"/threads/{thread.id}/subscription", data={"state": "followed"}).status_code == 303
    )
    assert "You follow this conversation." in visit(alice).get(f"/threads/{thread.id}").text
    assert visit(alice).post(f"/threads/{thread.id}/subscription", data={"state": ""}).status_code == 303
    assert "You follow this conversation." not in visit(alice).get(f"/threads/{thread.id}").text


@pytest.mark.parametrize("is_private", [False, True])
def test_a_kept_promise_is_asked_again_at_sending(
    visit, wait, write, save, post_office, book, alice, bob, is_private
):
    prefer(write, alice, promises="at_once")
    reading = save(make_reading(bob, book, status="finished"))
    write(lambda: notify(alice.id, "promise", bob.id, utcnow(), reading_id=reading.id))
    if is_private:
        write(lambda: db.session.execute(update(Reading).values(is_private=True)))
    wait()

    assert len(post_office.arrived) == (not is_private)


def test_a_moderator_removes_words_and_their_author_hears_why(
    visit, wait, write, post_office, thread, said, alice, olive
):
    prefer(write, alice, moderation="at_once")
    removal = visit(olive).post(f"/comments/{said.id}/removal", data={"reason": "It was unkind."})
    assert removal.status_code == 303
    assert "removed your comment" in visit(alice).get("/notices").text
    wait()

    assert "It was unkind." in post_office.text()
    assert post_office.arrived[0]["Reply-To"] is None


@pytest.fixture
def votes_at_once(write, alice):
    prefer(write, alice, votes="at_once")


@each(
    ("kind", "words"),
    {
        "meeting_made": "has planned",
        "meeting_moved": "It is now at",
        "meeting_cancelled": "cancelled “Box Hill”: Rain",
        "meeting_tomorrow": "is coming up",
        "meeting_seat": "There is a seat for you",
        "date_chosen": "chose the date",
        "date_wanted": "asks when you can meet",
        "round_opened": "Voting is open",
        "round_ending": "You have not voted",
        "round_result": "is over, and no book was chosen",
    }.items(),
)
def test_each_of_these_comes_by_mail(
    wait, write, save, post_office, votes_at_once, alice, olive, kind, words
):
    subject, now = {}, utcnow()
    if kind.startswith("round"):
        over = {"settled_at": now, "outcome": "void"} if kind == "round_result" else {}
        subject["round_id"] = save(make_round(olive, voting=True, **over)).id
    elif kind == "date_wanted":
        subject["date_poll_id"] = save(make_date_poll(olive)).id
    else:
        off = {"cancelled_at": now, "cancelled_by_id": olive.id, "cancel_reason": "Rain"}
        columns = off if kind == "meeting_cancelled" else {}
        subject["meeting_id"] = save(make_meeting(olive, title="Box Hill", **columns)).id
    write(lambda: _add_notices([alice.id], kind, olive.id, now, **subject))
    wait()

    (mail,) = post_office.arrived
    assert words in mail["Subject"]
    takes_place = "meeting_id" in subject and kind != "meeting_cancelled"
    assert ("12 Canal Street" in post_office.text()) == takes_place
    post_office.arrived.clear()


def test_a_meeting_is_answered_and_a_vote_cast_from_the_mail(
    wait, visitor, write, save, post_office, votes_at_once, alice, olive
):
    meeting, voting_round = save(make_meeting(olive), make_round(olive, voting=True))
    save(make_nomination(voting_round, save(make_book("Dune")), olive))
    write(lambda: notify_of_meeting([alice.id], "meeting_made", meeting.id, olive.id, utcnow()))
    write(lambda: _add_notices([alice.id], "round_opened", olive.id, utcnow(), round_id=voting_round.id))
    wait()

    for text, words in (
        (post_office.text(0), "You are answering as"),
        (post_office.text(1), "You are voting as"),
    ):
        (link,) = re.findall(rf"{SITE}(/(?:rsvp|ballot)-links/\S+)", text)
        assert words in visitor.get(link).text


def test_a_ballot_by_link_is_told_at_once_whatever_was_chosen(wait, write, save, post_office, alice, olive):
    voting_round = save(make_round(olive, voting=True))
    prefer(write, alice, votes="never")
    write(lambda: _add_notices([alice.id], "ballot_by_link", None, utcnow(), round_id=voting_round.id))
    wait()

    (mail,) = post_office.arrived
    assert mail["List-Unsubscribe"] is None
    assert "because of your choice" not in post_office.text()
    assert "ballot-links" not in post_office.text()


def test_a_place_that_the_host_keeps_on_the_site_is_in_no_mail(wait, write, save, post_office, alice, olive):
    meeting = save(make_meeting(olive, hides_place=True))
    write(lambda: notify_of_meeting([alice.id], "meeting_made", meeting.id, olive.id, utcnow()))
    wait()

    (mail,) = post_office.arrived
    assert "Canal Street" not in mail.as_string() + post_office.text()


@pytest.mark.parametrize(
    "name", ["Bob\r\nBcc: eve@example.org", "=?utf-8?q?Bob?=", '"Bob" <eve@example.org>,']
)
def test_names_and_titles_add_no_header(visit, wait, save, post_office, thread, said, bob, write, name):
    write(
        lambda: db.session.execute(update(Member).where(Member.id == bob.id).values({"display_name": name}))
    )
    say(visit(bob), thread, parent=said)
    wait()

    (mail,) = post_office.arrived
    assert mail["Bcc"] is None
    assert post_office.recipients == ["alice@example.org"]
    assert len(mail["From"].addresses) == len(mail["To"].addresses) == 1


def test_a_club_without_mail_stores_no_time_for_it(app, visit, rows, thread, said, bob):
    app.extensions["bookclub"] = replace(app.extensions["bookclub"], mail=None)
    say(visit(bob), thread, parent=said)

    assert [notice.mail_due_at for notice in rows(select(Notice))] == [None]
    assert rows(select(Mail)) == []
