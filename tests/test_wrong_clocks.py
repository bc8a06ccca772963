"""A clock that is wrong for a while: nobody is signed out or locked out, and nothing lasts for ever.

A table says for every moment that is compared with the present where that is tried. A comparison that is
added without a line in it fails.
"""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import bookclub
from bookclub import jobs as bookclub_jobs
from bookclub.books.models import Book
from bookclub.extensions import begin_write, db, utcnow
from bookclub.home.rules import is_newcomer
from bookclub.jobs import enqueue, run_due_jobs
from bookclub.mail import queries as mail_queries
from bookclub.mail.models import Mail
from bookclub.mail.rules import retry_at
from bookclub.mailbox import actions as mailbox
from bookclub.mailbox.models import ReturnedReply, TakenMail
from bookclub.members import actions as members_actions
from bookclub.members.models import Member, MemberSession
from bookclub.mergers.jobs import forget as forget_mergers
from bookclub.mergers.models import Merger, MergerStep
from bookclub.mergers.rules import can_undo
from bookclub.notices import mail_queries as notice_queries
from bookclub.notices.mail_rules import is_letter_due
from bookclub.notices.models import Notice
from bookclub.openlibrary import queries as openlibrary_queries
from bookclub.openlibrary.models import OpenLibraryAnswer
from bookclub.recommendations.cache_queries import state_of_stock, stock
from bookclub.rounds.models import Round
from bookclub.sealed_forms import actions as sealed_forms
from bookclub.sealed_forms.models import SealedForm
from bookclub.sealed_forms.queries import sealed_form
from bookclub.threads.rules import is_bookmark_due
from tests.clocks import NEVER_SET, RIGHT, clock_off_by
from tests.factories import (
    PASSWORD,
    make_book,
    make_invitation,
    make_member,
    make_nomination,
    make_reading,
    make_review,
    make_round,
)
from tests.jars import REMEMBER, SESSION, copy_of
from tests.page_forms import form_to

