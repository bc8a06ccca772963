"""Looking a book up at Open Library: at a member's asking alone, once, and never needed to add it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select, update

from bookclub.app import create_app
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.openlibrary import actions as openlibrary_actions
from bookclub.openlibrary.models import OpenLibraryAnswer
from bookclub.openlibrary.outages import MAX_A_MINUTE
from bookclub.schema import close
from tests.books.pages import cards
from tests.cases import each
from tests.openlibrary.stand_in import BEOWULF, SOLITUDE, WIZARD, Mood, serving

WORDS = {"look": "Ursula Le Guin: Wizard"}


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
        url="http://books.example.org",
        open_library=library.address,
    )


@pytest.fixture
def form(visit, alice):
    """``form(look="Emma")`` is the page, as Alice sees it."""
    client = visit(alice)
    return lambda **asked: client.get("/books/new", query_string=asked)


@pytest.fixture
def grow(app):
    """``grow(timedelta(minutes=2))`` lets all that is kept become so much older."""

    def grow(by):
        with app.app_context():
            begin_write()
            for kept in db.session.execute(select(OpenLibraryAnswer)).scalars():
                kept.fetched_at, kept.expires_at = kept.fetched_at - by, kept.expires_at - by
            db.session.commit()

    return grow


@pytest.fixture
def kept(app):
    """``kept()`` is all that is kept of answers."""

    def kept():
        with app.app_context():
            return db.session.execute(select(OpenLibraryAnswer)).scalars().all()

    return kept


def filled(page):
    """What stands in the fields of the form, by name."""
    part = page.text.partition('id="new-book"')[2]
    fields = re.findall(r'<input[^>]*name="(\w+)"[^>]*?value="([^"]*)"', part)
    areas = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*(.*?)</textarea>', part, re.DOTALL)
    skipped = ("csrf_token", "from_member", "submission", "anyway")
    return {name: unescape(text) for name, text in (*fields, *areas) if text and name not in skipped}


def links(page):
    """Where the choices on a page lead."""
    return [unescape(link) for link in re.findall(r'<a class="book" href="([^"]+)"', page.text)]


def query_of(link):
    """What an address asks for, by name."""
    return dict(parse_qsl(urlsplit(link).query))


def trouble(page):
    """What the page says of it where nothing came."""
    found = re.search(r'<p class="notice error"[^>]*>(.*?)</p>', page.text)
    return unescape(found[1]) if found else ""


def test_a_member_finds_a_book_by_its_title_and_adds_it(visit, alice, whole, library):
    client = visit(alice)
    page = client.get("/books/new", query_string=WORDS)
    assert cards(page) == ["A Wizard of Earthsea", "Wizard of Earthsea. Tehanu", "The wizard"]
    assert "Ursula K. Le Guin and Ruth Robbins · 1968" in page.text
    assert "104 editions" in page.text

    page = client.get(links(page)[0])
    assert filled(page) == {
        "title": "A Wizard of Earthsea",
        "authors": "Ursula K. Le Guin; Ruth Robbins",
        "first_published": "1968",
        "pages": "205",
        "tags": "fantasy",
        "description": "Ged, a boy of Gont,\nlets a shadow loose.",
    }
    assert "typical of all editions" in page.text
    assert f'href="{library.address}/works/{WIZARD}"' in page.text
    # What the search told is not asked again.
    assert library.asked == ["search ursula le guin wizard", f"/works/{WIZARD}.json"]

    assert client.post("/books/new", data=filled(page)).status_code == 303
    assert whole("a-wizard-of-earthsea").pages == 205


def test_an_isbn_gives_the_very_edition(form, library):
    page = form(look="0-14-135491-7")
    assert cards(page) == ["A Wizard of Earthsea"]

    page = form(**query_of(links(page)[0]))
    assert (filled(page)["isbn"], filled(page)["pages"]) == ("9780141354910", "247")
    assert "typical of all editions" not in page.text


def test_an_edition_that_belongs_to_no_work_is_found_by_its_isbn(form, library):
    page = form(look="9780571244980")
    assert cards(page) == ["Nocturnes"]

    assert filled(form(**query_of(links(page)[0]))) == {
        "title": "Nocturnes",
        "subtitle": "five stories of music and nightfall",
        "authors": "Kazuo Ishiguro",
        "pages": "221",
        "isbn": "9780571244980",
    }


def test_a_bare_address_of_a_work_is_enough(form, library):
    assert filled(form(work=WIZARD))["authors"] == "Ursula K. Le Guin; Ruth Robbins"
    # A work that was merged into another, found by the names of its authors.
    library.records["/authors/OL4586796A.json"] = {"name": "Gabriel García Márquez"}
    page = form(work=SOLITUDE)
    assert (filled(page)["title"], filled(page)["authors"]) == (
        "Cien años de soledad",
        "Gabriel García Márquez",
    )
    assert f'href="{library.address}/works/OL274506W"' in page.text


def test_a_work_without_authors_or_year_says_so(form):
    page = form(work=BEOWULF)

    assert filled(page) == {"title": "Beowulf"}
    assert "Open Library does not say who wrote it." in page.text


def test_tags_that_the_club_uses_are_taken(form, add):
    add("Emma", tags=("coming-of-age", "wizards"))

    assert filled(form(work=WIZARD))["tags"] == "coming-of-age, fantasy"


def test_what_the_club_has_is_said_before_anybody_adds_it_again(form, add):
    add("A Wizard of Earthsea", "Ursula K. Le Guin", isbn="9780141354910")
    page = form(look="9780141354910")
    assert 'The club has it already: <a href="/books/a-wizard-of-earthsea">' in page.text

    page = form(**query_of(links(page)[0]))
    assert 'id="twins"' in page.text


def test_nothing_is_asked_unless_a_member_asks(form, visitor, library, visit, alice):
    form()
    form(title="Emma", authors="Jane Austen", isbn="9780141354910")
    form(look="  ")
    assert visitor.get("/books/new", query_string=WORDS).status_code == 303
    visit(alice).post("/books/new", data={"title": "", "isbn": "9780141354910"})

    assert library.asked == []


def test_the_same_question_is_asked_once_until_its_answer_is_old(form, library, grow, kept):
    library.moods["search emma"] = Mood(500)
    library.records["search persuasion"] = library.records["search ursula le guin wizard"]
    for _ in range(3):
        form(look="Persuasion!")
        form(look="nowhere")
        form(work="OL404W")
        form(look="Emma")
    assert sorted(set(library.asked)) == sorted(library.asked)
    # Nothing that is kept says who asked, or in which words.
    assert "persuasion" not in str([vars(row) for row in kept()]).lower()

    asked = len(library.asked)
    grow(timedelta(minutes=2))
    form(look="Emma")
    form(look="Persuasion")
    assert library.asked[asked:] == ["search emma"]
    # What was not there may have been entered meanwhile.
    grow(timedelta(days=2))
    form(look="Persuasion")
    form(look="nowhere")
    form(work="OL404W")
    assert library.asked[asked + 1 :] == ["search nowhere", "/works/OL404W.json"]
    grow(timedelta(days=31))
    form(look="Persuasion")
    assert library.asked[asked + 3 :] == ["search persuasion"]
    # What is over went with that.
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        (Mood(500), "nothing that can be used"),
        (Mood(body=b"<html>"), "nothing that can be used"),
        (Mood(302, {"Location": "http://127.0.0.2/"}), "nothing that can be used"),
        (Mood(403), "refuses to answer this club. Fill in"),
        (Mood(429, {"Retry-After": "150"}), "in 3 minutes"),
        (Mood(503), "in a minute"),
        (Mood(body=b"{}" * 9, seconds_before_each_byte=0.1), "not in time"),
    ],
    ids=["trouble", "page", "elsewhere", "refused", "busy", "down", "slow"],
)
def test_where_it_does_not_answer_the_form_is_there_with_words_above(app, form, library, mood, words):
    app.extensions["open_library"].seconds = 0.5
    library.mood = mood

    page = form(look="Emma, a novel")
    assert page.status_code == 200
    assert words in trouble(page)
    assert filled(page) == {"title": "Emma, a novel"}
    # What was told before the trouble began is not lost to it.
    page = form(work=WIZARD, title="Emma", authors="Jane Austen", first_published="1815")
    assert words in trouble(page)
    assert filled(page) == {"title": "Emma", "authors": "Jane Austen", "first_published": "1815"}


@pytest.mark.parametrize("status", [403, 429, 503])
def test_once_it_asks_for_peace_nobody_asks_until_that_is_over(form, library, grow, status):
    library.mood = Mood(status, {"Retry-After": "290"})
    form(look="Emma")
    library.mood = None
    for look in ("Persuasion", "9780141354910", "Emma"):
        assert "yourself" in trouble(form(look=look))
    assert library.asked == ["search emma"]

    grow(timedelta(minutes=6))
    assert cards(form(**WORDS))


def test_a_trouble_half_way_leaves_what_was_found(form, library):
    library.moods[f"/works/{WIZARD}.json"] = Mood(500)
    page = form(work=WIZARD, isbn="9780141354910", title="A Wizard of Earthsea", authors="Ursula K. Le Guin")

    assert "nothing that can be used" in trouble(page)
    assert filled(page)["pages"] == "247"


def test_what_is_not_there_is_said(form):
    assert "no such book" in trouble(form(look="nowhere"))
    assert filled(form(look="978-0-571-24499-7")) == {"isbn": "9780571244997"}
    assert "no such book" in trouble(form(work="OL404W"))


@each(
    "asked",
    [
        {"look": "9780141354911"},
        {"look": "?!"},
        {"look": "x" * 5000},
        {"look": "?\x00"},
        {"work": "OL1A"},
        {"work": "../../etc"},
        {"work": "x\x00", "look": "Emma"},
    ],
)
def test_what_cannot_be_asked_is_said_and_not_asked(form, library, asked):
    page = form(**asked)

    assert (page.status_code, library.asked) == (200, [])
    assert trouble(page)


def test_no_isbn_of_an_address_leads_anywhere_else(form, library):
    form(work=WIZARD, isbn="../authors/OL1A", title="A", authors="B")

    assert library.asked == [f"/works/{WIZARD}.json"]


def test_the_club_asks_only_so_often_a_minute(form, library, app):
    with app.app_context():
        begin_write()
        now = utcnow()
        for number in range(MAX_A_MINUTE):
            db.session.add(
                OpenLibraryAnswer(
                    asked=str(number), status=200, answer={}, fetched_at=now, expires_at=now + timedelta(1)
                )
            )
        db.session.commit()
    assert "a lot in the last minute" in trouble(form(look="Emma"))
    assert library.asked == []

    with app.app_context():
        begin_write()
        db.session.execute(update(OpenLibraryAnswer).values(fetched_at=now - timedelta(minutes=1)))
        db.session.commit()
    form(look="Emma")
    assert library.asked == ["search emma"]


def test_what_is_kept_does_not_grow_without_end(form, kept, grow, monkeypatch):
    monkeypatch.setattr(openlibrary_actions, "MAX_KEPT", 3)
    for number in range(6):
        grow(timedelta(minutes=2))
        form(look=f"book {number}")

    assert len(kept()) == 3


def test_nobody_who_writes_waits_for_it(app, library):
    with app.app_context():
        begin_write()
        asking = openlibrary_actions.Exchange(app.extensions["open_library"])
        with pytest.raises(RuntimeError, match="wait"):
            asking.ask("/search.json?q=emma")
        db.session.rollback()
    assert library.asked == []


def test_while_it_is_waited_for_no_connection_is_held(app, form, library, monkeypatch):
    held = []
    ask = app.extensions["open_library"].ask

    def watched(path, seconds):
        held.append(db.engine.pool.checkedout() if hasattr(db.engine.pool, "checkedout") else 0)
        return ask(path, seconds)

    monkeypatch.setattr(app.extensions["open_library"], "ask", watched)
    form(work=WIZARD, isbn="9780141354910")

    assert held == [0] * 3


def test_a_club_that_is_told_not_to_never_asks(settings, library, app, alice, visit):
    app.extensions["open_library"] = None
    page = visit(alice).get("/books/new", query_string={**WORDS, "work": WIZARD, "title": "Emma"})

    assert page.status_code == 200
    assert 'name="look"' not in page.text
    assert filled(page) == {"title": "Emma"}
    assert library.asked == []


def test_the_off_switch_is_a_setting(tmp_path, database):
    environ = {"BOOKCLUB_DATA": str(tmp_path), "BOOKCLUB_DATABASE_URL": database}
    off = create_app(Settings.from_environ({**environ, "BOOKCLUB_OPEN_LIBRARY": "off"}))
    on = create_app(Settings.from_environ(environ))

    assert off.extensions["open_library"] is None
    assert on.extensions["open_library"].site == "https://openlibrary.org"
    close(off)
    close(on)


def test_many_choices_take_no_more_statements(form, library, statements, add):
    add("Book 5", "Jane Austen")
    entry = library.records["search ursula le guin wizard"]["docs"][0]
    counts = []
    for count in (2, 10):
        docs = [{**entry, "key": f"/works/OL{n}W", "title": f"Book {n}"} for n in range(1, count + 1)]
        library.records[f"search {count}"] = {"docs": docs}
        with statements() as sent:
            assert len(links(form(look=str(count)))) == count
        counts.append(len(sent))

    assert counts[0] == counts[1]
