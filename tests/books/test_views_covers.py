"""The cover of a book: uploaded, taken from Open Library, shown everywhere, and taken away again."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from bookclub.books import cover_views
from bookclub.books.models import Book, BookEdit
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.openlibrary.outages import MAX_A_MINUTE
from bookclub.pictures import actions, decoder
from bookclub.pictures.decoder import DecoderBusyError
from bookclub.pictures.models import Picture, PictureCopy
from tests.cases import each
from tests.factories import make_book, make_nomination, make_round
from tests.openlibrary.stand_in import WIZARD, Mood, doc, found, serving
from tests.pictures.samples import packed, picture, upload

ISBN = "9780141354910"
BY_ISBN = f"/b/isbn/{ISBN}-L.jpg"
BY_NUMBER = "/b/id/13617691-L.jpg"


@pytest.fixture
def library():
    """The stand-in."""
    with serving() as library:
        yield library


@pytest.fixture
def settings(database, tmp_path, library):
    return Settings.for_folder(
        tmp_path,
        database_url=database,
        testing=True,
        open_library=library.address,
        open_library_covers=library.address,
    )


@pytest.fixture
def book(save):
    return save(make_book("A Wizard of Earthsea", author="Ursula K. Le Guin", isbn=ISBN))


@pytest.fixture
def give(visit, book):
    """``give(alice)`` uploads a cover; returns the answer."""

    def give(member, content=None, **options):
        sent = {"picture": upload(packed(picture(600, 900)) if content is None else content, "cover.jpg")}
        return visit(member).post(f"/books/{book.slug}/cover", data=sent, **options)

    return give


@pytest.fixture
def row(app):
    """``row(Picture)`` is the newest row of a model, or None."""

    def row(model):
        with app.app_context():
            return db.session.scalars(select(model).order_by(model.id.desc())).first()

    return row


@pytest.fixture
def take(visit, book):
    """``take(alice)`` asks for the cover at Open Library."""
    return lambda member: visit(member).post(f"/books/{book.slug}/cover/open-library")


def shown(page, number):
    """Whether a page shows the picture as a cover."""
    return f'<img class="cover" src="/pictures/{number}/240.webp"' in page.text


# Uploaded


@pytest.mark.databases("sqlite", "postgresql")
def test_a_member_gives_a_book_a_cover(give, visit, alice, bob, book, row, app):
    answer = give(alice)

    kept = row(Picture)
    assert (answer.status_code, answer.location) == (303, f"/books/{book.slug}")
    assert (kept.book_id, kept.member_id, kept.loose_at) == (book.id, alice.id, None)
    assert row(Book).cover_id == kept.id
    with app.app_context():
        copies = db.session.execute(select(PictureCopy.width, PictureCopy.height)).all()
    assert sorted(copies) == [(120, 180), (240, 360), (480, 720)]
    page = visit(bob).get(f"/books/{book.slug}")
    assert shown(page, kept.id)
    assert 'width="160" height="240" alt="" loading="lazy"' in page.text
    assert page.link("Change the cover")


def test_it_is_shown_wherever_the_book_has_a_cover(give, visit, save, alice, olive, book, row):
    drawn = save(make_book("Emma"))
    give(alice)
    number = row(Picture).id
    nominating = save(make_round(olive))
    save(make_nomination(nominating, book, alice), make_nomination(nominating, drawn, alice))
    for address in ("/books", "/authors/ursula-k-le-guin", f"/rounds/{nominating.id}", "/shelf/past-reads"):
        page = visit(alice).get(address)
        assert page.status_code == 200
        if address != "/authors/ursula-k-le-guin":
            assert '<svg class="cover"' in page.text, address
        assert shown(page, number), address


def test_the_page_for_when_one_is_offline_draws_it(give, visit, save, alice, book):
    from tests.factories import make_reading

    give(alice)
    save(make_reading(alice, book))
    page = visit(alice).get("/offline")

    assert '<svg class="cover"' in page.text
    assert "/pictures/" not in page.text


@pytest.mark.databases("sqlite", "postgresql")
def test_another_cover_takes_its_place(give, visit, alice, bob, row, app):
    give(alice)
    first = row(Picture)
    give(bob, packed(picture(90, 100)))

    second = row(Picture)
    assert second.id > first.id
    assert (row(Book).cover_id, second.member_id) == (second.id, bob.id)
    assert visit(alice).get(f"/pictures/{first.id}/240.webp").status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Picture.id)).all() == [second.id]


def test_the_number_of_a_deleted_cover_is_not_used_again(give, visit, alice, book, row):
    """Browsers keep it for a year."""
    give(alice)
    first = row(Picture).id
    visit(alice).post(f"/books/{book.slug}/cover/removal")
    assert row(Picture) is None
    give(alice)

    assert row(Picture).id > first


def test_the_same_file_sent_twice_is_one_change(give, alice, row):
    give(alice)
    first, edit = row(Picture).id, row(BookEdit).id

    assert give(alice).status_code == 303
    assert (row(Picture).id, row(BookEdit).id) == (first, edit)


def test_what_was_changed_says_so(give, take, visit, library, alice, bob, book):
    give(alice)
    library.records[BY_ISBN] = packed(picture(60, 90))
    take(bob)
    visit(alice).post(f"/books/{book.slug}/cover/removal")

    page = visit(bob).get(f"/books/{book.slug}/edits").text
    assert page.count("<dt>Cover</dt>") == 3
    assert "<ins>a picture</ins>" in page
    assert "<del>a picture</del>" in page
    assert "<ins>a picture from Open Library</ins>" in page
    assert "removed" in page


def test_the_drawn_cover_stands_again(give, visit, alice, bob, book, row):
    give(alice)
    number = row(Picture).id
    answer = visit(bob).post(f"/books/{book.slug}/cover/removal")

    assert answer.status_code == 303
    assert row(Book).cover_id is None
    page = visit(alice).get(f"/books/{book.slug}")
    assert '<svg class="cover"' in page.text
    assert page.link("Add a cover")
    assert visit(alice).get(f"/pictures/{number}/240.webp").status_code == 404


@each(
    ("sent", "says"),
    {
        "no file": (None, "Choose a picture first."),
        "no picture": (b"<svg/>", "“cover.jpg” is not a picture that can be shown here."),
        "half a picture": (packed(picture())[:900], "“cover.jpg” is damaged or incomplete."),
    }.values(),
)
def test_a_file_that_is_refused_says_why(app, visit, alice, book, row, sent, says):
    data = {"picture": upload(sent, "cover.jpg")} if sent else {}
    page = visit(alice).post(f"/books/{book.slug}/cover", data=data)

    assert page.status_code == 422
    assert says in page.text
    assert row(Picture) is None


def test_a_cover_counts_for_the_member_who_brought_it(give, visit, alice, olive, monkeypatch, row):
    monkeypatch.setattr(actions, "SPACE", 100)
    page = give(alice)

    assert page.status_code == 422
    assert "Your pictures fill the 300 MB" in page.text
    assert row(Picture) is None
    monkeypatch.undo()
    give(alice)
    assert "1 picture takes" in visit(olive).get("/club/settings").words


def test_who_replaces_their_own_needs_no_more_space(give, alice, monkeypatch, row):
    give(alice)
    monkeypatch.setattr(actions, "SPACE", row(Picture).size)

    assert give(alice, packed(picture(90, 100))).status_code == 303


def test_while_others_send_pictures_one_waits(give, alice, monkeypatch):
    def wait(_content, _widths):
        raise DecoderBusyError

    monkeypatch.setattr(decoder, "decode", wait)
    page = give(alice)

    assert page.status_code == 422
    assert "Choose it again in a minute." in page.text


# Who sees it, and for how long


def publish(app):
    from bookclub.members.models import Club

    with app.app_context():
        begin_write()
        db.session.get(Club, 1).is_public = True
        db.session.commit()


def test_a_public_club_lets_everybody_keep_it(app, give, visit, alice, row, book):
    give(alice)
    publish(app)
    url = f"/pictures/{row(Picture).id}/240.webp"
    answer = visit().get(url)

    assert answer.status_code == 200
    assert Image.open(BytesIO(answer.data)).size == (240, 360)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert shown(visit().get(f"/books/{book.slug}"), row(Picture).id)
    # An answer to a member may bring a cookie of theirs.
    assert visit(alice).get(url).headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_in_a_private_club_only_a_member_s_browser_keeps_it(give, visit, alice, bob, row):
    give(alice)
    number = row(Picture).id
    answer = visit(bob).get(f"/pictures/{number}/240.webp")

    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    there, nowhere = (visit().get(f"/pictures/{id}/240.webp") for id in (number, 77))
    assert there.status_code == nowhere.status_code == 303
    assert there.location.replace(f"/{number}/", "/77/") == nowhere.location
    assert there.text.replace(f"/{number}/", "/77/") == nowhere.text


@each(
    ("asked", "width"),
    [(120, 120), (240, 200), (480, 200), (241, None), (200, None)],
)
def test_a_page_asks_for_widths_that_a_small_cover_does_not_have(give, visit, alice, row, asked, width):
    """A page knows its number alone, so the copy that comes nearest answers."""
    give(alice, packed(picture(200, 300)))
    answer = visit(alice).get(f"/pictures/{row(Picture).id}/{asked}.webp")

    if width is None:
        assert answer.status_code == 404
    else:
        assert answer.status_code == 200
        assert Image.open(BytesIO(answer.data)).size[0] == width


# A vote keeps the cover that it began with


def test_a_cover_that_changes_during_a_vote_gives_way_to_the_drawn_one(
    give, visit, save, app, alice, olive, row, book
):
    give(alice)
    first = row(Picture).id
    voting = save(make_round(olive))
    save(make_nomination(voting, book, alice), make_nomination(voting, save(make_book("Emma")), alice))
    visit(olive).post(f"/rounds/{voting.id}/opening")
    page = visit(alice).get(f"/rounds/{voting.id}")
    assert shown(page, first)

    give(alice, packed(picture(90, 100)))
    page = visit(alice).get(f"/rounds/{voting.id}")
    assert page.status_code == 200
    assert '<img class="cover"' not in page.text
    assert shown(visit(alice).get("/books"), row(Picture).id)


def test_a_cover_that_comes_during_a_vote_does_not_enter_it(give, visit, save, alice, olive, row, book):
    voting = save(make_round(olive))
    save(make_nomination(voting, book, alice), make_nomination(voting, save(make_book("Emma")), alice))
    visit(olive).post(f"/rounds/{voting.id}/opening")
    give(alice)

    assert '<img class="cover"' not in visit(alice).get(f"/rounds/{voting.id}").text


# From Open Library


@pytest.mark.databases("sqlite", "postgresql")
def test_a_cover_is_taken_from_open_library_by_isbn(take, visit, library, alice, bob, book, row):
    library.records[BY_ISBN] = packed(picture(300, 450))
    answer = take(alice)

    assert (answer.status_code, answer.location) == (303, f"/books/{book.slug}")
    assert row(Book).cover_id == row(Picture).id
    assert row(Picture).member_id == alice.id
    assert shown(visit(bob).get(f"/books/{book.slug}"), row(Picture).id)
    assert library.asked == [BY_ISBN]


def test_nothing_is_asked_until_a_member_does(visit, library, alice, book):
    page = visit(alice).get(f"/books/{book.slug}/cover")

    assert "Take it from Open Library" in page.text
    assert library.asked == []


def test_without_an_isbn_the_work_of_that_title_has_the_cover(take, library, alice, row):
    library.records["search a wizard of earthsea ursula k le guin"] = found(
        doc(WIZARD, "A Wizard of Earthsea", ("Ursula K. Le Guin",), 1968, cover_i=13617691)
    )
    library.records[BY_NUMBER] = packed(picture(300, 450))

    assert take(alice).status_code == 303
    assert library.asked == [BY_ISBN, "search a wizard of earthsea ursula k le guin", BY_NUMBER]


def test_the_cover_of_another_book_is_not_taken(take, library, alice, row):
    library.records["search a wizard of earthsea ursula k le guin"] = found(
        doc("OL7W", "The Wizard of Oz", ("L. Frank Baum",), 1900, cover_i=13617691)
    )
    library.records[BY_NUMBER] = packed(picture(300, 450))
    page = take(alice)

    assert page.status_code == 422
    assert "Open Library has no cover of this book." in page.text
    assert BY_NUMBER not in library.asked
    assert row(Picture) is None


@pytest.mark.parametrize(
    ("mood", "says"),
    {
        "a pause": (Mood(429, {"Retry-After": "120"}), "try again in 2 minutes."),
        "refused": (Mood(403), "Open Library refuses to answer this club."),
        "broken": (Mood(500), "Open Library answered nothing that can be used."),
        "elsewhere": (Mood(302, {"Location": "http://127.0.0.1:9/"}), "nothing that can be used."),
        "no picture": (Mood(body=b"<svg/>"), "“The cover at Open Library” is not a picture"),
    }.values(),
)
def test_what_goes_wrong_at_open_library_is_said(take, library, alice, row, mood, says):
    library.moods[BY_ISBN] = mood
    page = take(alice)

    assert page.status_code == 422
    assert says in page.text
    assert row(Picture) is None


def test_a_missing_cover_is_not_asked_for_again(take, library, alice):
    take(alice)
    first = len(library.asked)
    take(alice)

    assert first == 2
    assert len(library.asked) == first


def test_covers_count_among_the_club_s_requests(take, library, alice, monkeypatch):
    library.records[BY_ISBN] = packed(picture(60, 90))
    monkeypatch.setattr("bookclub.openlibrary.outages.MAX_A_MINUTE", 1)
    assert MAX_A_MINUTE > 1
    take(alice)
    page = take(alice)

    assert page.status_code == 422
    assert "The club has asked Open Library a lot in the last minute. Choose a picture" in page.text
    assert len(library.asked) == 1


def test_a_club_without_open_library_offers_none(app, take, visit, alice, book, library):
    app.extensions["open_library"] = None

    assert "Open Library" not in visit(alice).get(f"/books/{book.slug}/cover").text
    assert take(alice).status_code == 404
    assert library.asked == []


def test_nobody_waits_for_open_library_in_a_transaction(take, library, alice, monkeypatch, app):
    """Its bytes are there before the writing begins."""
    library.records[BY_ISBN] = packed(picture(60, 90))
    opened = []
    decode = cover_views.decode_bytes

    def note(*given):
        opened.append(db.session().in_transaction())
        return decode(*given)

    monkeypatch.setattr(cover_views, "decode_bytes", note)
    answer = take(alice)
    assert (answer.status_code, opened) == (303, [False])


# What becomes of it


def test_it_stays_when_its_member_leaves(give, visit, alice, bob, row, book):
    from tests.factories import PASSWORD

    give(alice)
    number = row(Picture).id
    visit(alice).post("/settings/departure", data={"password": PASSWORD})

    assert shown(visit(bob).get(f"/books/{book.slug}"), number)
    assert visit(bob).get(f"/pictures/{number}/240.webp").status_code == 200


def test_a_list_takes_as_many_statements_with_covers(app, visit, save, statements, alice):
    from tests.factories import make_picture

    client = visit(alice)
    client.get("/books")
    with statements() as without:
        client.get("/books")
    for _ in range(20):
        one = save(make_book())
        one.cover_id = save(make_picture(alice, book_id=one.id)).id
        save(one)
    with statements() as sent:
        page = client.get("/books")
    assert len(re.findall('<img class="cover"', page.text)) == 20
    assert len(sent) == len(without)


def test_loose_covers_of_mergers_are_deleted_after_a_day(app, save, alice, book):
    from datetime import timedelta

    from tests.factories import make_picture

    save(make_picture(alice))
    with app.app_context():
        begin_write()
        actions.delete_stale(utcnow() + timedelta(hours=25))
        db.session.commit()
        assert db.session.scalars(select(Picture.id)).all() == []