pytestmark = pytest.mark.databases("sqlite", "postgresql")

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
YEAR = 365 * DAY
BEHIND = {
    "minutes behind": -10 * MINUTE,
    "a day behind": -DAY,
    "a year behind": -YEAR,
    "never set": NEVER_SET,
}
AHEAD = {"minutes ahead": 10 * MINUTE, "a day ahead": DAY, "40 days ahead": 40 * DAY, "300 days": 300 * DAY}
FAR_AHEAD = 3650 * DAY
# What stands in a comparison with the present, by the file: how a wrong clock is met, and by which test.
# "the clock decides" is said of deadlines that people agree on: see lib/tally/states.py and the README.
COMPARED = {
    ("lib/text/dates.py", "days_until"): "the clock decides",
    ("members/queries.py", "failed_at"): "test_failures_of_another_time_lock_nobody_out",
    ("members/queries.py", "created_at"): "test_a_one_time_link_does_not_outlive_a_clock_that_ran_ahead",
    ("members/queries.py", "expires_at"): "test_a_one_time_link_does_not_outlive_a_clock_that_ran_ahead",
    ("members/queries.py", "used_at"): "test_a_session_ends_after_a_year_whatever_the_clock_did",
    ("members/actions.py", "expires_at"): "test_a_one_time_link_does_not_outlive_a_clock_that_ran_ahead",
    ("home/letter_pages.py", "since_at"): "test_notices_and_letters_of_another_time_go_by_mail",
    ("home/letter_pages.py", "starts_at"): "the clock decides",
    ("notices/mail_queries.py", "created_at"): "test_notices_and_letters_of_another_time_go_by_mail",
    ("notices/mail_queries.py", "mail_due_at"): "test_notices_and_letters_of_another_time_go_by_mail",
    ("notices/mail_rules.py", "told_until"): "test_notices_and_letters_of_another_time_go_by_mail",
    ("meetings/rsvp_link_views.py", "ends_at"): "the clock decides",
    ("mail/queries.py", "claimed_at"): "test_mail_of_another_time_is_sent",
    ("mail/queries.py", "created_at"): "test_mail_of_another_time_is_sent",
    ("mail/queries.py", "ended_at"): "test_mail_of_another_time_is_sent",
    ("mail/queries.py", "next_at"): "test_mail_of_another_time_is_sent",
    ("mail/rules.py", "created_at"): "test_mail_of_another_time_is_sent",
    ("mailbox/queries.py", "created_at"): "test_returned_words_are_deleted_whatever_the_clock_did",
    ("mailbox/queries.py", "taken_at"): "test_returned_words_are_deleted_whatever_the_clock_did",
    ("members/sign_in.py", "used_at"): "test_a_far_jump_ahead_ends_no_session_for_good",
    ("members/sign_in.py", "joined_at"): "test_a_clock_that_is_wrong_signs_nobody_out",
    ("members/sign_in.py", "failed_at"): "test_failures_of_another_time_lock_nobody_out",
    ("members/rules.py", "expires_at"): "test_an_invitation_is_only_shut_while_the_clock_is_ahead",
    ("members/rules.py", "seen_at"): "test_what_is_new_follows_the_clock_when_it_is_put_right",
    ("members/rules.py", "used_at"): "test_a_session_ends_also_where_the_clock_was_far_ahead",
    ("visits.py", "joined_at"): "test_a_clock_that_was_never_set_leaves_visits_alone",
    ("home/rules.py", "joined_at"): "test_a_member_who_joined_in_another_time_is_no_newcomer_for_ever",
    ("threads/rules.py", "moved_at"): "test_a_bookmark_moves_after_a_jump_of_the_clock",
    ("jobs.py", "due_at"): "test_jobs_of_another_time_are_done",
    ("jobs.py", "enqueued_at"): "test_jobs_of_another_time_are_done",
    ("jobs.py", "started_at"): "test_a_job_that_a_worker_left_in_another_time_is_done",
    ("openlibrary/queries.py", "expires_at"): "test_answers_kept_in_another_time_count_no_more",
    ("openlibrary/queries.py", "fetched_at"): "test_answers_kept_in_another_time_count_no_more",
    ("openlibrary/actions.py", "expires_at"): "test_answers_kept_in_another_time_count_no_more",
    ("openlibrary/actions.py", "fetched_at"): "test_answers_kept_in_another_time_count_no_more",
    (
        "recommendations/cache_queries.py",
        "changed_at",
    ): "test_suggestions_hear_of_changes_while_the_clock_is_behind",
    ("connections.py", "said_goodbye_at"): "a monotonic clock",
    ("sockets.py", "looks_at"): "a monotonic clock",
    ("sealed_forms/queries.py", "expires_at"): "test_a_sealed_form_does_not_outlive_a_clock_that_ran_ahead",
    ("home/views.py", "settled_at"): "test_a_round_settled_in_the_future_is_no_news",
    ("mergers/queries.py", "merged_at"): "test_what_a_merger_changed_is_forgotten_whatever_the_clock_did",
    (
        "mergers/rules.py",
        "merged_at",
    ): "test_what_a_merger_changed_is_forgotten_whatever_the_clock_did",
    ("meetings/attendance_rules.py", "starts_at"): "the clock decides",
    ("date_polls/pages.py", "starts_at"): "the clock decides",
    ("date_polls/rules.py", "starts_at"): "the clock decides",
    ("meetings/pages.py", "ends_at"): "the clock decides",
    ("meetings/pages.py", "starts_at"): "the clock decides",
    ("meetings/pace_rules.py", "ends_at"): "the clock decides",
    ("meetings/pace_rules.py", "starts_at"): "the clock decides",
    ("meetings/series_actions.py", "starts_at"): "the clock decides",
    ("meetings/series_queries.py", "starts_at"): "the clock decides",
    ("meetings/series_rules.py", "starts_at"): "the clock decides",
    ("readings/pages.py", "starts_at"): "the clock decides",
    ("meetings/queries.py", "ends_at"): "the clock decides",
    ("meetings/queries.py", "starts_at"): "the clock decides",
    ("meetings/rsvp_rules.py", "starts_at"): "the clock decides",
    ("meetings/rules.py", "starts_at"): "the clock decides",
    ("recaps/rules.py", "starts_at"): "the clock decides",
    ("questions/queries.py", "ends_at"): "the clock decides",
    ("questions/rules.py", "ends_at"): "the clock decides",
    ("rounds/clock.py", "voting_until_at"): "the clock decides",
    ("rounds/forms.py", "nominations_until_at"): "the clock decides",
    ("rounds/queries.py", "nominations_until_at"): "the clock decides",
    ("rounds/queries.py", "voting_until_at"): "the clock decides",
    ("rounds/rules.py", "nominations_until"): "the clock decides",
    ("rounds/rules.py", "voting_until"): "the clock decides",
    ("lib/tally/states.py", "nominations_until_at"): "the clock decides",
    ("lib/tally/states.py", "voting_until_at"): "the clock decides",
}
PRESENT = re.compile(r"\b(now|utcnow\(\)|earliest|latest|ahead)\b|'since'|\.fetched_at\b")


