"""Stored neighbours: what jobs count equals a recount, and a large catalogue is answered from them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import Job, enqueue, work_off
from bookclub.readings.actions import record
from bookclub.recommendations.actions import neighbours
from bookclub.recommendations.queries import described, stored
from bookclub.recommendations.queries.evidence import shelf_of
from bookclub.recommendations.queries.stock import state_of_stock
from bookclub.recommendations.queries.suggestions import picks_for, suggestions_for
from bookclub.recommendations.rules import plain
from tests.factories import make_book, make_endorsement, make_member, make_reading, make_tag

RECOUNT = """
    SELECT one.book_id, two.book_id, count(*) FROM reading one
    JOIN reading two ON two.member_id = one.member_id AND two.book_id <> one.book_id
    WHERE one.status = 'finished' AND NOT one.is_private AND two.status = 'finished' AND NOT two.is_private
    GROUP BY one.book_id, two.book_id ORDER BY 1, 2
"""
STORED = "SELECT book_id, other_id, together FROM neighbour ORDER BY 1, 2"


@pytest.fixture
def club(save, alice, bob, ishiguro, never, remains):
    """Alice loved three books; others have read them, and more, some of it in private."""
    memory, narrator = (save(make_tag(name)) for name in ("memory", "unreliable narrator"))
    books = [never, remains]
    for title in ("Emma", "Dune", "Clay", "Secret"):
        author = ishiguro if title == "Clay" else None
        books.append(save(make_book(title, author=author, tags=(memory, narrator))))
    books += [
        save(make_book(f"Filler {number}", tags=(save(make_tag(f"f{number}")),))) for number in range(9)
    ]
    never, remains, emma, dune, clay, secret, *fillers = books
    members = [save(make_member(f"reader{number}")) for number in range(6)]
    rows = [make_reading(alice, book, status="finished", rating=9) for book in (emma, dune, never)]
    for at, member in enumerate(members):
        rows += [
            make_reading(member, book, status="finished") for book in (never, remains, dune)[: 2 + at % 2]
        ]
        rows.append(make_reading(member, secret, status="finished", is_private=True))
        rows.append(make_reading(member, fillers[at], status=("finished", "did_not_finish")[at % 2]))
    save(*rows)
    save(make_endorsement(bob, never, clay, "The same ache."))
    return {book.title: book for book in books}


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


def test_a_nights_work_counts_what_a_recount_does_and_goes_on_the_next_night(app, club, monkeypatch):
    monkeypatch.setattr(neighbours, "BOOKS_AT_ONCE", 2)
    every_night(app)

    found = look(app, STORED)
    assert found == look(app, RECOUNT)
    assert len(found) > 8
    secret = club["Secret"].id
    assert not [row for row in found if secret in row[:2]], "nobody has finished it in public"
    with app.app_context():
        (waiting,) = db.session.execute(select(Job)).scalars()
    assert waiting.kind == "all neighbours"
    assert timedelta() < waiting.due_at - utcnow() <= timedelta(days=1)


def test_what_a_member_records_is_counted_by_a_job_there_and_back(app, save, bob, club):
    every_night(app)
    with app.app_context():
        begin_write()
        for title in ("Emma", "Clay"):
            record(bob.id, db.session.get_one(type(club[title]), club[title].id), utcnow(), status="finished")
        db.session.commit()
    assert look(app, STORED) != look(app, RECOUNT)
    assert work_off(app, utcnow()) == 2
    assert look(app, STORED) == look(app, RECOUNT)

    with app.app_context():
        begin_write()
        book = db.session.get_one(type(club["Clay"]), club["Clay"].id)
        record(bob.id, book, utcnow(), changes={"is_private": True})
        db.session.commit()
    assert work_off(app, utcnow()) == 1
    assert look(app, STORED) == look(app, RECOUNT)
    assert not [row for row in look(app, STORED) if club["Clay"].id in row[:2]]


def test_where_somebody_merely_reads_on_nothing_is_counted(app, bob, club):
    with app.app_context():
        begin_write()
        book = db.session.get_one(type(club["Clay"]), club["Clay"].id)
        record(bob.id, book, utcnow(), status="reading", position=100)
        db.session.commit()
    assert work_off(app, utcnow() + timedelta(hours=1)) == 0


def test_a_book_keeps_those_that_share_the_most_with_it(app, bob, club, monkeypatch):
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
            record(bob.id, db.session.get_one(type(club[title]), club[title].id), utcnow(), status="finished")
        db.session.commit()
    work_off(app, utcnow())
    found = look(app, STORED)
    assert max(Counter(row[0] for row in found).values()) == 2
    assert set(found) <= set(look(app, RECOUNT))


@pytest.mark.parametrize("is_by_author", [True, False])
def test_a_large_catalogue_gives_the_same_reasons(app, alice, ishiguro, club, monkeypatch, is_by_author):
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
    kept = reasons()

    assert any("also finished this" in reason for reason in kept["The Remains of the Day"])
    assert any("recommends it" in reason for reason in kept["Clay"])
    assert {title: kept[title] for title in kept if title != "Secret"} == {
        title: live[title] for title in live if title != "Secret"
    }
    assert not [reason for reason in kept.get("Secret", ()) if "finished" in reason]


def test_a_large_catalogue_has_choices_for_the_club(app, visit, alice, bob, club, monkeypatch):
    every_night(app)
    monkeypatch.setattr(stored, "LIVE", 0)

    with app.app_context():
        picks = picks_for([alice.id, bob.id])
    assert len(picks) == 3
    page = visit(alice).get("/recommendations/club?with=alice&with=bob").text
    assert all(pick.book.title in page for pick in picks)


def test_what_is_kept_of_books_is_forgotten_with_the_catalogue_and_by_the_hour(app, save, club, monkeypatch):
    with app.app_context():
        state = state_of_stock()
        known = described.kept(state)
        (emma,) = described.described([club["Emma"].id, 10**6], known)
        assert emma.listed.id == club["Emma"].id
        assert set(known.books) == {club["Emma"].id}
        assert described.described([club["Emma"].id], known) == [emma]
        assert described.kept(state) is known

        monkeypatch.setattr(described, "utcnow", lambda: utcnow() + timedelta(hours=1))
        later = described.kept(state)
        assert later is not known

    save(make_book("A new one"))
    with app.app_context():
        assert described.kept(state_of_stock()) is not later


def test_only_so_much_is_kept_of_books(app, club, monkeypatch):
    monkeypatch.setattr(described, "BOOKS_KEPT", 2)
    with app.app_context():
        known = described.kept(state_of_stock())
        for title in ("Emma", "Clay", "Secret"):
            assert len(described.described([club[title].id], known)) == 1

        assert set(known.books) == {club["Secret"].id}
        assert len(described.described([club[title].id for title in ("Emma", "Secret")], known)) == 2


def test_what_another_thread_forgets_meanwhile_is_asked_for_anew(app, club):
    class Forgetful(dict):
        """As if another thread had cleared it between any two looks."""

        def __contains__(self, key):
            found = super().__contains__(key)
            self.clear()
            return found

    with app.app_context():
        known = described.kept(state_of_stock())
        emma = club["Emma"].id
        known.books, known.in_pack = Forgetful(known.books), Forgetful(known.in_pack)
        for _ in range(2):
            assert [book.listed.id for book in described.described([emma], known)] == [emma]
            assert described.pack_neighbours([emma], known).shape == (0, 3)


def test_how_common_a_tag_is_is_known_of_the_whole_catalogue(app, alice, ishiguro, club):
    every_night(app)
    with app.app_context():
        found = stored.around([shelf_of(alice.id)], ishiguro.id, state_of_stock()).library

    assert club["Secret"].id not in found.ids.tolist()
    # Emma, Dune and Clay are here, and Secret carries both tags, too.
    assert found.carriers.tolist() == [4.0, 4.0]
