"""Chapters in one box: entered, changed without losing anybody's place, and never telling what lies ahead."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import select

from bookclub.books.models import BookEdit, Edition
from bookclub.extensions import db, utcnow
from bookclub.readings.models import Reading
from bookclub.readings.queries import contents_of
from bookclub.sections.models import Section, SectionStart
from bookclub.threads.models import Comment
from tests.cases import each
from tests.factories import make_comment, make_reading, make_thread
from tests.page_forms import read_page

PAGE = "/books/emma/sections"
FOUR = "Canary One | 0 %\nCanary Two | 20 %\nCanary Three | 50 %\nCanary Four | 80 %"


@pytest.fixture
def emma(add):
    """A book of 200 pages."""
    return add("Emma", pages=200)


@pytest.fixture
def enter(visit, alice, save, emma):
    """``enter("One\\nTwo")`` enters chapters as Alice, who has read the book."""
    save(make_reading(alice, emma, position=10_000))
    client = visit(alice)

    def enter(text, **more):
        return client.post(PAGE, data={"sections": text, **more})

    return enter


@pytest.fixture
def kept(rows):
    """``kept()``: the chapters in their order, each (id, title, start)."""

    def kept():
        sections = sorted(rows(Section), key=lambda section: section.place)
        return [(section.id, section.title, section.start) for section in sections]

    return kept


@pytest.fixture
def reads(save):
    """``reads(bob, book, 2000, "section-1")``: a reading whose place was typed as a chapter."""

    def reads(member, book, position, entry, unit="section"):
        return save(
            Reading(
                member_id=member.id,
                book_id=book.id,
                status="reading",
                position=position,
                mark=position,
                entry=entry,
                entry_unit=unit,
                changed_at=utcnow(),
            )
        )

    return reads


@pytest.fixture
def place_of(app):
    """``place_of(bob)`` is his position and mark by now."""

    def place_of(member):
        with app.app_context():
            reading = db.session.execute(select(Reading).where(Reading.member_id == member.id)).scalar_one()
            return reading.position, reading.mark

    return place_of


def box_on(page):
    """What stands in the box of a page."""
    return form_around_box(page).fields["sections"].replace("\r\n", "\n")


def hidden_on(page):
    """The hidden fields of the box."""
    fields = form_around_box(page).fields
    return {name: fields[name] for name in ("made_from", "shown") if name in fields}


def form_around_box(page):
    (form,) = (form for form in read_page(page).forms if "sections" in form.visible)
    return form


# Entered and changed


def test_chapters_are_entered_with_their_starts(enter, kept, rows):
    answer = enter("Foreword | p. xii\nOne | p. 1\nTwo | 101\nThree | 75 %\nEnd")

    assert (answer.status_code, answer.location) == (303, "/books/emma")
    assert [(title, start) for _, title, start in kept()] == [
        ("Foreword", 0),
        ("One", 50),
        ("Two", 5050),
        ("Three", 7500),
        ("End", None),
    ]
    assert [(note.unit, note.start) for note in rows(SectionStart)] == [
        ("page", 0),
        ("page", 1),
        ("page", 101),
    ]


def test_a_box_sent_back_as_it_was_shown_changes_nothing(visit, alice, enter, kept, rows):
    enter("One | 10%\nTwo\n-\nMalcolm | X |\nEnd | p. 190")
    before, client = kept(), visit(alice)
    page = client.get(PAGE).text

    answer = client.post(PAGE, data={"sections": box_on(page), **hidden_on(page)}, follow_redirects=True)

    assert "Nothing was changed." in answer.text
    assert kept() == before
    assert len(rows(BookEdit)) == 1


@pytest.mark.parametrize("mark", [None, 0, 2000, 10_000])
def test_whoever_sends_back_a_box_with_titles_ahead_changes_nothing(
    visit, save, bob, emma, enter, kept, rows, mark
):
    enter(FOUR)
    before, client = kept(), visit(bob)
    if mark is not None:
        save(make_reading(bob, emma, position=mark))
    page = client.get(PAGE).text

    client.post(PAGE, data={"sections": box_on(page), **hidden_on(page)})

    assert kept() == before
    assert len(rows(BookEdit)) == 1


def test_a_chapter_added_by_somebody_who_does_not_know_the_others_leaves_them_alone(visit, bob, enter, kept):
    enter(FOUR)
    before = kept()

    visit(bob).post(PAGE, data={"sections": "Canary One|0%\n[2]|20%\nInterlude|30%\n[3]|50%\n[4]|80%"})

    after = kept()
    assert [one for one in after if one in before] == before
    assert [(title, start) for _, title, start in after][2] == ("Interlude", 3000)


def test_the_id_of_a_chapter_that_is_gone_is_never_given_again(enter, kept):
    enter("One\nTwo\nThree")
    gone = kept()[2][0]
    enter("One\nTwo")
    enter("One\nTwo\nAnother")

    assert kept()[2][0] != gone


def test_edits_are_logged_as_counts_and_never_as_titles(visit, bob, enter, rows):
    enter(FOUR)
    enter(FOUR + "\nCanary Five")
    enter(FOUR.replace("Canary Two", "Canary Too") + "\nCanary Five")

    assert [edit.changes for edit in rows(BookEdit)] == [
        {"chapters": ["0", "4"]},
        {"chapters": ["4", "5"]},
        {"chapters": ["5", "5"]},
    ]
    page = visit(bob).get("/books/emma/edits").text
    assert "Chapters" in page
    assert "Canary" not in page


@each(
    ("text", "words"),
    [
        ("One | soon", "Line 1: “soon” is not a start"),
        ("One | p. 61\nTwo | p. 60", "Line 2: a chapter cannot start before the one above it"),
        ("One | 50 %\nTwo\nThree | 49 %", "Line 3: a chapter cannot start before the one above it"),
        (
            "One | p. 150\nTwo | 10 %",
            "Line 1: this start does not fit between those of the chapters around it.",
        ),
        ("One | p. 201", "Line 1: p. 201 is beyond the end of this edition, which has 200 pages."),
        ("One | 1:05", "Line 1: this edition has no length in minutes yet."),
        ("x" * 201, "Line 1: A title may have 200 characters; this has 201."),
        ("x\n" * 501, "A book may have 500 chapters here; line 501 is one more."),
        ("[1]\n[1]", "Line 2: chapter 1 is there already."),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_line_and_kept(enter, kept, rows, text, words):
    enter("Only")
    before = kept()

    answer = enter(text)

    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert box_on(answer.text).strip() == text.strip()
    assert kept() == before
    assert len(rows(BookEdit)) == 1
    assert rows(SectionStart) == []


def test_chapters_changed_meanwhile_are_not_overwritten_unseen(visit, alice, bob, enter, kept):
    enter("One\nTwo")
    made_from = hidden_on(visit(bob).get(PAGE).text)["made_from"]
    enter("Zero\nOne\nTwo")
    before = kept()

    answer = visit(bob).post(PAGE, data={"sections": "[1]\n[2]\nThree", "made_from": made_from})

    assert answer.status_code == 422
    assert "While you were writing, Alice saved this" in answer.text
    assert "Numbers such as [7] now refer to the list below yours" in answer.text
    assert "Three" in box_on(answer.text)
    assert kept() == before
    data = {"sections": "[1]\n[2]\n[3]\nFour", "made_from": hidden_on(answer.text)["made_from"]}
    assert visit(bob).post(PAGE, data=data).status_code == 303


def test_an_edit_of_something_else_is_no_reason_to_ask_again(visit, alice, bob, enter, kept):
    enter("One\nTwo")
    made_from = hidden_on(visit(bob).get(PAGE).text)["made_from"]
    visit(alice).post("/books/emma/edit", data={"subtitle": "A novel"})

    data = {"sections": "[1]\n[2]\nThree", "made_from": made_from}
    assert visit(bob).post(PAGE, data=data).status_code == 303


def test_starts_shown_for_one_edition_are_not_taken_for_those_of_another(visit, alice, enter, rows):
    enter("One | p. 1\nTwo | p. 101")
    client = visit(alice)
    client.post("/books/emma/editions/new", data={"pages": "400", "format": "hardback"})
    short, long = rows(Edition)
    page = client.get(PAGE).text
    assert "p. 101" in box_on(page)

    text = box_on(page) + "\nThree | p. 300"
    answer = client.post(PAGE, data={"sections": text, **hidden_on(page), "edition": long.id})

    assert answer.status_code == 303
    assert [(note.edition_id, note.start) for note in rows(SectionStart)] == [
        (short.id, 1),
        (short.id, 101),
        (long.id, 300),
    ]
    assert "p. 300" in box_on(client.get(f"{PAGE}?edition={long.id}").text)


def test_a_start_is_corrected_replaced_and_taken_away(enter, kept, rows):
    enter("One | p. 1\nTwo | p. 101")
    enter("One | p. 1\nTwo | p. 111")
    assert kept()[1][2] == 5550
    enter("One | p. 1\nTwo | 60 %")
    assert kept()[1][2] == 6000
    assert len(rows(SectionStart)) == 1
    enter("One | p. 1\nTwo | p. 101")
    assert kept()[1][2] == 5050
    enter("One | p. 1\nTwo")
    assert kept()[1][2] is None


def test_an_empty_box_takes_all_chapters_away_and_a_form_without_one_none(visit, alice, enter, kept, rows):
    enter("One\nTwo")

    assert visit(alice).post(PAGE).status_code == 422
    assert len(kept()) == 2
    assert enter("").status_code == 303
    assert kept() == []
    assert rows(BookEdit)[-1].changes == {"chapters": ["2", "0"]}


# Nobody's place is lost


@pytest.fixture
def two(save, bob, emma, enter, kept, reads):
    """The second of three chapters by its id: Bob has read it, and wrote about all of it."""
    enter("One | 0%\nTwo | 20 %\nThree | 50%")
    two = kept()[1][0]
    reads(bob, emma, 5000, f"section-{two}")
    thread = save(make_thread(bob, emma))
    save(make_comment(thread, bob, "Hello."))
    comment = make_comment(thread, bob, "Of chapter two.", horizon=5000)
    comment.horizon_choice = f"section-{two}"
    save(comment)
    return two


def test_a_section_inserted_in_the_middle_moves_readers_and_opens_no_words(
    bob, two, enter, kept, place_of, rows
):
    enter("One | 0%\nTwo | 20 %\nInterlude | 45 %\nThree | 50%")

    assert kept()[1][0] == two
    assert place_of(bob) == (4500, 4500)
    # The reader is moved back, and the words are opened to nobody by an edit of the chapters.
    assert [one.horizon for one in rows(Comment)] == [0, 5000]


def test_a_section_of_unknown_start_inserted_takes_nobodys_place_away(bob, two, enter, place_of, rows):
    enter("One | 0%\nTwo | 20 %\nInterlude\nThree | 50%")

    assert place_of(bob) == (5000, 5000)
    assert [one.horizon for one in rows(Comment)] == [0, 5000]

    enter("One | 0%\nTwo | 20 %\nInterlude | 49 %\nThree | 50%")
    assert place_of(bob) == (4900, 4900)


def test_a_section_that_is_gone_leaves_places_and_words_where_they_were(
    bob, two, enter, kept, place_of, rows
):
    enter("One | 0%\nThree | 60 %")

    assert two not in [section_id for section_id, _, _ in kept()]
    assert place_of(bob) == (5000, 5000)
    assert [one.horizon for one in rows(Comment)] == [0, 5000]


def test_a_start_moves_those_who_are_at_it(bob, emma, enter, kept, reads, place_of):
    enter("One | 0%\nTwo | 20 %")
    reads(bob, emma, 2000, f"section-{kept()[0][0]}")

    enter("One | 0%\nTwo | 30 %")

    assert place_of(bob) == (3000, 3000)


def test_a_book_without_editions_of_known_length_takes_percentages(visit, alice, add):
    add("Emma")
    client = visit(alice)
    page = client.get(PAGE).text
    assert "No edition has a length yet" in page

    assert client.post(PAGE, data={"sections": "One | 0 %\nTwo | 50 %"}).status_code == 303
    assert "p. 61" in html.unescape(client.post(PAGE, data={"sections": "One | p. 61"}).text)
    assert "Where does a chapter start" not in client.get(PAGE).text


# What lies ahead


@pytest.mark.parametrize(("mark", "known"), [(None, 1), (0, 1), (1999, 1), (2000, 2), (8000, 4), (10_000, 4)])
def test_titles_ahead_of_a_reader_are_on_no_page(visit, save, bob, emma, enter, rows, mark, known):
    enter(FOUR)
    if mark is not None:
        save(make_reading(bob, emma, position=mark))
    client = visit(bob)
    titles = ["Canary One", "Canary Two", "Canary Three", "Canary Four"]
    section = rows(Section)[3].id

    pages = {
        "book": client.get("/books/emma"),
        "box": client.get(PAGE),
        "wrong box": client.post(PAGE, data={"sections": "[1]\n[1]"}),
        "behind": client.post(PAGE, data={"sections": "x", "made_from": "sections:000000000000"}),
        "wrong start": client.post(f"{PAGE}/starts", data={"section": section, "start": "p. 999"}),
    }
    for name, page in pages.items():
        shown = [title for title in titles if title in page.text]
        assert shown == titles[:known], name
    assert "Canary" not in client.get("/books/emma/edits").text


def test_a_visitor_sees_chapters_by_number(visitor, public, enter):
    enter(FOUR.replace("| 0 %", "| 1 %"))
    page = visitor.get("/books/emma")

    assert "4 chapters" in page.text
    assert "chapter 3" in page.text
    assert "50 %" in page.text
    assert "Canary" not in page.text
    assert '/sections"' not in page.text


def test_a_visitor_may_not_touch_chapters(visitor, public, enter, kept):
    enter(FOUR)
    before = kept()

    assert visitor.get(PAGE).location.startswith("/sign-in")
    assert visitor.post(PAGE, data={"sections": ""}).status_code == 401
    assert visitor.post(f"{PAGE}/starts", data={"start": "9"}).status_code == 401
    assert kept() == before


# Where a chapter starts in an edition


@pytest.fixture
def note(visit, bob, kept, rows):
    """``note(2, "61")``: Bob says where the second chapter starts in the first edition."""

    def note(number, start, edition=0, **more):
        data = {"section": kept()[number - 1][0], "edition": rows(Edition)[edition].id, "start": start}
        return visit(bob).post(f"{PAGE}/starts", data={**data, **more})

    return note


def test_a_start_noted_in_one_edition_is_known_in_all(app, emma, enter, note, kept, rows, visit, alice):
    enter("Canary A | 0%\nCanary B\nCanary C")

    answer = note(2, "p. 61")

    assert answer.status_code == 303
    assert kept()[1][2] == 3050
    assert rows(BookEdit)[-1].changes == {"starts": ["", "chapter 2: p. 61 (200 pages)"]}
    assert "Canary" not in visit(alice).get("/books/emma/edits").text
    with app.app_context():
        assert [section.start for section in contents_of(emma.id).sections] == [0, 3050, None]


def test_starts_bend_the_pages_of_their_edition(visit, alice, bob, emma, enter, note, rows, reads, place_of):
    enter("A | 0%\nB | 50%\nC")
    visit(alice).post("/books/emma/editions/new", data={"minutes": "10:00", "format": "audiobook"})
    reads(bob, emma, 5000, "100", "page")

    assert note(2, "80").status_code == 303
    assert place_of(bob) == (5833, 5833)
    assert note(2, "4:00", edition=1).status_code == 303
    assert [(one.unit, one.start) for one in rows(SectionStart)] == [("page", 80), ("minute", 240)]


@each(
    ("number", "start", "words"),
    [
        (3, "60", "Chapter 2 starts at p. 61 in this edition, so chapter 3 cannot start before that."),
        (1, "62", "Chapter 2 starts at p. 61 in this edition, so chapter 1 cannot start after that."),
        (3, "201", "p. 201 is beyond the end of this edition, which has 200 pages."),
        (3, "1:05", "this edition has no length in minutes yet."),
        (3, "50 %", "a percentage is the same in every edition"),
        (3, "somewhere", "“somewhere” is not a start"),
        (3, "", "Type a page or a time."),
        (3, "190", "does not fit between the starts of the chapters around it"),
    ],
)
def test_a_start_that_cannot_be_is_refused_in_words(enter, note, rows, number, start, words):
    enter("A\nB | p. 61\nC\nD | 80 %")

    answer = note(number, start)

    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert not start or f'value="{start}"' in answer.text
    assert [one.start for one in rows(SectionStart)] == [61]


def test_chapters_and_editions_of_other_books_are_not_there(visit, add, enter, note, rows):
    enter("A\nB")
    add("Persuasion", pages=272)

    for more in ({"section": "4711"}, {"section": ""}, {"section": "9" * 40}):
        answer = note(1, "9", **more)
        assert answer.status_code == 422
        assert "Choose one of the chapters." in answer.text
    answer = note(1, "9", edition=1)
    assert answer.status_code == 422
    assert "Choose an edition whose length is known." in answer.text
    assert rows(SectionStart) == []


def test_an_edition_that_is_not_there_shows_and_changes_nothing_wrong(visit, alice, enter, rows):
    enter("A\nB | p. 61")
    client = visit(alice)

    page = client.get(f"{PAGE}?edition=4711").text
    assert "p. 61" in box_on(page)
    answer = client.post(PAGE, data={"sections": "A\nB | p. 62", **hidden_on(page), "edition": "4711"})

    assert answer.status_code == 422
    assert [one.start for one in rows(SectionStart)] == [61]