def sign_in(client, name="alice", **fields):
    return client.post("/sign-in", data={"username": name, "password": PASSWORD, **fields}).status_code


def signed_in(client, member, kind=SESSION):
    """A browser that a member signed in with, by its cookies of one kind."""
    assert sign_in(client, member.username, remember="y" if kind == REMEMBER else "") == 303
    return copy_of(client, kind)


def is_signed_in(client, shift=RIGHT):
    with clock_off_by(shift):
        return client.get("/mentions").status_code == 200


# Sessions


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", [SESSION, REMEMBER])
def test_a_clock_that_is_wrong_signs_nobody_out(visit, save, kind):
    for name, shift in (BEHIND | AHEAD).items():
        for joined_at in (utcnow(), utcnow() - 3 * YEAR):
            alice, bob = save(*(make_member(joined_at=joined_at) for _ in range(2)))
            used, unused, elsewhere = (
                signed_in(visit(), alice, kind),
                signed_in(visit(), alice, kind),
                visit(),
            )

            # Pages, a form and somebody else's sign-in meanwhile; then the clock is right again.
            seen = [is_signed_in(used), is_signed_in(used, shift), is_signed_in(used, shift + 6 * MINUTE)]
            with clock_off_by(shift):
                seen.append(used.post("/settings", data={"theme": "dark"}).status_code == 303)
                seen.append(sign_in(elsewhere, bob.username) == 303)

            seen += [is_signed_in(client) for client in (used, unused, elsewhere)]
            assert (name, joined_at, seen) == (name, joined_at, [True] * 8)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", [SESSION, REMEMBER])
def test_a_session_ends_after_a_year_whatever_the_clock_did(visit, save, kind):
    for name, shift in ({"right": RIGHT} | BEHIND | AHEAD).items():
        alice, bob = save(*(make_member() for _ in range(2)))
        client = signed_in(visit(), alice, kind)
        assert is_signed_in(client, shift)
        assert sign_in(visit(), bob.username) == 303

        # A mark that was made far ahead counts for longer, and not for ever.
        ends = YEAR + MINUTE if shift < 60 * DAY else YEAR + shift
        assert (name, is_signed_in(client, ends)) == (name, False)


def test_a_session_ends_also_where_the_clock_was_far_ahead(visit, rows, alice, bob):
    old, new = signed_in(visit(), alice), visit()
    (before,) = rows(select(MemberSession.used_at))
    with clock_off_by(FAR_AHEAD):
        assert sign_in(new) == 303
        assert is_signed_in(new)
    # A mark goes back by 300 days with every sign-in of anybody, and with every visit.
    for _ in range(13):
        sign_in(visit(), "bob")

    assert max(rows(select(MemberSession.used_at))) < before + DAY
    assert is_signed_in(new)
    assert not is_signed_in(new, YEAR + DAY)
    assert not is_signed_in(old, YEAR + DAY)


