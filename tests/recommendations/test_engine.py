"""The arrays of the books that matter: what is in them, and what is true while they are behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from bookclub.books.models import Book, BookAuthor, BookEdit, BookTag
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.text.emphasis import plain_text
from bookclub.members.models import Member
from bookclub.readings.models import Reading
from bookclub.recommendations import cache_queries, catalogue_queries, rebuilds
from bookclub.recommendations.models import NeighbourPack, PackNeighbour, PackReadership
from bookclub.recommendations.picks import picks_for
from bookclub.recommendations.queries import shelf_of
from bookclub.recommendations.scores import scored_for
from bookclub.recommendations.suggestions import suggestions_for
from tests.factories import make_author, make_book, make_endorsement, make_member, make_reading


@pytest.fixture
def large(monkeypatch):
    """A catalogue of more than two books is a large one, and there is room for six more than are read."""
    monkeypatch.setattr(catalogue_queries, "MOST", 2)
    monkeypatch.setattr(catalogue_queries, "ROOM", 6)


@pytest.fixture
def change(app):
    """``change(deed)`` does it in a transaction of its own."""

    def change(deed, *arguments, **named):
        with app.app_context():
            begin_write()
            deed(*arguments, **named)
            db.session.commit()

    return change


@pytest.fixture
def known(app):
    """``known()`` are the titles in the arrays, and ``known(open_only=True)`` those open to everybody."""

    def known(open_only=False):
        with app.app_context():
            now = cache_queries.stock(cache_queries.state_of_stock())
            ids = now.library.ids[now.is_open] if open_only else now.library.ids
            return set(db.session.scalars(select(Book.title).where(Book.id.in_(ids.tolist()))))

    return known


@pytest.fixture
def proposed(app):
    """``proposed(member)`` are all titles that they could be recommended, in no order."""

    def proposed(member, author=None):
        with app.app_context():
            found = scored_for(member.id, shelf_of(member.id), author and author.id)
            return set(db.session.scalars(select(Book.title).where(Book.id.in_(found.scored.books.tolist()))))

    return proposed


@pytest.fixture
def reasons(app):
    """``reasons(member)`` is why they could read each book, by title."""

    def reasons(member, author=None):
        with app.app_context():
            found = suggestions_for(member.id, author and author.id)
            return {each.book.title: " / ".join(map(plain_text, each.reasons)) for each in found.entries}

    return reasons


def edit(book, **columns):
    row = db.session.get_one(Book, book.id)
    for name, value in columns.items():
        setattr(row, name, value)
    db.session.add(BookEdit(book_id=book.id, member_id=1, changes={}))


def keep_private(member, book, is_private=True):
    own = select(Reading).where(Reading.member_id == member.id, Reading.book_id == book.id)
    reading = db.session.execute(own).scalar_one()
    reading.is_private, reading.changed_at = is_private, utcnow()


# Which books matter


@pytest.mark.databases("sqlite", "postgresql")
def test_a_catalogue_that_is_not_large_is_there_whole(known, titles):
    assert known() == known(open_only=True) == set(titles)


@pytest.mark.databases("sqlite", "postgresql")
def test_of_a_large_one_there_is_what_somebody_has_read_and_what_goes_with_it(
    large, app, save, known, titles, ishiguro
):
    klara = save(make_book("Klara and the Sun", author=ishiguro))
    part = save(make_book("Dune Messiah", series="Dune", series_number=2, author=save(make_author("X"))))
    save(make_book("Unread", author=save(make_author("Nobody"))))
    with app.app_context():
        begin_write()
        edit(titles["Dune"], series="Dune", series_number=1)
        db.session.commit()

    found = known(open_only=True)

    read = {"Never Let Me Go", "The Remains of the Day", "Emma", "Dune"}
    assert read < found
    assert "Clay" in found, "a member recommends it"
    assert {klara.title, part.title} < found, "by an author of theirs, and of a series of theirs"
    assert {f"Filler {number}" for number in (0, 2, 4)} < found
    assert len(found) < len(titles) + 3, "there is no room for all"


def test_what_the_pack_has_matters_too(large, save, known, titles):
    unread = save(make_book("Zuleika", author=save(make_author("Max"))))
    assert unread.title not in known(open_only=True)

    save(NeighbourPack(source="Numbers", licence="CC0", readers=9))
    save(PackReadership(book_id=unread.id, readers=5))

    assert unread.title in known(open_only=True)


def test_the_best_known_books_fill_what_room_is_left(large, save, change, known, titles, monkeypatch):
    monkeypatch.setattr(catalogue_queries, "MOST", 12)
    change(edit, titles["Filler 7"], known_readers=900)
    change(edit, titles["Filler 8"], known_readers=800)

    found = known(open_only=True)

    assert {"Filler 7", "Filler 8"} < found
    assert len(found) < len(titles)


def test_what_was_read_in_private_is_open_to_its_reader_alone(
    large, save, alice, bob, known, proposed, titles
):
    """Nobody else may learn from what they are proposed that somebody has read it."""
    writer = save(make_author("A writer nobody names"))
    hidden = save(make_book("Hidden", author=writer, series="Hidden parts", series_number=1))
    save(make_book("By the same", author=writer))
    save(make_book("Part two", author=save(make_author("Another")), series="Hidden parts", series_number=2))
    save(make_reading(bob, hidden, status="finished", is_private=True))
    near = {"By the same", "Part two"}

    assert {"Hidden", *near} < known()
    assert not {"Hidden", *near} & known(open_only=True)
    assert near < proposed(bob)
    assert not {"Hidden", *near} & proposed(alice)


def test_what_was_given_up_is_in_the_taste_of_its_reader(large, app, save, bob, titles):
    book = save(make_book("Given up", author=save(make_author("Somebody"))))
    save(make_reading(bob, book, status="did_not_finish"))

    with app.app_context():
        found = scored_for(bob.id, shelf_of(bob.id), None)
    assert [read.book for read in found.taste.reads] == [book.id]


def test_a_book_that_is_read_for_the_first_time_matters_from_then_on(large, save, alice, known, titles):
    assert "Filler 8" not in known()

    save(make_reading(alice, titles["Filler 8"], status="finished"))

    assert "Filler 8" not in known(), "readings alone rebuild nothing"


def test_it_is_looked_for_once_its_reader_asks(large, app, save, alice, known, titles):
    known()
    save(make_reading(alice, titles["Filler 8"], status="finished"))

    with app.app_context():
        found = scored_for(alice.id, shelf_of(alice.id), None)

    assert titles["Filler 8"].id in {read.book for read in found.taste.reads}
    assert "Filler 8" in known()


def test_an_authors_books_are_all_there_whether_or_not_they_matter(large, save, alice, known, proposed):
    author = save(make_author("Unread Author"))
    books = {save(make_book(f"Unread {number}", author=author)).title for number in range(9)}
    assert not books <= known()

    assert proposed(alice, author) == books


def test_a_large_catalogue_gives_the_same_reasons(app, alice, ishiguro, titles, reasons, monkeypatch):
    whole = {author: reasons(alice, author) for author in (None, ishiguro)}
    monkeypatch.setattr(catalogue_queries, "MOST", 2)
    monkeypatch.setattr(catalogue_queries, "ROOM", 2)
    cache_queries._STOCKS.clear()

    for author, before in whole.items():
        now = reasons(alice, author)
        assert "also finished this" in now["The Remains of the Day"]
        assert "recommends it" in now["Clay"]
        shared = now.keys() & before.keys()
        told = {title: now[title].split(" / ") for title in shared if title != "Secret"}
        assert all(set(each) <= set(before[title].split(" / ")) for title, each in told.items())


def test_no_book_is_called_the_most_read_where_not_all_are_known(large, save, change, alice, titles, reasons):
    """Of a large catalogue the best known book of all may be missing."""
    for title, readers in (("Filler 6", 9), ("Clay", 5)):
        change(edit, titles[title], known_readers=readers)

    assert not [told for told in reasons(alice).values() if "most-read" in told]


# A reader's own books


def test_a_shelf_has_its_books_in_the_order_in_which_they_were_read(app, save, bob):
    """By the last day, or the day of the last change where there is none, and within a day by the change."""
    noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
    before, hour = noon - timedelta(days=1), timedelta(hours=1)
    rows = {}
    for title, finished_on, changed_at in (
        ("fourth", None, noon + hour),
        ("second", None, before),
        ("first", date(2026, 3, 8), noon + 3 * hour),
        ("fifth", None, noon + hour),
        ("third", date(2026, 3, 10), noon),
    ):
        reading = make_reading(bob, save(make_book(title)), status="finished")
        reading.finished_on, reading.changed_at = finished_on, changed_at
        rows[title] = save(reading)

    with app.app_context():
        reads = [read.book for read in shelf_of(bob.id).reads]

    assert reads == [rows[title].book_id for title in ("first", "second", "third", "fourth", "fifth")]


# What is behind, and what never is


@pytest.fixture
def behind(app, titles, known, monkeypatch):
    """From now on nothing is rebuilt: requests go by the arrays of before."""
    known()
    asked = []
    monkeypatch.setattr(rebuilds.Rebuilds, "ask", lambda self, make: asked.append(make))
    return asked


def test_a_reading_made_private_is_in_no_reason_and_no_score(app, change, behind, alice, titles, reasons):
    remains, reader = titles["The Remains of the Day"], reader_of(app)
    assert "6 of the 7 members" in reasons(alice)[remains.title]

    change(keep_private, reader, remains)

    assert "5 of the 7 members" in reasons(alice)[remains.title]
    assert behind == [], "shelves are brought up to date without a rebuild"
    with app.app_context():
        found = scored_for(alice.id, shelf_of(alice.id), None)
        assert found.evidence.club.totals[found.library.places([remains.id])].tolist() == [5]


def test_a_deleted_reading_is_in_no_reason_and_no_score(app, change, behind, alice, titles, reasons):
    """It is not the newest one, so no id and no time of a change shows that it is gone."""
    remains, reader = titles["The Remains of the Day"], reader_of(app)
    own = (Reading.member_id == reader.id, Reading.book_id == remains.id)
    assert "6 of the 7 members" in reasons(alice)[remains.title]

    change(lambda: db.session.execute(delete(Reading).where(*own)))

    assert "5 of the 7 members" in reasons(alice)[remains.title]
    assert behind == [], "shelves are brought up to date without a rebuild"
    with app.app_context():
        found = scored_for(alice.id, shelf_of(alice.id), None)
        assert found.evidence.club.totals[found.library.places([remains.id])].tolist() == [5]


def test_a_deleted_reading_is_found_though_another_was_added(app, save, change, behind, alice, bob, titles):
    remains, reader = titles["The Remains of the Day"], reader_of(app)
    own = (Reading.member_id == reader.id, Reading.book_id == remains.id)

    def count_in_scores():
        with app.app_context():
            found = scored_for(alice.id, shelf_of(alice.id), None)
            return found.evidence.club.totals[found.library.places([remains.id])].tolist()

    assert count_in_scores() == [6]
    change(lambda: db.session.execute(delete(Reading).where(*own)))
    save(make_reading(bob, titles["Emma"], status="finished"))

    assert count_in_scores() == [5]


def test_the_club_chooses_anew_once_a_reading_is_deleted(app, change, behind, alice, titles):
    emma = titles["Emma"]
    own = (Reading.member_id == alice.id, Reading.book_id == emma.id)

    def picks():
        with app.app_context():
            return picks_for([alice.id])

    assert picks()
    change(lambda: db.session.execute(delete(Reading).where(*own)))

    assert picks() == [], "Alice has finished two books, and that is too little to go on"


@pytest.mark.parametrize("how", ["deleted", "private", "departed"])
def test_a_book_is_closed_once_its_only_reader_hides_it(
    large, app, save, change, alice, titles, proposed, how
):
    """Nobody may learn from what they are proposed that somebody has read it."""
    carol, hidden = save(make_member("carol")), save(make_book("Hidden", author=save(make_author("Nobody"))))
    save(make_reading(carol, hidden, status="finished"))
    assert "Hidden" in proposed(alice)

    if how == "deleted":
        change(lambda: db.session.execute(delete(Reading).where(Reading.member_id == carol.id)))
    elif how == "private":
        change(keep_private, carol, hidden)
    else:
        change(lambda: setattr(db.session.get_one(Member, carol.id), "removed_at", utcnow()))

    assert "Hidden" not in proposed(alice)


def test_it_is_closed_even_before_the_rebuild(large, save, change, titles, known, monkeypatch):
    carol, hidden = save(make_member("carol")), save(make_book("Hidden", author=save(make_author("Nobody"))))
    save(make_reading(carol, hidden, status="finished"))
    assert "Hidden" in known(open_only=True)
    asked = []
    monkeypatch.setattr(rebuilds.Rebuilds, "ask", lambda self, make: asked.append(make))

    change(keep_private, carol, hidden)

    assert "Hidden" not in known(open_only=True)
    assert "Hidden" in known()
    assert len(asked) == 1, "asked for once, not by each request"


@pytest.mark.databases("sqlite", "postgresql")
def test_a_change_that_was_committed_late_is_found_with_the_next_one(
    app, save, change, behind, alice, bob, titles
):
    """A transaction may write the time of its change before another one's, and commit after it."""
    remains, reader = titles["The Remains of the Day"], reader_of(app)

    def count_in_scores():
        with app.app_context():
            found = scored_for(alice.id, shelf_of(alice.id), None)
            return found.evidence.club.totals[found.library.places([remains.id])].tolist()

    def keep_private_late():
        keep_private(reader, remains)
        own = select(Reading).where(Reading.member_id == reader.id, Reading.book_id == remains.id)
        db.session.execute(own).scalar_one().changed_at -= timedelta(seconds=30)

    assert count_in_scores() == [6]
    change(keep_private_late)
    assert count_in_scores() == [6], "nothing shows yet that anything has changed"
    save(make_reading(bob, titles["Emma"], status="finished"))

    assert count_in_scores() == [5]
    assert behind == []


