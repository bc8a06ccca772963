"""One tap: a long step that is asked about, the way back, and what finishing asks."""

from __future__ import annotations

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.notices.models import Notice
from bookclub.readings.models import Promise, ReadThrough
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread

HTMX = {"HX-Request": "true"}


def record(client, book, headers=None, **fields):
    return client.post(f"/books/{book.slug}/reading", data=fields, headers=headers)


def undo(client, book, headers=None):
    return client.post(f"/books/{book.slug}/reading/undo", data={"next": "/"}, headers=headers)


def strip(page, book):
    """The part of a page that is the strip of this book."""
    return page.partition(f'id="progress-{book.id}"')[2].partition("</section>")[0]


# A long step


def test_one_tap_that_goes_far_is_asked_about_and_saves_nothing(visit, save, book, chapters, bob, kept):
    save(make_reading(bob, book, position=2000))
    fields = {"status": "finished", "rating": "4", "next": "/"}

    answer = record(visit(bob), book, **fields, tap="1")

    assert answer.status_code == 422
    assert "You are at chapter 3. Have you really finished the book?" in answer.text
    for name, value in fields.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in answer.text
    assert 'name="tap"' not in answer.text
    assert '<a class="link" href="/">' in answer.text
    assert (kept(bob).position, kept(bob).rating) == (2000, None)
    assert record(visit(bob), book, **fields).location == "/"
    assert (kept(bob).mark, kept(bob).rating) == (END, 8)


def test_a_chapter_far_ahead_is_named_in_the_question(visit, save, book, chapters, bob, kept):
    save(make_reading(bob, book, position=1000))
    sent = {"position_unit": "section", "position": f"section-{chapters[3].id}", "tap": "1"}

    answer = record(visit(bob), book, **sent)

    assert "You are at chapter 2. Have you really read up to the end of chapter 4?" in answer.text
    assert kept(bob).position == 1000


def test_htmx_finds_the_question_where_the_strip_stood(visit, save, book, bob):
    save(make_reading(bob, book, position=2000))

    answer = record(visit(bob), book, HTMX, position="85", tap="1")

    assert "Have you really read up to 85 %?" in strip(answer.text, book)


def test_a_tap_without_a_place_before_it_or_of_a_short_step_is_not_asked_about(visit, book, bob):
    bobs = visit(bob)

    assert record(bobs, book, status="reading", tap="1").status_code == 303
    assert record(bobs, book, position="40", tap="1").status_code == 303
    assert record(bobs, book, position="80", tap="1").status_code == 303
    assert record(bobs, book, position="5", tap="1").status_code == 303
    assert record(bobs, book, position="45.01", tap="1").status_code == 422
    assert record(bobs, book, position="45", tap="1").status_code == 303


def test_a_form_does_what_it_says_in_one_post(visit, save, book, bob, kept):
    save(make_reading(bob, book, position=500))

    assert record(visit(bob), book, position="95").status_code == 303
    assert kept(bob).mark == 9500
    assert record(visit(bob), book, position="300", position_unit="page").status_code == 303
    assert (kept(bob).status, kept(bob).mark) == ("finished", END)


# Undo


def test_undo_restores_the_place_before_and_hides_what_was_opened(visit, save, book, alice, bob, kept):
    save(make_reading(bob, book, position=2000, entry="20", entry_unit="percent"))
    thread = save(make_thread(alice, book))
    save(make_comment(thread, alice, "They marry.", horizon=9000))
    bobs = visit(bob)
    assert "Undo" not in strip(bobs.get(f"/books/{book.slug}").text, book)
    record(bobs, book, status="finished")
    assert "They marry." in bobs.get(f"/threads/{thread.id}").text
    assert "Undo" in strip(bobs.get(f"/books/{book.slug}").text, book)

    assert undo(bobs, book).location == "/"

    reading = kept(bob)
    assert (reading.status, reading.position, reading.mark, reading.entry) == ("reading", 2000, 2000, "20")
    assert (reading.times_read, reading.finished_on) == (0, None)
    assert "They marry." not in bobs.get(f"/threads/{thread.id}").text
    assert "Undo" not in strip(bobs.get(f"/books/{book.slug}").text, book)