@pytest.mark.databases("sqlite")
def test_a_far_jump_ahead_ends_no_session_for_good(visit, alice, bob):
    client = signed_in(visit(), alice)
    assert not is_signed_in(client, 400 * DAY)
    with clock_off_by(400 * DAY):
        assert sign_in(visit(), "bob") == 303

    assert is_signed_in(client)


@pytest.mark.databases("sqlite")
def test_staying_signed_in_lasts_for_a_year_from_the_last_visit(visit, save, alice):
    client = visit()
    sign_in(client, remember="y")
    assert REMEMBER not in "".join(client.get("/settings").headers.getlist("Set-Cookie"))

    with clock_off_by(DAY):
        cookies = client.get("/settings").headers.getlist("Set-Cookie")

    assert any(cookie.startswith(REMEMBER) and "Expires" in cookie for cookie in cookies)
    client.delete_cookie(SESSION)
    assert is_signed_in(client, YEAR)


@pytest.mark.databases("sqlite")
def test_a_form_opened_by_another_clock_is_taken(strict_visit, alice):
    client = strict_visit(alice)
    token = form_to(client.get("/settings").text, "/settings", having="theme").fields["csrf_token"]

    for shift in (-DAY, 40 * DAY, NEVER_SET):
        with clock_off_by(shift):
            answer = client.post("/settings", data={"theme": "dark", "csrf_token": token})
        assert answer.status_code == 303


# Visits


@pytest.mark.databases("sqlite")
def test_what_is_new_follows_the_clock_when_it_is_put_right(visit, save, rows, alice, bob):
    client, book = visit(alice), save(make_book("Emma"))
    for shift in (300 * DAY, 301 * DAY):
        assert is_signed_in(client, shift)
    assert is_signed_in(client)
    save(make_review(bob, book, title="Handsome and clever", created_at=utcnow() + MINUTE))

    with clock_off_by(DAY):
        page = client.get("/").text

    assert "Handsome and clever" in page


@pytest.mark.databases("sqlite")
def test_a_clock_that_was_never_set_leaves_visits_alone(visit, rows, alice):
    before = rows(select(Member.seen_at)) + rows(select(Member.new_since))

    assert is_signed_in(visit(alice), NEVER_SET)

    assert rows(select(Member.seen_at)) + rows(select(Member.new_since)) == before


# The throttle


def test_failures_of_another_time_lock_nobody_out(visit, alice):
    client = visit()
    for shift in (-DAY, DAY, YEAR, NEVER_SET):
        with clock_off_by(shift):
            for _ in range(10):
                client.post("/sign-in", data={"username": "alice", "password": "not the password"})
            assert sign_in(client) == 429

        assert sign_in(visit()) == 303


@pytest.mark.databases("sqlite")
def test_a_clock_that_moves_by_minutes_gives_no_guesses_away(visit, alice):
    client = visit()
    for _ in range(10):
        client.post("/sign-in", data={"username": "alice", "password": "not the password"})

    for shift in (-10 * MINUTE, -5 * MINUTE, 5 * MINUTE):
        with clock_off_by(shift):
            assert sign_in(client) == 429


# Links


def test_a_one_time_link_does_not_outlive_a_clock_that_ran_ahead(visit, write, alice):
    with clock_off_by(FAR_AHEAD):
        link, setup = (
            write(lambda: members_actions.make_password_link(alice)),
            write(members_actions.make_setup_link),
        )
        assert visit().get(link).status_code == 200
        assert "Set up the club" in visit().get(setup).text

    assert visit().get(link).status_code == 404
    assert "Set up the club" not in visit().get(setup).text


@pytest.mark.databases("sqlite")
def test_a_sealed_form_does_not_outlive_a_clock_that_ran_ahead(app, write, rows, alice):
    def seal():
        return sealed_forms.seal(alice, ("/asks/new", ""), None, "[]", utcnow(), has_files=False)

    with clock_off_by(10 * MINUTE):
        recent = write(seal)
    with clock_off_by(FAR_AHEAD):
        token = write(seal)
    with app.app_context():
        assert sealed_form(recent, alice.id, utcnow()) is not None
        assert sealed_form(token, alice.id, utcnow()) is None

    write(sealed_forms.sweep)
    assert len(rows(select(SealedForm))) == 1


