"""Passages: keep, lock, edit, delete and remove them, discuss them, and put them on an agenda."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bookclub.books.events import on_measure, on_positions_changed
from bookclub.books.models import Edition
from bookclub.extensions import begin_write, db, utcnow
from bookclub.members.events import on_departure
from bookclub.members.models import Club, Member
from bookclub.mergers.book_merge import merge_books
from bookclub.mergers.queries import hold_books
from bookclub.notices.models import Notice
from bookclub.passages import queries
from bookclub.passages.models import Passage
from bookclub.questions.models import Question
from bookclub.readings.models import Reading
from bookclub.threads.models import Comment, Thread
from tests.cases import each
from tests.factories import make_book, make_meeting, make_passage
from tests.passages.conftest import END, TEXT

LINES = "  Tyger Tyger,\nburning bright,\n\nIn the forests  "


def kept(rows) -> Passage:
    (passage,) = rows(select(Passage))
    return passage


def test_a_member_keeps_a_passage_with_a_note(keep, visit, readers, alice, olive, rows):
    answer = keep(alice, LINES, note="So **hard**.", position_unit="page", position="p. 201")

    passage = kept(rows)
    assert (answer.status_code, answer.location) == (303, f"/passages/{passage.id}")
    assert (passage.text, passage.body) == ("Tyger Tyger,\nburning bright,\n\nIn the forests", "So **hard**.")
    assert (passage.entry_unit, passage.entry, passage.horizon) == ("page", "201", 5025)
    for address in ("/books/emma/passages", f"/passages/{passage.id}"):
        page = visit(olive).get(address)
        assert "burning bright,\n\nIn the forests" in page.text
        assert "<strong>hard</strong>" in page.text
        assert "chapter 2 · page 201" in page.words


def test_words_from_a_book_are_plain_text(keep, visit, readers, alice):
    keep(alice, "<b>Not</b> **bold**, and ||no bar||")

    assert "&lt;b&gt;Not&lt;/b&gt; **bold**, and ||no bar||" in visit(alice).get("/books/emma/passages").text


@each(
    ("fields", "words"),
    [
        ({"text": "x" * 501}, "That is 501 characters long."),
        ({"text": " \n "}, "Type the words from the book."),
        ({"position": ""}, "Say where the passage stands."),
        ({"position_unit": "page", "position": "401"}, "Type a page from 0 to 400."),
        ({"note": "x" * 5001}, "Shorten it to 5,000."),
        ({"note": "He ||dies"}, "||"),
    ],
)
def test_what_cannot_be_kept_says_why_and_loses_nothing(keep, readers, alice, rows, fields, words):
    sent = {"text": TEXT, "note": "A note of mine.", **fields}
    page = keep(alice, **sent)

    assert page.status_code == 422
    assert words in page.words
    assert rows(select(Passage)) == []
    form = page.form("new-passage").fields
    assert form["text"].strip() == sent["text"].strip()
    assert form["note"] == sent["note"]


def test_what_has_to_be_corrected_stands_above_the_list(save, keep, emma, readers, alice):
    save(make_passage(alice, emma, "Handsome, clever and rich"))
    words = keep(alice, "Badly done", position="").words

    assert words.index("Say where the passage stands.") < words.index("Handsome, clever and rich")


def test_a_form_that_is_sent_twice_keeps_one_passage(keep, readers, alice, rows):
    first, second = (keep(alice, submission="once") for _ in range(2))

    assert first.location == second.location
    assert keep(alice, "Another.", submission="once").status_code == 303
    assert [passage.text for passage in rows(select(Passage))] == [TEXT, "Another."]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_passage_ahead_of_a_reader_is_a_placeholder(keep, visit, readers, alice, bob):
    keep(alice, note="The turn.")
    for address in ("/books/emma/passages", "/passages/1"):
        page = visit(bob).get(address)
        assert "Badly" not in page.text
        assert "turn" not in page.words
        assert "up to chapter 2" in page.words
    assert "1 passage: 0 here, 1 ahead of you" in visit(bob).get("/books/emma").words
    assert visit(bob).get("/passages/1/thread").location == "/passages/1"
    assert visit(bob).post("/passages/1/thread", data={"title": "T", "body": "B"}).status_code == 403

    revealed = visit(bob).get("/passages/1/reveal")
    assert "Badly done" in revealed.words
    assert (revealed.headers["Cache-Control"], revealed.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert "Badly" not in visit(bob).get("/passages/1").text


def test_who_reads_on_sees_it_and_hears_of_it(keep, visit, save, readers, alice, bob):
    keep(alice)
    keep(alice, "Later.", position="90")
    answer = visit(bob).post("/books/emma/reading", data={"position_unit": "percent", "position": "55"})
    assert answer.status_code == 303

    assert "Badly done" in visit(bob).get("/books/emma/passages").words
    assert "1 passage unlocked" in visit(bob).get("/").words
    page = visit(bob).get("/books/emma/unlocked")
    assert "Badly done" in page.words
    assert "Later." not in page.words


def test_who_reveals_the_book_sees_its_passages(keep, visit, readers, alice, bob):
    keep(alice)
    visit(bob).post("/books/emma/reveal")

    assert "Badly done" in visit(bob).get("/books/emma/passages").words


def test_bars_in_a_note_stay_closed_until_the_end(keep, visit, readers, alice, bob, olive):
    keep(alice, note="He ||loves|| her.", position="5")

    assert "loves" not in visit(bob).get("/books/emma/passages").text
    assert "Show the spoiler" in visit(bob).get("/books/emma/passages").words
    assert "loves" in visit(bob).get("/passages/1/reveal").words
    assert "loves" in visit(olive).get("/passages/1").words


def test_passages_stand_in_the_order_of_the_book(save, visit, emma, readers, alice, olive, monkeypatch):
    monkeypatch.setattr(queries, "PASSAGES_PER_PAGE", 2)
    for text, horizon in (
        ("Third", 5000),
        ("First", 1000),
        ("Fourth", 5000),
        ("Fifth", 9000),
        ("Second", 4000),
    ):
        save(make_passage(alice, emma, text, horizon=horizon))

    found, address = [], "/books/emma/passages"
    while address:
        page = visit(olive).get(address)
        found += [
            word for word in page.words.split() if word in ("First", "Second", "Third", "Fourth", "Fifth")
        ]
        address = page.link("Show more") if "Show more" in page.words else None
    assert found == ["First", "Second", "Third", "Fourth", "Fifth"]


def test_a_page_takes_as_many_statements_for_many_passages(
    save, visit, statements, emma, readers, alice, bob
):
    def count():
        with statements() as sent:
            assert visit(bob).get("/books/emma/passages").status_code == 200
        return len(sent)

    save(*(make_passage(alice, emma, horizon=horizon) for horizon in (100, 9000)))
    few = count()
    save(*(make_passage(alice, emma, horizon=horizon) for horizon in range(0, 2000, 50)))
    assert count() == few


def test_visitors_see_no_passages_even_in_a_public_club(app, keep, visitor, readers, alice):
    keep(alice, position="0")
    with app.app_context():
        begin_write()
        db.session.execute(update(Club).values(is_public=True))
        db.session.commit()

    for address in ("/books/emma/passages", "/passages/1", "/passages/1/reveal"):
        assert visitor.get(address).status_code == 303
    page = visitor.get("/books/emma")
    assert page.status_code == 200
    assert "assage" not in page.words


def test_its_member_edits_it_and_nobody_else(keep, visit, readers, alice, bob, rows):
    keep(alice)
    form = {"text": "Badly done.", "position_unit": "section", "position": "3", "note": "At Box Hill."}
    assert visit(bob).post("/passages/1/edit", data=form).status_code == 403

    assert visit(alice).post("/passages/1/edit", data=form).status_code == 303
    passage = kept(rows)
    assert (passage.text, passage.body, passage.horizon) == ("Badly done.", "At Box Hill.", END)
    assert visit(alice).get("/passages/1/edit").form("edit-passage").fields["position"] == "3"
    edited = passage.edited_at
    visit(alice).post("/passages/1/edit", data=form)
    assert kept(rows).edited_at == edited


def test_a_place_that_is_said_again_stays_where_it_has_moved_to(keep, visit, write, readers, alice, rows):
    keep(alice, position_unit="page", position="100")
    write(lambda: db.session.execute(update(Passage).values(own_horizon=7000, horizon=7000)))
    form = {"text": "Badly done.", "position_unit": "page", "position": "100"}
    visit(alice).post("/passages/1/edit", data=form)

    assert (kept(rows).text, kept(rows).horizon) == ("Badly done.", 7000)


@pytest.mark.databases("sqlite", "postgresql")
def test_it_moves_when_the_length_of_the_book_is_corrected(keep, visit, write, emma, readers, alice, rows):
    keep(alice, position_unit="page", position="100")
    visit(alice).post(
        "/passages/1/thread", data={"title": "Box Hill", "body": "Poor Miss Bates.", "horizon": "0"}
    )
    assert kept(rows).horizon == 2500

    def shorten():
        (before,) = on_measure.call(emma.id)
        db.session.execute(update(Edition).where(Edition.book_id == emma.id).values(pages=200))
        db.session.expire_all()
        on_positions_changed.call(emma.id, before)

    write(shorten)
    assert kept(rows).horizon == 5000
    assert rows(select(Thread).where(Thread.of_passage))[0].floor == 5000
    assert rows(select(Comment))[0].horizon == 5000


def test_its_member_deletes_it(keep, visit, readers, alice, bob, olive, rows):
    keep(alice)
    visit(olive).post(
        "/passages/1/thread", data={"title": "Box Hill", "body": "Poor Miss Bates.", "horizon": "0"}
    )
    assert visit(bob).post("/passages/1/deletion").status_code == 403
    assert "go for good" in visit(alice).get("/passages/1/deletion").words

    assert visit(alice).post("/passages/1/deletion").location == "/books/emma/passages"
    passage = kept(rows)
    assert (passage.text, passage.body, passage.body_html) == ("", "", "")
    assert "Nobody has kept a passage yet" in visit(olive).get("/books/emma/passages").words
    thread = visit(olive).get(f"/threads/{passage.thread_id}").words
    assert "Removed by its author" in thread
    assert "Poor Miss Bates." in thread


def test_a_moderator_removes_it_with_a_reason_that_its_member_hears(
    keep, visit, readers, alice, bob, mod, rows
):
    keep(alice)
    assert visit(bob).post("/passages/1/removal", data={"reason": "No"}).status_code == 403
    assert visit(mod).post("/passages/1/removal", data={"reason": " "}).status_code == 422
    assert visit(mod).post("/passages/1/removal", data={"reason": "Too much of it"}).status_code == 303

    for address in ("/books/emma/passages", "/passages/1"):
        assert "Removed by a moderator: Too much of it" in visit(bob).get(address).words
    assert [notice.kind for notice in rows(select(Notice))] == ["removed"]
    notices = visit(alice).get("/notices")
    assert "removed your passage from Emma" in notices.words
    assert "Too much of it" in notices.words


def test_a_member_hears_of_a_mention_that_they_can_read(keep, visit, readers, alice, bob, rows):
    keep(alice, note="See what I mean, @bob?", position="90")
    assert rows(select(Notice)) == []
    keep(alice, "Handsome, clever and rich", note="See what I mean, @bob?", position="5")

    assert [(notice.kind, notice.member_id) for notice in rows(select(Notice))] == [("mention", bob.id)]
    notices = visit(bob).get("/notices")
    assert "Alice mentioned you in a note on a passage from Emma." in notices.words
    assert "See what I mean" in notices.words
    # Who has heard of it does not hear of it again, and nothing of it is told once it has moved ahead.
    form = {"text": "Handsome", "position_unit": "percent", "position": "90", "note": "See, @bob?"}
    visit(alice).post("/passages/2/edit", data=form)
    assert len(rows(select(Notice))) == 1
    assert "mentioned you" not in visit(bob).get("/notices").words


def test_words_stay_when_their_member_leaves_and_go_where_they_wish(
    app, keep, visit, readers, alice, bob, olive
):
    keep(alice, "Alice kept this.", position="5")
    keep(bob, "Bob kept this.", position="5")
    with app.app_context():
        begin_write()
        on_departure.call(db.session.get(Member, alice.id), utcnow())
        on_departure.call(db.session.get(Member, bob.id), utcnow(), words_too=True)
        db.session.commit()

    page = visit(olive).get("/books/emma/passages").words
    assert "Alice kept this." in page
    assert "a former member" in page.lower()
    assert "Bob kept this." not in page


def test_passages_move_when_two_books_become_one(app, save, keep, visit, emma, readers, alice, olive):
    keep(alice)
    other = save(make_book("Emma, again"))
    with app.app_context():
        begin_write()
        hold_books([other.id, emma.id])
        merge_books(other.id, emma.id, db.session.get(Member, olive.id), utcnow())
        db.session.commit()

    assert "Badly done" in visit(alice).get(f"/books/{other.slug}/passages").words


# Conversations


def test_a_passage_is_discussed_under_its_own_floor(keep, visit, readers, alice, bob, olive, rows):
    keep(alice)
    form = visit(olive).get("/passages/1/thread")
    assert "Badly done" in form.words
    answer = visit(olive).post(
        "/passages/1/thread", data={"title": "Box Hill", "body": "Poor Miss Bates.", "horizon": "0"}
    )

    (thread,) = rows(select(Thread))
    (comment,) = rows(select(Comment))
    assert answer.location == f"/comments/{comment.id}/in-thread"
    assert (thread.floor, comment.horizon, thread.title) == (5000, 5000, "Box Hill")
    talk = visit(alice).get(f"/threads/{thread.id}").words
    assert talk.index("Badly done") < talk.index("Poor Miss Bates.")
    assert "1 thought" in visit(alice).get("/passages/1").words
    # Bob is not there yet: neither the words of the book nor those of Olive are his.
    page = visit(bob).get(f"/threads/{thread.id}").text
    assert "Badly done" not in page
    assert "Miss Bates" not in page
    # No edit of the opening lowers the floor.
    visit(olive).post(
        f"/comments/{comment.id}/edit", data={"title": "Box Hill", "body": "Poor Jane.", "horizon": "0"}
    )
    assert rows(select(Thread))[0].floor == 5000
    assert rows(select(Comment))[0].horizon == 5000


def test_who_comes_second_writes_in_the_conversation_that_is_there(keep, visit, readers, alice, olive, rows):
    keep(alice)
    for member, body in ((olive, "Poor Miss Bates."), (alice, "Poor Emma.")):
        form = {"title": "Box Hill", "body": body, "horizon": "0"}
        assert visit(member).post("/passages/1/thread", data=form).status_code == 303

    (thread,) = rows(select(Thread))
    assert thread.comment_count == 2
    assert visit(alice).get("/passages/1/thread").location == f"/threads/{thread.id}"


def test_a_locked_conversation_takes_no_more_words(keep, visit, readers, alice, olive, rows):
    keep(alice)
    form = {"title": "Box Hill", "body": "Poor Miss Bates.", "horizon": "0"}
    visit(olive).post("/passages/1/thread", data=form)
    visit(olive).post("/threads/1/lock", data={"reason": "It got heated."})

    refused = visit(alice).post("/passages/1/thread", data={**form, "body": "Poor Emma."})
    assert refused.status_code == 403
    assert "It got heated." in refused.words
    assert len(rows(select(Comment))) == 1


def test_a_discussion_that_cannot_be_opened_loses_nothing(keep, visit, readers, alice, rows):
    keep(alice)
    page = visit(alice).post(
        "/passages/1/thread", data={"title": "", "body": "Poor Miss Bates.", "horizon": "0"}
    )

    assert page.status_code == 422
    assert page.form("new-discussion").fields["body"].strip() == "Poor Miss Bates."
    looked = visit(alice).post(
        "/passages/1/thread/preview", data={"title": "T", "body": "Poor Miss Bates.", "horizon": "0"}
    )
    assert "Poor Miss Bates." in looked.words
    assert rows(select(Thread)) == []


def test_who_reveals_the_conversation_sees_the_passage(keep, visit, readers, alice, bob, rows):
    keep(alice)
    visit(alice).post(
        "/passages/1/thread", data={"title": "Box Hill", "body": "Poor Miss Bates.", "horizon": "0"}
    )
    (thread,) = rows(select(Thread))
    visit(bob).post(f"/threads/{thread.id}/reveal")

    assert "Badly done" in visit(bob).get(f"/threads/{thread.id}").words


# Agendas


def test_a_passage_goes_on_the_agenda_once_and_stays_locked_there(
    keep, visit, meeting, readers, alice, bob, olive, rows
):
    keep(alice, note="Read it aloud.")
    page = visit(olive).get("/passages/1")
    assert "Put it on the agenda" in page.words
    for _ in range(2):
        answer = visit(olive).post(f"/meetings/{meeting.id}/questions", data={"passage": "1"})
        assert answer.status_code == 303

    (reference,) = rows(select(Question))
    # It has nothing of its own that could be shown instead.
    assert (reference.body, reference.own_horizon, reference.book_id) == ("", END, None)
    for address in (f"/meetings/{meeting.id}", f"/meetings/{meeting.id}/agenda"):
        assert "Badly done" in visit(alice).get(address).words
        assert "Read it aloud." in visit(alice).get(address).words
        ahead = visit(bob).get(address)
        assert "Badly done" not in ahead.text
        assert ahead.link("Reveal anyway") == "/passages/1/reveal"
    assert "It is on the agenda of" in visit(olive).get("/passages/1").words
    assert visit(bob).post("/questions/1/support", data={"on": "1"}).status_code == 403
    assert visit(alice).post("/questions/1/support", data={"on": "1"}).status_code == 303


def test_only_what_fits_goes_on_an_agenda(save, keep, visit, meeting, readers, alice, bob, olive, rows):
    keep(alice)
    elsewhere = save(make_meeting(olive, save(make_book("Persuasion"))))
    over = save(make_meeting(olive, starts_at=utcnow() - timedelta(days=2)))
    for member, where, what in (
        (bob, meeting.id, "1"),
        (alice, meeting.id, "4711"),
        (alice, meeting.id, "x"),
        (alice, elsewhere.id, "1"),
        (alice, over.id, "1"),
    ):
        answer = visit(member).post(f"/meetings/{where}/questions", data={"passage": what})
        assert answer.status_code == 422, (member.username, where, what)
    assert rows(select(Question)) == []


def test_it_leaves_the_agenda_with_its_words_or_by_who_put_it_there(
    keep, visit, meeting, readers, alice, bob, olive
):
    keep(alice)
    put = lambda: visit(olive).post(f"/meetings/{meeting.id}/questions", data={"passage": "1"})  # noqa: E731
    put()
    assert visit(bob).post("/questions/1/deletion").status_code == 403
    assert "The passage itself stays" in visit(olive).get("/questions/1/deletion").words
    assert visit(olive).post("/questions/1/deletion").status_code == 303
    assert "Badly done" in visit(olive).get("/passages/1").words

    put()
    visit(alice).post("/passages/1/deletion")
    assert "No questions yet." in visit(olive).get(f"/meetings/{meeting.id}").words


# Highlights

NOTES = (
    "To lend to Olive.\n\nBadly done, Emma!\n(Your Highlight on page 300 | location 912-914)\n\n"
    "I was blinded.\n\nBy vanity.\n(Your Highlight at location 1200-1202)"
)


def test_highlights_become_passages_one_by_one(keep, visit, write, readers, alice, bob, rows):
    write(
        lambda: db.session.execute(update(Reading).where(Reading.member_id == alice.id).values(notes=NOTES))
    )
    assert "Choose from your 2 Kindle highlights" in visit(alice).get("/books/emma/passages").words
    assert "Kindle" not in visit(bob).get("/books/emma/passages").words
    page = visit(alice).get("/books/emma/passages/highlights")
    assert "By vanity." in page.words
    assert "No highlights here" in visit(bob).get("/books/emma/passages/highlights").words

    first = re.findall(r'href="(/books/emma/passages\?highlight=\w+)#new-passage"', page.text)[0]
    form = visit(alice).get(first).form("new-passage").fields
    assert form["text"].strip().endswith("Badly done, Emma!")
    assert (form["position"], form["position_unit"]) == ("300", "page")
    # The key of somebody else's highlight opens nothing.
    assert "Badly" not in visit(bob).get(first).text
    visit(alice).post("/books/emma/passages", data=dict(form))
    assert kept(rows).horizon == 7500
    assert "kept" in visit(alice).get("/books/emma/passages/highlights").words