def test_stars_for_what_was_just_finished_leave_the_way_back_open(visit, save, book, bob, kept):
    save(make_reading(bob, book, position=2000))
    bobs = visit(bob)
    record(bobs, book, status="finished")
    record(bobs, book, rating="4.5")

    undo(bobs, book)

    assert (kept(bob).status, kept(bob).mark, kept(bob).rating) == ("reading", 2000, 9)


def test_undo_of_a_first_tap_leaves_no_reading_or_the_stars_alone(visit, book, bob, kept):
    bobs = visit(bob)
    record(bobs, book, status="finished")
    undo(bobs, book)
    assert kept(bob) is None

    record(bobs, book, rating="3")
    record(bobs, book, status="finished")
    undo(bobs, book)
    assert (kept(bob).status, kept(bob).mark, kept(bob).rating) == (None, 0, 6)


def test_undo_of_reading_it_again_counts_the_time_before_once(app, visit, book, bob, kept):
    bobs = visit(bob)
    record(bobs, book, status="finished")
    record(bobs, book, status="reading")
    undo(bobs, book)

    with app.app_context():
        assert db.session.query(ReadThrough).count() == 0
    assert (kept(bob).status, kept(bob).times_read, kept(bob).is_again) == ("finished", 1, False)
    assert kept(bob).finished_on is not None


def test_what_changed_elsewhere_meanwhile_is_not_undone(visit, save, book, bob, kept):
    save(make_reading(bob, book, position=2000))
    phone, laptop = visit(bob), visit(bob)
    record(phone, book, position="30")
    record(laptop, book, position="35")

    undo(phone, book)

    assert kept(bob).position == 3500


def test_undo_takes_back_what_others_were_told(visit, save, app, book, alice, bob):
    save(make_reading(bob, book, position=2000))
    visit(alice).post(f"/books/{book.slug}/promises", data={"member": bob.username})
    bobs = visit(bob)
    record(bobs, book, status="finished")
    with app.app_context():
        assert db.session.query(Notice).count() == 2

    undo(bobs, book)

    with app.app_context():
        assert db.session.query(Notice).count() == 0
        assert db.session.query(Promise).one().kept_at is None
    record(bobs, book, status="finished")
    with app.app_context():
        assert db.session.query(Notice).count() == 2


def test_htmx_undoes_in_place_and_nothing_is_left_to_undo_twice(visit, save, book, bob):
    save(make_reading(bob, book, position=2000))
    bobs = visit(bob)
    record(bobs, book, position="30")

    assert 'data-announce="You are at 20 %."' in undo(bobs, book, HTMX).text
    undo(bobs, book)
    assert "There is nothing to undo." in bobs.get("/").text


# After finishing


def test_finishing_asks_for_stars_then_words_then_the_next_book_of_the_author(visit, save, book, bob):
    bobs = visit(bob)
    record(bobs, book, status="finished")
    shown = strip(bobs.get(f"/books/{book.slug}").text, book)
    assert shown.index("How many stars?") < shown.index("Write a few words")
    assert "next?" not in shown

    save(make_book("Persuasion", author=book.credits[0].author))
    shown = strip(bobs.get(f"/books/{book.slug}").text, book)
    assert shown.index("Write a few words") < shown.index("next?")


def test_the_answer_on_the_book_page_changes_all_that_depends_on_the_place(
    visit, save, book, chapters, alice, bob
):
    save(make_reading(bob, book, position=500))
    save(make_review(alice, book, "They marry.", horizon=3000, title="Two evenings"))
    there = f"/books/{book.slug}"

    answer = record(visit(bob), book, HTMX, position="45", next=there).text

    assert "<html" not in answer
    shown = visit(bob).get(there).text
    for id in ("reviews", "discussion", "new-thread-finish", "other-place", "own", "ratings", "about"):
        assert f'id="{id}"' in answer.partition(f'<hx-partial hx-target="#{id}"')[2]
        assert f'id="{id}"' in shown
    assert "up to where I am: chapter 4" in answer
    assert "4. Of 4000" in answer
    assert "5. Of 8000" not in answer