def test_a_member_who_leaves_or_is_suspended_and_comes_back_is_counted_at_once(
    app, change, behind, alice, titles, reasons
):
    remains, reader = titles["The Remains of the Day"], reader_of(app)

    def set_absence(moment):
        db.session.get_one(Member, reader.id).suspended_at = moment

    change(set_absence, utcnow())
    assert "5 of the 6 members" in reasons(alice)[remains.title]
    change(set_absence, None)
    assert "6 of the 7 members" in reasons(alice)[remains.title]
    change(lambda: db.session.execute(delete(Reading).where(Reading.member_id == reader.id)))
    change(lambda: setattr(db.session.get_one(Member, reader.id), "removed_at", utcnow()))
    assert "5 of the 6 members" in reasons(alice)[remains.title]
    assert behind == []


def test_names_in_reasons_are_those_of_now(app, change, behind, alice, titles, reasons):
    assert "Never Let Me Go" in reasons(alice)["The Remains of the Day"]

    change(edit, titles["Never Let Me Go"], title="Never Let Me Leave")

    assert behind == []
    assert "Never Let Me Leave" in reasons(alice)["The Remains of the Day"]
    assert behind


def test_a_tag_that_was_taken_off_is_no_reason_even_where_the_order_is_behind(
    app, change, behind, alice, titles, reasons
):
    """And where that was all there was to say of it, the book is not proposed."""
    assert "memory" in reasons(alice)["Secret"]

    def take_tags_off():
        db.session.execute(delete(BookTag).where(BookTag.book_id == titles["Secret"].id))
        edit(titles["Secret"])

    change(take_tags_off)

    assert "Secret" not in reasons(alice)
    assert all(reasons(alice).values()), "whatever is proposed has a reason"


