"""Stored neighbours: what jobs count equals a recount, and a large catalogue is answered from them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bookclub.books.models import Book
from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import Job, enqueue, work_off
from bookclub.readings.actions import record
from bookclub.recommendations.actions import neighbours
from bookclub.recommendations.queries import stored
from bookclub.recommendations.queries.evidence import Shelf, shelf_of
from bookclub.recommendations.queries.picks import picks_for
from bookclub.recommendations.queries.scores import scored_for
from bookclub.recommendations.queries.stock import state_of_stock
from bookclub.recommendations.queries.suggestions import suggestions_for
from bookclub.recommendations.rules import Read, plain
from tests.factories import make_book, make_endorsement, make_reading

RECOUNT = """
    SELECT one.book_id, two.book_id, count(*) FROM reading one
    JOIN reading two ON two.member_id = one.member_id AND two.book_id <> one.book_id
    WHERE one.status = 'finished' AND NOT one.is_private AND two.status = 'finished' AND NOT two.is_private
    GROUP BY one.book_id, two.book_id ORDER BY 1, 2
"""
STORED = "SELECT book_id, other_id, together FROM neighbour ORDER BY 1, 2"


def look(app, statement):
    with app.app_context():
        return [tuple(row) for row in db.session.execute(text(statement))]


def every_night(app):
    """The night's work, to its end."""
    with app.app_context():
        begin_write()
        enqueue("all neighbours", key="all neighbours")
        db.session.commit()
    for _ in range(20):
        if not work_off(app, utcnow()):
            return
    raise AssertionError("the night does not end")


def test_a_nights_work_counts_what_a_recount_does_and_goes_on_the_next_night(app, titles, monkeypatch):
    monkeypatch.setattr(neighbours, "BOOKS_AT_ONCE", 2)
    every_night(app)

    found = look(app, STORED)
    assert found == look(app, RECOUNT)
    assert len(found) > 8
    secret = titles["Secret"].id
    assert not [row for row in found if secret in row[:2]], "nobody has finished it in public"
    with app.app_context():
        (waiting,) = db.session.execute(select(Job)).scalars()
    assert waiting.kind == "all neighbours"
    assert timedelta() < waiting.due_at - utcnow() <= timedelta(days=1)


def test_what_a_member_records_is_counted_by_a_job_there_and_back(app, save, bob, titles):
    every_night(app)
    with app.app_context():
        begin_write()
        for title in ("Emma", "Clay"):
            record(
                bob.id,
                db.session.get_one(type(titles[title]), titles[title].id),
                utcnow(),
                status="finished",
            )
        db.session.commit()
    assert look(app, STORED) != look(app, RECOUNT)
    assert work_off(app, utcnow()) == 2
    assert look(app, STORED) == look(app, RECOUNT)

    with app.app_context():
        begin_write()
        book = db.session.get_one(type(titles["Clay"]), titles["Clay"].id)
        record(bob.id, book, utcnow(), changes={"is_private": True})
        db.session.commit()
    assert work_off(app, utcnow()) == 1
    assert look(app, STORED) == look(app, RECOUNT)
    assert not [row for row in look(app, STORED) if titles["Clay"].id in row[:2]]


def test_where_somebody_merely_reads_on_nothing_is_counted(app, bob, titles):
    with app.app_context():
        begin_write()
        book = db.session.get_one(type(titles["Clay"]), titles["Clay"].id)
        record(bob.id, book, utcnow(), status="reading", position=100)
        db.session.commit()
    assert work_off(app, utcnow() + timedelta(hours=1)) == 0


def test_a_book_keeps_those_that_share_the_most_with_it(app, bob, titles, monkeypatch):
    monkeypatch.setattr(neighbours, "MOST", 2)

    def nearest():
        found = {}
        for book, other, together in sorted(look(app, RECOUNT), key=lambda row: (row[0], -row[2], row[1])):
            found.setdefault(book, []).append((book, other, together))
        return sorted(row for rows in found.values() for row in rows[:2])

    every_night(app)
    assert look(app, STORED) == nearest()

    with app.app_context():
        begin_write()
        for title in ("Never Let Me Go", "Emma"):
            record(
                bob.id,
                db.session.get_one(type(titles[title]), titles[title].id),
                utcnow(),
                status="finished",
            )
        db.session.commit()
    work_off(app, utcnow())
    found = look(app, STORED)
    assert max(Counter(row[0] for row in found).values()) == 2
    assert set(found) <= set(look(app, RECOUNT))


