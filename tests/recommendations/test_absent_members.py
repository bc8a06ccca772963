"""Members who are suspended or gone: what they read and advise counts for nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.archive import departures
from bookclub.asks.models import AnswerEndorsement
from bookclub.books.models import Book
from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import Job, run_due_jobs
from bookclub.lib.text.emphasis import plain_text
from bookclub.members.models import Member
from bookclub.readings.models import Reading
from bookclub.recommendations.suggestions import suggestions_for
from tests.factories import make_member, make_reading


@pytest.fixture
def carol(save):
    return save(make_member("carol"))


@pytest.fixture
def do(app):
    """``do(departures.suspend, member)`` does it, and the jobs that follow at once."""

    def do(deed, member, *arguments):
        with app.app_context():
            begin_write()
            deed(db.session.get_one(Member, member.id), *arguments)
            db.session.commit()
        while run_due_jobs(app, utcnow()):
            pass

    return do


@pytest.fixture
def reasons(app, alice, titles):
    """``reasons(title)`` is why Alice could read a book next."""

    def reasons(title):
        with app.app_context():
            found = suggestions_for(alice.id).entries
            told = [
                plain_text(reason) for entry in found if entry.book.title == title for reason in entry.reasons
            ]
        return " / ".join(told)

    return reasons


def test_what_a_suspended_member_advises_is_no_reason(do, reasons, bob):
    assert "Bob recommends it" in reasons("Clay")

    do(departures.suspend, bob)
    assert "recommends it" not in reasons("Clay")
    do(departures.lift_suspension, bob)
    assert "Bob recommends it" in reasons("Clay")
    do(departures.leave, bob, utcnow())
    assert "recommends it" not in reasons("Clay")


def test_a_suspended_reader_is_in_no_reason(app, do, reasons):
    (reader,) = reading_members(app)[:1]
    assert "6 of the 7 members" in reasons("The Remains of the Day")

    do(departures.suspend, reader)
    assert "5 of the 6 members" in reasons("The Remains of the Day")
    do(departures.lift_suspension, reader)
    assert "6 of the 7 members" in reasons("The Remains of the Day")
    do(departures.leave, reader, utcnow())
    assert "5 of the 6 members" in reasons("The Remains of the Day")


def reading_members(app):
    with app.app_context():
        return db.session.scalars(select(Member).where(Member.username.startswith("reader"))).all()


def test_a_rating_saved_during_a_suspension_is_corrected(app, save, bob, do, titles):
    clay = titles["Clay"]
    do(departures.suspend, bob)
    # The request began before the suspension, and ended after it.
    save(make_reading(bob, clay, status="finished", rating=2))
    with app.app_context():
        begin_write()
        db.session.get_one(Book, clay.id).count_rating(None, 2)
        db.session.commit()

    run_due_jobs(app, utcnow() + 2 * departures.RECOUNT_DELAY)

    with app.app_context():
        assert (db.session.get_one(Book, clay.id).rating_sum, len(jobs_left())) == (0, 0)


def jobs_left():
    return db.session.scalars(select(Job).where(Job.kind == "counters")).all()


@pytest.mark.databases("sqlite", "postgresql")
def test_a_member_removed_while_suspended_is_not_taken_out_twice(app, save, bob, carol, do, titles):
    clay = titles["Clay"]
    for member, rating in ((bob, 2), (carol, 8)):
        save(make_reading(member, clay, status="finished", rating=rating))
    do(departures.lift_suspension, bob)
    assert sums(app, clay) == (2, 10)

    do(departures.suspend, bob)
    do(departures.suspend, bob)
    assert sums(app, clay) == (1, 8)
    do(departures.leave, bob, utcnow())
    assert sums(app, clay) == (1, 8)
    with app.app_context():
        assert db.session.scalars(select(Reading).where(Reading.member_id == bob.id)).all() == []


def sums(app, book):
    with app.app_context():
        found = db.session.get_one(Book, book.id)
        return found.rating_count, found.rating_sum


def test_only_present_members_endorse_an_answer(visit, save, alice, bob, carol, do, proposed, olive):
    save(*(AnswerEndorsement(answer_id=proposed.id, member_id=member.id) for member in (carol, olive)))

    def page():
        return visit(alice).get(f"/asks/{proposed.ask_id}").text

    assert "Carol and Olive agree" in page()
    do(departures.suspend, carol)
    assert "Olive agrees" in page()
    do(departures.lift_suspension, carol)
    assert "Carol and Olive agree" in page()
    do(departures.leave, carol, utcnow())
    assert "Olive agrees" in page()