@pytest.mark.databases("sqlite")
def test_a_one_time_link_works_while_the_clock_is_a_little_wrong(visit, write, alice):
    link = write(lambda: members_actions.make_password_link(alice))

    for shift in (-DAY, -MINUTE, 23 * 60 * MINUTE):
        with clock_off_by(shift):
            assert visit().get(link).status_code == 200


@pytest.mark.databases("sqlite")
def test_an_invitation_is_only_shut_while_the_clock_is_ahead(app, visit, save, olive):
    invitation = save(make_invitation(olive))
    with app.app_context():
        link = f"/sign-up?invite={members_actions.sign_code(invitation.code)}"

    for shift in (*BEHIND.values(), FAR_AHEAD):
        with clock_off_by(shift):
            assert ("has expired" in visit().get(link).text) == (shift == FAR_AHEAD)
    assert 'autocomplete="new-password"' in visit().get(link).text


# Jobs


@pytest.fixture
def done(monkeypatch):
    """The jobs that were done, by what they were told; those told "fail" fail."""
    done = []

    def note(what):
        if what == "fail":
            raise ValueError("no good")
        done.append(what)

    monkeypatch.setattr(bookclub_jobs, "_HANDLERS", {"note": note})
    return done


def enqueue_note(write, what="it", **more):
    write(lambda: enqueue("note", key=what, what=what, **more))


def test_jobs_of_another_time_are_done(app, write, done):
    for shift in (*BEHIND.values(), -FAR_AHEAD):
        done.clear()
        enqueue_note(write)
        enqueue_note(write, "tonight", due_at=bookclub_jobs.next_night(utcnow()))

        with clock_off_by(shift):
            run_due_jobs(app, utcnow())

        assert done == ["it", "tonight"]


@pytest.mark.databases("sqlite")
def test_a_job_that_is_due_later_waits_while_the_clock_is_right(app, write, done):
    enqueue_note(write, due_at=utcnow() + DAY)

    assert run_due_jobs(app, utcnow()) == 0


@pytest.mark.databases("sqlite")
def test_a_job_that_fails_in_another_time_waits_between_its_tries(app, write, done):
    enqueue_note(write, "fail")

    with clock_off_by(-DAY):
        assert [run_due_jobs(app, utcnow()) for _ in range(3)] == [1, 0, 0]
        assert run_due_jobs(app, utcnow() + 2 * MINUTE) == 1


def test_a_job_that_a_worker_left_in_another_time_is_done(app, write, done):
    enqueue_note(write)
    with app.app_context():
        assert bookclub_jobs._claim(utcnow()) is not None
    assert run_due_jobs(app, utcnow()) == 0

    with clock_off_by(-DAY):
        assert run_due_jobs(app, utcnow()) == 1
    assert done == ["it"]


# What is remembered


def test_answers_kept_in_another_time_count_no_more(app, save):
    now = utcnow()
    ahead = {"fetched_at": now + FAR_AHEAD, "expires_at": now + FAR_AHEAD + DAY, "answer": {}}
    save(OpenLibraryAnswer(asked="0" * 64, status=200, **ahead))
    save(OpenLibraryAnswer(asked="1" * 64, status=503, **ahead))

    def known(now):
        return openlibrary_queries.answer_to("0" * 64, now), openlibrary_queries.pausing_answer(now)

    with app.app_context():
        assert all(known(now + FAR_AHEAD))
        assert known(now) == (None, None)
        assert openlibrary_queries.asked_between(now - MINUTE, now + MINUTE) == 0


def test_suggestions_hear_of_changes_while_the_clock_is_behind(app, save, alice, bob):
    book = save(make_book("Emma"))
    reading = make_reading(alice, book, position=10_000)
    save(book, reading, make_reading(bob, book, position=10_000))

    def readers():
        with app.app_context():
            return len(stock(state_of_stock()).readerships.shelves.columns)

    assert readers() == 2
    with clock_off_by(-DAY):
        for is_private, count in ((True, 1), (False, 2)):
            reading.is_private, reading.changed_at = is_private, utcnow()
            save(reading)
            assert readers() == count


