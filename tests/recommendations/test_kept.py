"""What a process remembers of a large catalogue: never longer than it is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bookclub.books.models import Book, BookAuthor, BookEdit
from bookclub.extensions import begin_write, db, utcnow
from bookclub.readings.models import Reading
from bookclub.recommendations.models import NeighbourPack
from bookclub.recommendations.queries import described, kept
from bookclub.recommendations.queries.stock import PackSource, state_of_stock
from tests.factories import make_author, make_book, make_member, make_reading


def edit(app, book):
    """Somebody says of which series a book is a part."""
    with app.app_context():
        begin_write()
        row = db.session.get_one(Book, book.id)
        row.series = "Earthsea"
        db.session.add(BookEdit(book_id=row.id, member_id=1, changes={"series": ["", "Earthsea"]}))
        db.session.commit()


def known_of(app, *books):
    """What is kept in memory, once it was asked for these books, their authors and their readers."""
    ids = [book.id for book in books]
    with app.app_context():
        known = kept.kept(state_of_stock())
        authors = {one for each in described.described(ids, known).values() for one in each.authors[:, 1]}
        described.works_of([int(author) for author in authors], known)
        described.readers_of(ids, known)
        return known


def test_of_a_book_that_is_edited_all_is_forgotten_and_of_others_nothing(app, titles):
    emma, clay = titles["Emma"], titles["Clay"]
    before = known_of(app, emma, clay)
    assert before.books[clay.id].listing.series is None
    assert known_of(app, emma, clay) is before

    edit(app, clay)
    after = known_of(app, emma)
    assert set(after.books) == {emma.id}
    assert after.books[emma.id] is before.books[emma.id]
    assert set(after.by_author) == set(after.books[emma.id].authors[:, 1].tolist())

    again = known_of(app, emma, clay)
    assert again.series.names[again.books[clay.id].listing.series] == "Earthsea"
    assert any(work.book == clay.id and work.series for each in again.by_author.values() for work in each)


def test_a_new_book_is_known_as_one_of_its_authors(app, save, ishiguro, titles):
    before = known_of(app, titles["Clay"])
    new = save(make_book("Klara and the Sun", author=ishiguro))

    after = known_of(app, titles["Clay"])
    assert new.id not in {work.book for work in before.by_author[ishiguro.id]}
    assert new.id in {work.book for work in after.by_author[ishiguro.id]}
    assert after.books[titles["Clay"].id] is before.books[titles["Clay"].id]


def test_a_book_by_somebody_else_after_all_is_no_longer_one_of_the_first_author_s(
    app, save, ishiguro, titles
):
    clay, other = titles["Clay"], save(make_author("Somebody else"))
    assert clay.id in {work.book for work in known_of(app, clay).by_author[ishiguro.id]}
    with app.app_context():
        begin_write()
        written = db.session.get_one(BookAuthor, (clay.id, ishiguro.id))
        written.author_id = other.id
        db.session.add(BookEdit(book_id=clay.id, member_id=1, changes={"authors": ["", ""]}))
        db.session.commit()

    assert clay.id in {work.book for work in known_of(app, clay).by_author[other.id]}
    with app.app_context():
        theirs = described.works_of([ishiguro.id], kept.kept(state_of_stock()))[ishiguro.id]
    assert clay.id not in {work.book for work in theirs}


def test_how_many_have_read_a_book_is_counted_anew_once_one_of_them_lets_nobody_see_it(app, alice, titles):
    emma, dune = titles["Emma"], titles["Dune"]
    before = known_of(app, emma, dune)
    with app.app_context():
        begin_write()
        own = select(Reading).where(Reading.member_id == alice.id, Reading.book_id == emma.id)
        reading = db.session.execute(own).scalar_one()
        reading.is_private, reading.changed_at = True, utcnow()
        db.session.commit()

    with app.app_context():
        after = kept.kept(state_of_stock())
    assert (before.readers[emma.id], emma.id in after.readers) == (1, False)
    assert known_of(app, emma).readers[emma.id] == 0
    assert after.books is before.books, "nothing was said of the books"


def test_where_somebody_left_all_readers_are_counted_anew(app, alice, titles):
    before = known_of(app, titles["Dune"])
    with app.app_context():
        begin_write()
        db.session.get_one(type(alice), alice.id).removed_at = utcnow()
        db.session.commit()
        assert kept.kept(state_of_stock()).readers == {}
    assert before.readers


def test_with_another_pack_everything_is_forgotten(app, titles):
    known_of(app, titles["Emma"])
    with app.app_context():
        begin_write()
        db.session.add(NeighbourPack(source="Numbers", licence="CC0", readers=9))
        db.session.commit()
        after = kept.kept(state_of_stock())
    assert (after.books, after.by_author, after.readers) == ({}, {}, {})
    assert after.pack == PackSource("Numbers", "CC0")


def test_a_request_that_began_before_a_change_does_not_see_what_came_after(app, titles):
    with app.app_context():
        state = state_of_stock()
    edit(app, titles["Clay"])
    after = known_of(app, titles["Clay"])
    with app.app_context():
        earlier = kept.kept(state)
    assert titles["Clay"].id not in earlier.books
    assert titles["Clay"].id in after.books


def test_how_common_tags_are_is_forgotten_every_hour(app, titles, monkeypatch):
    with app.app_context():
        known = kept.kept(state_of_stock())
        described.tag_spread([1, 2], known)
        monkeypatch.setattr(kept, "utcnow", lambda: utcnow() + timedelta(hours=1))
        later = kept.kept(state_of_stock())
    assert (set(known.spread), later.spread) == ({1, 2}, {})
    assert later.books is known.books


def test_only_so_much_is_kept_of_books(app, titles, monkeypatch):
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    for title in ("Emma", "Clay", "Secret"):
        known = known_of(app, titles[title])
        assert titles[title].id in known.books

    assert set(known.books) == {titles["Secret"].id}
    assert len(known_of(app, titles["Emma"], titles["Secret"]).books) == 2


def test_after_more_edits_than_can_be_told_everything_is_forgotten(app, titles, monkeypatch):
    """However often one of them was edited meanwhile: that must not hide the others."""
    clay, secret = titles["Clay"], titles["Secret"]
    before = known_of(app, clay, secret)
    monkeypatch.setattr(kept, "_EDITED", kept._EDITED.limit(2))
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    for book in (clay, clay, secret):
        edit(app, book)
    with app.app_context():
        assert kept.kept(state_of_stock()).books == {}
    assert set(before.books) == {clay.id, secret.id}


def test_after_more_readings_than_can_be_told_the_readers_of_every_book_are_counted_anew(
    app, save, titles, monkeypatch
):
    """The same of readings: many of one book must not hide one of another."""
    clay, secret = titles["Clay"], titles["Secret"]
    before = known_of(app, clay, secret)
    # The last reading there is, and these two books.
    monkeypatch.setattr(kept, "LATE_COMMIT", timedelta())
    monkeypatch.setattr(kept, "_READ", kept._READ.limit(3))
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    for book in (clay, clay, secret):
        save(make_reading(save(make_member()), book))
    with app.app_context():
        assert kept.kept(state_of_stock()).readers == {}
    assert set(before.readers) == {clay.id, secret.id}


def test_what_another_thread_forgets_meanwhile_is_asked_for_anew(app, titles):
    class Forgetful(dict):
        """As if another thread had cleared it between any two looks."""

        def __contains__(self, key):
            found = super().__contains__(key)
            self.clear()
            return found

    with app.app_context():
        emma = titles["Emma"].id
        known = replace(kept.kept(state_of_stock()), books=Forgetful(), in_pack=Forgetful())
        for _ in range(2):
            assert [book.listing.book for book in described.described([emma], known).values()] == [emma]
            assert described.pack_neighbours([emma], known).shape == (0, 3)


def test_a_book_that_is_not_in_the_catalogue_is_not_described(app, titles):
    with app.app_context():
        found = described.described([titles["Emma"].id, 10**6], kept.kept(state_of_stock()))
    assert set(found) == {titles["Emma"].id}


@pytest.mark.databases("sqlite")
def test_what_has_changed_is_found_without_going_through_everything(app, titles):
    with app.app_context():
        for statement, named in (
            (kept._READ, {"since": utcnow(), "last": 7}),
            (kept._EDITED, {"book": 7, "edit": 7, "edition": 7}),
        ):
            told = str(statement.compile(db.engine, compile_kwargs={"render_postcompile": True}))
            plan = db.session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {told}", (7,) * told.count("?")
            )
            steps = [row[3] for row in plan]
            assert steps, named
            assert not [step for step in steps if step.startswith("SCAN")], steps