@pytest.mark.parametrize("is_by_author", [True, False])
def test_a_large_catalogue_gives_the_same_reasons(app, alice, ishiguro, titles, monkeypatch, is_by_author):
    author = ishiguro.id if is_by_author else None

    def reasons():
        with app.app_context():
            found = suggestions_for(alice.id, author)
            return {
                entry.book.title: {plain(reason) for reason in entry.reasons}
                for entry in found.entries
                if not entry.book.title.startswith("Filler")
            }

    live = reasons()
    every_night(app)
    monkeypatch.setattr(stored, "LIVE", 0)
    with app.app_context():
        assert not stored.is_live(state_of_stock())
    from_stored = reasons()

    assert any("also finished this" in reason for reason in from_stored["The Remains of the Day"])
    assert any("recommends it" in reason for reason in from_stored["Clay"])
    assert {title: from_stored[title] for title in from_stored if title != "Secret"} == {
        title: live[title] for title in live if title != "Secret"
    }
    assert not [reason for reason in from_stored.get("Secret", ()) if "finished" in reason]


def test_a_large_catalogue_has_choices_for_the_club(app, visit, alice, bob, titles, monkeypatch):
    every_night(app)
    monkeypatch.setattr(stored, "LIVE", 0)

    with app.app_context():
        picks = picks_for([alice.id, bob.id])
    assert len(picks) == 3
    page = visit(alice).get("/recommendations/club?with=alice&with=bob").text
    assert all(pick.book.title in page for pick in picks)


def test_how_common_a_tag_is_is_known_of_the_whole_catalogue(app, alice, ishiguro, titles):
    every_night(app)
    with app.app_context():
        shelves = {alice.id: shelf_of(alice.id)}
        found = stored.around(shelves, {alice.id: []}, ishiguro.id, state_of_stock()).library

    assert titles["Secret"].id not in found.ids.tolist()
    # Emma, Dune and Clay are here, and Secret carries both tags, too.
    assert found.carriers.tolist() == [4.0, 4.0]


def test_the_next_of_a_series_comes_before_what_else_is_by_its_author(app, save, alice, ishiguro, titles):
    part = save(make_book("Part one", author=ishiguro))
    second = save(make_book("Part two", author=ishiguro))
    with app.app_context():
        begin_write()
        for number, book in enumerate((part, second), 1):
            row = db.session.get_one(Book, book.id)
            row.series, row.series_number = "Parts", number
        for number in range(stored.BY_AUTHORS + 2):
            author = db.session.get_one(type(ishiguro), ishiguro.id)
            known = make_book(f"Better known {number}", author=author)
            known.known_readers = 10**6
            db.session.add(known)
        db.session.commit()
    save(make_reading(alice, part, status="finished", rating=10))

    with app.app_context():
        shelves = {alice.id: shelf_of(alice.id)}
        found = stored.around(shelves, {alice.id: []}, None, state_of_stock()).library
    assert second.id in found.ids.tolist()


def test_ones_own_readings_do_not_count_in_a_large_catalogue_either(app, alice, titles, monkeypatch):
    """Emma is Alice's alone; of the other books as many others are counted as live."""

    def readers():
        with app.app_context():
            found = scored_for(alice.id, shelf_of(alice.id), None)
            totals = found.evidence.club.totals.tolist()
            return dict(zip(found.stock.library.ids.tolist(), totals, strict=True))

    live = readers()
    every_night(app)
    monkeypatch.setattr(stored, "LIVE", 0)
    from_stored = readers()
    assert from_stored[titles["Emma"].id] == 0
    assert from_stored[titles["Never Let Me Go"].id] == 6
    assert from_stored.items() <= live.items()


def test_what_is_recommended_and_read_already_takes_no_place(app, save, alice, bob, titles, monkeypatch):
    monkeypatch.setattr(stored, "RECOMMENDED", 1)
    # Bob has said Clay before; Alice has read what he says now.
    save(make_endorsement(bob, titles["Never Let Me Go"], titles["Dune"], "Another desert."))
    monkeypatch.setattr(stored, "LIVE", 0)
    monkeypatch.setattr(stored, "BY_AUTHORS", 0)
    with app.app_context():
        found = scored_for(alice.id, shelf_of(alice.id), None).stock.library.ids.tolist()
    assert titles["Clay"].id in found


def test_a_shelf_that_is_newer_than_what_was_counted_makes_no_number_less_than_none(app, alice, titles):
    shelf = Shelf((Read(titles["Secret"].id),), frozenset(), told=frozenset({titles["Secret"].id}))
    with app.app_context():
        around = stored.around({alice.id: shelf}, {alice.id: []}, None, state_of_stock())
        totals = stored.evidence_for(around, [], alice.id, shelf).totals
    assert totals.min() == 0