@pytest.mark.databases("sqlite")
def test_a_book_of_this_year_is_taken_while_the_clock_is_behind(visit, rows, alice):
    this_year = max(utcnow().year, 2026)

    with clock_off_by(NEVER_SET):
        book = {"title": "Emma", "authors": "Jane Austen", "first_published": str(this_year)}
        assert visit(alice).post("/books/new", data=book).status_code == 303

    assert rows(select(Book.first_published)) == [this_year]


# Rounds: the clock decides


@pytest.mark.databases("sqlite")
def test_a_round_that_has_begun_goes_on_while_the_clock_is_behind(visit, save, alice, bob, olive):
    voting_round = save(make_round(olive, voting=True))
    books = [save(make_book()) for _ in range(2)]
    nominations = [save(make_nomination(voting_round, book, bob)) for book in books]
    ballot = {f"rank-{nomination.id}": str(place) for place, nomination in enumerate(nominations, 1)}

    for shift in BEHIND.values():
        with clock_off_by(shift):
            assert visit(alice).post(f"/rounds/{voting_round.id}/ballot", data=ballot).status_code == 303


@pytest.mark.databases("sqlite")
def test_a_round_is_settled_by_the_clock_and_stays_so(visit, save, rows, olive):
    voting_round = save(make_round(olive, voting=True))
    client = visit(olive)

    with clock_off_by(15 * DAY):
        client.get(f"/rounds/{voting_round.id}")

    (settled_at,) = rows(select(Round.settled_at))
    assert settled_at > utcnow() + 14 * DAY
    assert client.get(f"/rounds/{voting_round.id}").status_code == 200


@pytest.mark.databases("sqlite")
def test_a_round_settled_in_the_future_is_no_news(visit, save, alice, bob, olive):
    voting_round = save(make_round(olive, voting=True))
    client, address = visit(alice), f'href="/rounds/{voting_round.id}"'
    nomination = save(make_nomination(voting_round, save(make_book("Emma")), bob))
    ballot = {f"rank-{nomination.id}": "yes"}
    assert client.post(f"/rounds/{voting_round.id}/ballot", data=ballot).status_code == 303
    with clock_off_by(15 * DAY):
        client.get(f"/rounds/{voting_round.id}")
        assert address in client.get("/").text

    assert address not in client.get("/").text


@pytest.mark.databases("sqlite")
def test_what_a_merger_changed_is_forgotten_whatever_the_clock_did(app, save, olive):
    for shift in (RIGHT, 6 * DAY, YEAR, -YEAR):
        merger = save(Merger(kind="author merger", title="A", slug="a", merged_at=utcnow() + shift))
        save(MergerStep(merger_id=merger.id, kind="moved", table_name="ask", details={}))
        is_young = abs(shift) < 7 * DAY
        assert can_undo(merger.merged_at, None, utcnow()) == is_young
        with app.app_context():
            begin_write()
            forget_mergers()
            db.session.commit()
            left = db.session.scalars(select(MergerStep).where(MergerStep.merger_id == merger.id)).all()
        assert bool(left) == is_young


@pytest.mark.databases("sqlite")
def test_mail_of_another_time_is_sent(app, save, alice):
    """Posted or claimed while the clock was wrong, a mail is sent or recorded all the same."""
    now, lost_after = utcnow(), 4 * MINUTE
    for number, shift in enumerate((*AHEAD.values(), FAR_AHEAD, -YEAR)):
        then = {"created_at": now + shift, "next_at": now + shift}
        words = {"kind": "test", "address": "a@b.cd", "site": "x", "arguments": {}, "message_id": "<x@y>"}
        waits = save(Mail(cause=f"waits {number}", member_id=alice.id, **words, **then))
        claimed = save(Mail(cause=f"left {number}", **words, state="claimed", claimed_at=now + shift))
        with app.app_context():
            assert [mail.id for mail in mail_queries.all_due(now)] == [waits.id]
            assert [mail.id for mail in mail_queries.lost_claims(now, lost_after)] == [claimed.id]
            assert mail_queries.claims_in_last_minute(now)[0] == 0
            assert mail_queries.next_moment(lost_after) is not None
        for mail in (waits, claimed):
            mail.end("sent", now - YEAR)
            save(mail)
    # After a jump a mail has its attempts yet.
    assert retry_at(now - YEAR, 1, now) == retry_at(now + YEAR, 1, now) == now + MINUTE