def test_another_author_is_no_reason_either(app, change, behind, save, bob, alice, ishiguro, titles, reasons):
    stranger = save(make_author("Stranger"))

    def rewrite():
        credit = db.session.get_one(BookAuthor, (titles["Clay"].id, ishiguro.id))
        credit.author_id = stranger.id
        edit(titles["Clay"])

    assert "book by Kazuo Ishiguro 4 or more" in reasons(alice)["Clay"]
    change(rewrite)

    assert "book by Kazuo Ishiguro 4 or more" not in reasons(alice)["Clay"]


def test_a_book_that_has_gone_is_not_proposed(app, change, behind, alice, bob, titles, reasons):
    assert "Secret" in reasons(alice)
    with app.app_context():
        assert any(pick.book.title for pick in picks_for([alice.id]))

    change(lambda: db.session.execute(delete(Book).where(Book.id == titles["Secret"].id)))

    assert "Secret" not in reasons(alice)
    with app.app_context():
        assert "Secret" not in {pick.book.title for pick in picks_for([alice.id])}


def test_an_authors_page_knows_books_of_this_moment(app, save, behind, alice, ishiguro, titles, proposed):
    klara = save(make_book("Klara and the Sun", author=ishiguro))

    assert klara.title in proposed(alice, ishiguro)
    assert klara.title not in proposed(alice)


