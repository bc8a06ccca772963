"""What a reader keeps for themselves: notes, tags of their own, and the times they read a book before."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.readings.models import OwnTag, ReadThrough
from tests.factories import make_book, make_reading


def record(client, book, **fields):
    return client.post(f"/books/{book.slug}/reading", data=fields)


@pytest.fixture
def tags(app):
    """``tags()`` are all own tags, by name."""

    def tags() -> list[str]:
        with app.app_context():
            return list(db.session.scalars(select(OwnTag.name).order_by(OwnTag.name)))

    return tags


def test_notes_and_tags_are_kept_shown_and_changed(visit, book, bob, kept, tags):
    bobs, address = visit(bob), f"/books/{book.slug}"
    record(bobs, book, status="reading", position="30")
    assert "Add notes and tags" in bobs.get(address).text

    answer = record(
        bobs, book, own="1", notes="From <Aunt> May.\r\nBack by June.", own_tags="lend, Summer 2019"
    )
    assert answer.status_code == 303
    page = bobs.get(address).text
    assert re.search(r"<p[^>]*>From &lt;Aunt&gt; May\.\nBack by June\.</p>", page)
    assert 'value="lend, Summer 2019"' in page
    assert 'href="/members/bob?tag=Summer+2019#shelf"' in page
    # Of the reading itself nothing was said, and so nothing has changed; nor does a place touch the notes.
    assert (kept(bob).status, kept(bob).position) == ("reading", 3000)
    record(bobs, book, position="40")
    assert kept(bob).notes == "From <Aunt> May.\nBack by June."

    record(bobs, book, own_tags="summer 2019, to discuss")
    assert tags() == ["summer 2019", "to discuss"]
    record(bobs, book, notes="", own_tags="")
    assert (kept(bob).notes, tags()) == ("", [])


def test_to_note_something_about_a_book_is_not_to_begin_it(visit, book, bob, kept):
    record(visit(bob), book, notes="Dora says it is good.", own_tags="")
    assert (kept(bob).status, kept(bob).started_on) == ("to_read", None)


def test_what_cannot_be_kept_is_refused_in_words_and_what_was_typed_stays(visit, book, bob, kept, tags):
    answer = record(visit(bob), book, own="1", notes="Mine.", own_tags="fine," + "x" * 101)

    assert answer.status_code == 422
    assert "A tag may have 100 characters; this has 101." in answer.text
    assert ">\r\nMine.</textarea>" in answer.text
    assert f'value="fine,{"x" * 101}"' in answer.text
    assert (kept(bob), tags()) == (None, [])


def test_nobody_else_finds_notes_tags_or_earlier_times(visit, save, book, alice, bob, olive):
    reading = save(make_reading(bob, book, position=END, notes="canarynote"))
    save(
        OwnTag(reading_id=reading.id, name="canarytag"),
        ReadThrough(reading_id=reading.id, finished_on=date(1987, 5, 4)),
    )
    addresses = (f"/books/{book.slug}", "/members/bob", "/members/bob?tag=canarytag", "/")
    secrets = {"canarynote", 'value="canarytag', "canarytag (1)", "Read in 1987"}

    def found(member):
        pages = "".join(visit(member).get(address).text for address in addresses)
        return {secret for secret in secrets if secret in pages}

    assert found(bob) == secrets
    assert found(alice) == found(olive) == set()
    # What it is narrowed to by somebody else's tag is not narrowed at all.
    assert "Emma" in visit(alice).get("/members/bob?tag=nothing").text


def test_ones_own_shelf_can_be_narrowed_to_one_of_ones_tags(visit, save, book, bob):
    other = save(make_book("Persuasion"))
    bobs = visit(bob)
    record(bobs, book, status="to_read", own_tags="To lend")
    record(bobs, other, status="to_read", own_tags="to lend, sea")

    def shelf(query):
        page = bobs.get(f"/members/bob{query}").text.partition('id="shelf"')[2]
        return [title for title in ("Emma", "Persuasion") if title in page]

    assert shelf("") == shelf("?tag=") == shelf("?tag=TO+LEND") == ["Emma", "Persuasion"]
    assert shelf("?tag=sea") == ["Persuasion"]
    assert shelf("?tag=" + "x" * 500) == []


def test_to_read_a_book_again_keeps_when_it_was_read_before(app, visit, save, book, bob, kept):
    reading = make_reading(bob, book, position=END)
    reading.started_on, reading.finished_on, reading.times_read = date(2015, 3, 1), date(2015, 4, 2), 1
    save(reading)
    bobs, address = visit(bob), f"/books/{book.slug}"
    assert "Read in" not in bobs.get(address).text

    for _ in range(2):
        bobs.post(f"{address}/rereading")
        record(bobs, book, position="50")
    record(bobs, book, status="finished", finished_on="2019-08-01", started_on="2019-07-01")
    assert "Read in 2015<" in bobs.get(address).text
    record(bobs, book, status="reading")
    record(bobs, book, status="finished")
    assert "Read in 2015 and 2019<" in bobs.get(address).text
    assert kept(bob).times_read == 3
    with app.app_context():
        rows = db.session.execute(
            select(ReadThrough.started_on, ReadThrough.finished_on).order_by(ReadThrough.id)
        )
        assert rows.all() == [
            (date(2015, 3, 1), date(2015, 4, 2)),
            (date(2019, 7, 1), date(2019, 8, 1)),
        ]