def test_notices_and_letters_of_another_time_go_by_mail(app, save, alice):
    """A notice is decided, and a letter written, whatever the clock said of the last one."""
    now = utcnow()
    for shift in (*AHEAD.values(), FAR_AHEAD, -YEAR):
        then = now + shift
        notice = save(Notice(member_id=alice.id, kind="promise", created_at=then, mail_due_at=then))
        with app.app_context():
            begin_write()
            assert [each.id for each, _ in notice_queries.notices_due(now, 10)] == [notice.id]
            db.session.rollback()
        notice.mail_due_at = None
        save(notice)
        assert is_letter_due("daily", then, now, "UTC") == (shift > DAY or shift < -DAY)
    # A letter that was written ten minutes from now is followed by that of tomorrow.
    assert is_letter_due("daily", now + 10 * MINUTE, now + DAY + 20 * MINUTE, "UTC")


@pytest.mark.databases("sqlite")
def test_returned_words_are_deleted_whatever_the_clock_did(app, save, alice):
    """A reply that waits to go back is kept for a week, and for no more than that if a clock ran ahead.

    A mail that was taken in the future is known for longer, which does no harm.
    """
    for shift, stays in ((timedelta(), True), (-8 * DAY, False), (8 * DAY, False), (FAR_AHEAD, False)):
        then = utcnow() + shift
        row = save(ReturnedReply(member_id=alice.id, why="", words="Mine.", created_at=then))
        taken = save(TakenMail(key=str(shift), taken_at=then))
        with app.app_context():
            begin_write()
            mailbox.delete_returned(utcnow())
            mailbox.forget_taken(utcnow())
            db.session.commit()
            assert (db.session.get(ReturnedReply, row.id) is not None) == stays
            assert db.session.get(TakenMail, taken.key) is not None


# The table


def is_between(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".between")


def comparisons(path, source):
    for node in ast.walk(ast.parse(source)):
        if (isinstance(node, ast.Compare | ast.BinOp) or is_between(node)) and PRESENT.search(
            ast.unparse(node)
        ):
            for leaf in ast.walk(node):
                name = leaf.attr if isinstance(leaf, ast.Attribute) else getattr(leaf, "id", "")
                if name.endswith(("_at", "_until")):
                    yield path, name


def test_every_comparison_with_the_present_stands_in_the_table():
    root = Path(bookclub.__file__).parent
    found = set()
    for file in root.rglob("*.py"):
        source = file.read_text("utf-8")
        if re.search(r"(_at|_until)\b", source) and PRESENT.search(source) and "demo" not in file.parts:
            found.update(comparisons(str(file.relative_to(root)), source))

    assert found == set(COMPARED)
    decided = {"the clock decides", "a monotonic clock"}
    assert set(COMPARED.values()) - decided <= set(globals())


@pytest.mark.parametrize("jump", [*BEHIND.values(), *AHEAD.values()])
def test_a_bookmark_moves_after_a_jump_of_the_clock(jump):
    now = utcnow()

    assert is_bookmark_due(now + jump, now, is_continued=False, mark_rises=False)
    assert not is_bookmark_due(now, now, is_continued=False, mark_rises=False)


@pytest.mark.parametrize("jump", [-YEAR, NEVER_SET, FAR_AHEAD])
def test_a_member_who_joined_in_another_time_is_no_newcomer_for_ever(jump):
    now = utcnow()

    assert not is_newcomer(now + jump, now, has_readings=False)
    assert is_newcomer(now, now, has_readings=False)