def test_muted_and_finished_books_are_not_proposed_at_once(visit, save, alice, behind, titles, reasons):
    client = visit(alice)
    assert {"Clay", "Secret"} < set(reasons(alice))

    client.post("/books/clay/muting", data={"next": "/recommendations"})
    save(make_reading(alice, titles["Secret"], status="did_not_finish"))

    assert not {"Clay", "Secret"} & set(reasons(alice))
    assert behind == []


def test_while_there_is_nothing_yet_pages_say_so(app, visit, alice, titles, monkeypatch):
    monkeypatch.setattr(rebuilds.Rebuilds, "ask", lambda self, make: None)
    client = visit(alice)

    assert "are being put together" in client.get("/recommendations").text
    assert "Too little to go on" not in client.get("/recommendations").text
    assert "are being put together" in client.get("/recommendations/club").text
    page = client.get("/authors/kazuo-ishiguro/next").text
    assert "are being put together" in page
    assert "<b>Clay</b>" in page
    with app.app_context():
        assert db.engine not in cache_queries._STOCKS


def test_another_pack_is_gone_by_at_once(app, save, change, alice, titles, reasons):
    never, secret = titles["Never Let Me Go"], titles["Secret"]
    assert "readers of" not in reasons(alice)["Secret"]
    save(NeighbourPack(source="Numbers", licence="CC0", readers=9))
    save(*(PackReadership(book_id=book.id, readers=90) for book in (never, secret)))
    save(PackNeighbour(book_id=never.id, other_id=secret.id, together=70, weight=70.0))

    assert "70 of the 90 readers of Never Let Me Go in Numbers" in reasons(alice)["Secret"].replace("*", "")


@pytest.mark.databases("sqlite", "postgresql")
def test_what_others_recommend_matters_though_nobody_has_read_it(large, save, bob, alice, known, reasons):
    pair = [save(make_book(title, author=save(make_author(title)))) for title in ("One", "Two")]
    for number in range(9):
        save(make_book(f"More {number}", author=save(make_author(f"Author {number}"))))
    save(*(make_reading(alice, book, status="finished", rating=9) for book in pair[:1]))
    known()
    save(make_endorsement(bob, pair[0], pair[1], "Of course."))

    reasons(alice)

    assert "Two" in known(open_only=True)


def test_what_has_changed_is_found_without_going_through_everything(app, titles):
    named = {"since": utcnow(), "last": 7}
    with app.app_context():
        told = str(cache_queries._RECENT.compile(db.engine))
        plan = db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {told}", tuple(map(str, named.values()))
        )
        steps = [row[3] for row in plan]
    assert steps
    assert not [step for step in steps if step.startswith("SCAN")], steps


def reader_of(app):
    with app.app_context():
        return db.session.scalars(select(Member).where(Member.username == "reader0")).one()
