"""Two books become one and two again: nothing is lost, and nobody is spoiled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import case, select, update

from bookclub.asks.models import Endorsement
from bookclub.books import match_queries
from bookclub.books import queries as books_queries
from bookclub.books.catalogue_queries import addresses_of
from bookclub.books.models import Adaptation, Book, BookEdit, Edition
from bookclub.extensions import db, utcnow
from bookclub.imports.models import ImportedReading, ImportRow
from bookclub.lib.matches.verdict import BookDescription
from bookclub.lib.positions.places import END
from bookclub.lib.positions.visibility import Viewer
from bookclub.mergers.book_merge import count_again
from bookclub.mergers.jobs import forget
from bookclub.mergers.models import Merger, MergerStep
from bookclub.mergers.rules import can_undo
from bookclub.notices.models import Notice
from bookclub.readings.models import OwnTag, Promise, Reading, ReadThrough, Reveal
from bookclub.readings.visibility_queries import visible_to
from bookclub.recommendations.models import Mute, NeighbourPack, PackNeighbour, PackReadership
from bookclub.reviews.models import Review, ReviewDraft, ReviewRevision
from bookclub.rounds.models import Nomination, Round
from bookclub.sections.models import Section, SectionStart
from bookclub.threads.models import Bookmark, Comment, Thread
from tests.factories import (
    PASSWORD,
    make_answer,
    make_ask,
    make_book,
    make_comment,
    make_draft,
    make_endorsement,
    make_import,
    make_member,
    make_nomination,
    make_reading,
    make_report,
    make_review,
    make_round,
    make_tag,
    make_thread,
)

NOW = utcnow()
CHANGES = {"title": ["a", "b"]}


@dataclass
class World:
    """Two entries of one work, a third book, and who has done what with them."""

    kept: Book
    gone: Book
    other: Book
    carol: Any
    older: Review
    newer: Review
    comments: list[Comment]


@pytest.fixture
def world(save, write, alice, bob, olive):
    """A row of every kind points to each of two books, and many would stand in each other's way."""
    tag, common = save(make_tag("peat"), make_tag("fens"))
    kept = save(make_book("Sedge", author="Ada Moor", isbn="9780571244980", tags=(common,)))
    gone = save(
        make_book(
            "The Sedge", author="A. Moor", isbn="9780307276445", tags=(common, tag), slug="the-sedge",
            subtitle="A Story", description="About *peat*.", series="Fens", series_number=1.0,
        )
    )  # fmt: skip
    other = save(make_book("Rush", author="Ines Vole"))
    carol = save(make_member("carol"))
    save(Edition(book_id=gone.id, format="audiobook", minutes=300, place=1))
    for book in (kept, gone):
        save(Adaptation(book_id=book.id, title="Sedge", year=1990, kind="film"))
        save(BookEdit(book_id=book.id, member_id=bob.id, changes=CHANGES))
        _, second = save(
            Section(book_id=book.id, place=0, title="One", typed_start=0, start=0),
            Section(book_id=book.id, place=1, title="Two", typed_start=None, start=5000),
        )
        save(
            SectionStart(section_id=second.id, edition_id=book.editions[0].id, unit="page", start=150),
        )
        brought = save(make_import(bob, total=1))
        save(ImportRow(import_id=brought.id, number=2, state="taken", entry={}, book_id=book.id))
        save(ImportedReading(member_id=bob.id, book_id=book.id, said={"rating": 4 + 2 * (book is gone)}))
        save(Mute(member_id=olive.id, book_id=book.id), Reveal(member_id=olive.id, book_id=book.id))
        save(make_draft(carol, book, f"Thoughts on {book.title}", title=f"On {book.title}"))
        asked = save(make_ask(bob, f"After {book.title}?", book=book))
        save(make_comment(asked.thread, alice, "Much."))
        settled = save(make_round(olive, settled_at=NOW, outcome="void", title=f"Round {book.title}"))
        save(make_nomination(settled, book, bob, "Short.", as_nominated=book.label.to_json()))
        save(make_endorsement(alice, other, book), make_endorsement(bob, book, other))
    save(Reveal(member_id=carol.id, book_id=gone.id), Mute(member_id=carol.id, book_id=gone.id))
    asked = save(make_ask(olive, "What next?"))
    save(make_answer(asked, alice, kept), make_answer(asked, alice, gone, "The same, longer."))
    both = save(make_round(olive, settled_at=NOW, outcome="decided", title="Both"))
    save(make_nomination(both, kept, alice), make_nomination(both, gone, bob))
    save(Endorsement(member_id=bob.id, book_id=kept.id, other_id=gone.id, reason="Its sister."))

    # Alice has read both, Bob only the one that goes, Carol (in private) both.
    mine = save(
        make_reading(alice, kept, position=2000, rating=8, notes="Kept notes", started_on=date(2026, 1, 1))
    )
    over = {"finished_on": date(2024, 5, 1), "times_read": 1, "edition_id": gone.editions[0].id}
    theirs = save(make_reading(alice, gone, position=END, rating=6, notes="Gone notes", **over))
    only = save(make_reading(bob, gone, position=9000, rating=10, entry="270", entry_unit="page"))
    for book in (kept, gone):
        save(make_reading(carol, book, position=3000, is_private=True))
    for reading in (mine, theirs):
        save(
            OwnTag(reading_id=reading.id, name="Moors"), OwnTag(reading_id=reading.id, name=f"T{reading.id}")
        )
        save(Promise(member_id=bob.id, reading_id=reading.id))
        save(Notice(member_id=bob.id, kind="promise", reading_id=reading.id, actor_id=alice.id))
        save(ReadThrough(reading_id=reading.id, finished_on=date(2020, 1, 1)))
    save(Promise(member_id=carol.id, reading_id=only.id))
    save(kept), save(gone)

    # Alice reviewed both, Bob the one that goes; both of hers are talked about.
    older = save(
        make_review(
            alice, gone, "Old words, ||bars||.", title="Old", horizon=8000, created_at=NOW - timedelta(9)
        )
    )
    save(
        ReviewRevision(
            review_id=older.id, title="Oldest", summary="", body="First.", prose=older.prose, horizon=100
        )
    )
    newer = save(
        make_review(alice, kept, "New words.", title="New", horizon=1000, created_at=NOW - timedelta(2))
    )
    save(make_review(bob, gone, "Fine.", title="Bobs"))
    talk = save(make_comment(older.thread, bob, "About the old one"))
    reply = save(make_comment(older.thread, alice, "Thanks", parent=talk))
    new_talk = save(make_comment(newer.thread, bob, "About the new one"))
    save(
        make_report(bob, older), Notice(member_id=alice.id, kind="reply", comment_id=talk.id, actor_id=bob.id)
    )
    thread = save(make_thread(bob, gone, "The heron", floor=4000))
    ours = save(make_comment(thread, alice, "It flies", horizon=6000))
    save(make_comment(save(make_thread(bob, kept, "The otter")), alice, "It swims"))
    save(
        Reveal(member_id=carol.id, thread_id=newer.thread_id),
        Bookmark(member_id=bob.id, thread_id=thread.id, mark=9000),
    )
    save(NeighbourPack(source="Ten", licence="CC0", readers=10))
    save(PackReadership(book_id=kept.id, readers=3), PackReadership(book_id=gone.id, readers=7))
    for one, two, together in (
        (kept, gone, 2),
        (gone, kept, 2),
        (gone, other, 5),
        (other, gone, 5),
        (kept, other, 1),
    ):
        save(PackNeighbour(book_id=one.id, other_id=two.id, together=together, weight=0.5))
    # What is counted and searched is as the club would have it.
    write(lambda: count_again([kept.id, gone.id, other.id]))
    return World(kept, gone, other, carol, older, newer, [talk, reply, new_talk, ours])


@pytest.fixture
def merged(world, merge, rows):
    """The two are one."""
    answer = merge("books", "the-sedge", into="sedge")
    assert (answer.status_code, answer.location) == (303, "/books/sedge"), answer.text
    return world


@pytest.fixture
def undo(visit, olive, rows):
    """Undo the latest merger."""

    def undo():
        return visit(olive).post(f"/mergers/{max(rows(select(Merger.id)))}/reversal")

    return undo


def differing(before, after):
    """The rows that are in one of two dumps and not in the other, by table."""
    return {
        table: (
            [row for row in found if row not in after[table]],
            [row for row in after[table] if row not in found],
        )
        for table, found in before.items()
        if found != after[table]
    }


@pytest.mark.databases("sqlite", "postgresql")
def test_undo_gives_back_every_row(world, dump, merge, undo):
    before = dump("former_book", "merger_step")
    assert merge("books", "the-sedge", into="sedge").status_code == 303
    assert dump("former_book", "merger_step") != before

    assert undo().location == "/books/the-sedge"
    assert differing(before, dump("former_book", "merger_step")) == {}


def test_the_other_way_round_gives_back_every_row_too(world, dump, merge, undo):
    before = dump("former_book", "merger_step")
    assert merge("books", "sedge", into="the-sedge").status_code == 303
    assert undo().status_code == 303

    assert differing(before, dump("former_book", "merger_step")) == {}


# Nobody is spoiled


def seen_by(app, *people):
    """What each may read: ids of comments, of reviews and of revisions, by the predicate of the club."""
    found = {}
    with app.app_context():
        for member in people:
            who = member.id if member else None
            place = {"author_id": Comment.member_id, "thread_id": Thread.id, "book_id": Thread.book_id}
            comments = (
                select(Comment.id)
                .join(Thread, Thread.id == Comment.thread_id)
                .where(visible_to(Viewer(who), horizon=Comment.horizon, **place))
            )
            of_review = {
                "author_id": Review.member_id,
                "thread_id": Review.thread_id,
                "book_id": Review.book_id,
            }
            reviews = select(Review.body).where(visible_to(Viewer(who), horizon=Review.horizon, **of_review))
            present = case(
                (ReviewRevision.horizon > Review.horizon, ReviewRevision.horizon), else_=Review.horizon
            )
            old = (
                select(ReviewRevision.body)
                .join(Review, Review.id == ReviewRevision.review_id)
                .where(visible_to(Viewer(who), horizon=present, **of_review))
            )
            found[who] = (
                set(db.session.scalars(comments)),
                {*db.session.scalars(reviews), *db.session.scalars(old)} - {""},
            )
    return found


@pytest.mark.parametrize("into", ["sedge", "the-sedge"])
@pytest.mark.parametrize("height", [0, 4999, END])
def test_nobody_sees_more_than_before_but_by_the_mark_of_the_kept_book(
    app, world, merge, undo, save, write, rows, alice, bob, olive, into, height
):
    gone = world.gone if into == "sedge" else world.kept
    kept = world.kept if into == "sedge" else world.gone
    dora = save(make_member("dora"))
    save(make_reading(dora, kept, position=height, status="reading" if height < END else "finished"))
    people = (None, alice, bob, olive, world.carol, dora)
    before = seen_by(app, *people)
    marks = {
        reading.member_id: reading.mark for reading in rows(select(Reading).where(Reading.book_id == kept.id))
    }
    horizons = {comment.id: comment.horizon for comment in rows(select(Comment))}

    assert merge("books", gone.slug, into=kept.slug).status_code == 303
    after = seen_by(app, *people)
    assert {
        id
        for id, horizon in horizons.items()
        if {c.id: c.horizon for c in rows(select(Comment))}[id] < horizon
    } == set()
    for member in people:
        who = member.id if member else None
        allowed = {c.id for c in rows(select(Comment)) if c.horizon <= marks.get(who, 0)}
        assert after[who][0] - before[who][0] <= allowed, who
        if not marks.get(who):
            assert after[who][1] <= before[who][1], who

    assert undo().status_code == 303
    assert seen_by(app, *people) == before


def test_bars_stay_closed_for_who_finished_only_the_other_book(world, merge, visit, save, bob, rows):
    erin = save(make_member("erin"))
    save(make_reading(erin, world.gone, position=END))
    client = visit(erin)
    assert "bars" in client.get(f"/reviews/{world.older.id}").text
    merge("books", "the-sedge", into="sedge")

    reading = rows(select(Reading).where(Reading.member_id == erin.id))[0]
    assert (reading.status, reading.position, reading.mark) == ("finished", None, 0)
    page = client.get("/books/sedge").text
    assert "which is now part of" in page
    assert "How far are you?" in page
    revisions = client.get(f"/reviews/{world.newer.id}/revisions").text
    assert "Old words" not in revisions
    assert client.post("/books/sedge/reading", data={"status": "finished"}).status_code == 303
    assert "bars" in client.get(f"/reviews/{world.newer.id}/revisions").text
    assert "which is now part of" not in client.get("/books/sedge").text


def test_the_question_is_asked_once(merged, visit, bob, rows):
    client = visit(bob)
    assert "How far are you?" in client.get("/books/sedge").text
    assert client.post("/books/sedge/reading/question/deletion").status_code == 303
    assert "How far are you?" not in client.get("/books/sedge").text
    assert rows(select(Reading.mark).where(Reading.member_id == bob.id)) == [0]


def test_a_chapter_of_the_other_book_is_taken_for_none_of_this(world, merge, save, visit, alice, rows):
    chapter = rows(select(Section).where(Section.book_id == world.gone.id, Section.title == "Two"))[0]
    thread = save(make_thread(alice, world.gone, "Two"))
    comment = make_comment(thread, alice, horizon=END)
    comment.horizon_choice = f"section-{chapter.id}"
    save(comment)
    merge("books", "the-sedge", into="sedge")

    assert [section.title for section in rows(select(Section))] == ["One", "Two"]
    sections = {"sections": "One\nTwo\nThree"}
    assert visit(alice).post("/books/sedge/sections", data=sections).status_code == 303
    assert rows(select(Comment.horizon).where(Comment.id == comment.id)) == [END]
    assert chapter.id not in rows(select(Section.id))


def test_pages_without_an_edition_go_on_counting_in_the_kept_books_own(save, merge, visit, alice, rows):
    # The other edition has the lower id, and half the pages.
    save(make_book("Short", pages=150))
    long = save(make_book("Long", pages=300))
    save(make_reading(alice, long, position=3333, entry="100", entry_unit="page"))
    merge("books", "short", into="long")

    visit(alice).post("/books/long/sections", data={"sections": "One\nTwo"})
    assert rows(select(Reading.position)) == [3333]
    assert [edition.pages for edition in rows(select(Edition).order_by(Edition.place))] == [300, 150]
    assert 'value="300"' in visit(alice).get("/books/long/edit").text


# Reviews, readings, and what hangs on them


def test_the_older_review_becomes_a_version_of_the_newer(merged, save, visit, alice, bob, rows):
    client = visit(alice)
    moved = client.get(f"/reviews/{merged.older.id}")
    assert (moved.status_code, moved.location) == (302, f"/reviews/{merged.newer.id}")
    erin = save(make_member("erin"))
    save(make_reading(erin, merged.kept, position=END))
    page = visit(erin).get(f"/reviews/{merged.newer.id}").text
    assert "New words." in page
    assert "About the new one" in page
    assert "About the old one" in page
    # Alice finished the other book, and is at 20 % of this one.
    assert "About the old one" not in client.get(f"/reviews/{merged.newer.id}").text
    assert "Old words" in client.get(f"/reviews/{merged.newer.id}/revisions").text
    # Bob has not come so far in the book that was kept.
    assert "Old words" not in visit(bob).get(f"/reviews/{merged.newer.id}/revisions").text
    in_thread = client.get(f"/comments/{merged.comments[0].id}/in-thread")
    assert in_thread.location.startswith(f"/reviews/{merged.newer.id}")
    replied = client.post(
        f"/threads/{merged.older.thread_id}/comments", data={"body": "Late", "horizon": "finished"}
    )
    assert replied.status_code == 303
    assert merged.newer.thread_id in rows(select(Comment.thread_id).where(Comment.body == "Late"))


@pytest.mark.databases("sqlite", "postgresql")
def test_two_readings_join_by_the_rules_of_an_import_with_the_kept_mark(merged, rows, alice):
    (reading,) = rows(select(Reading).where(Reading.member_id == alice.id))
    assert (reading.mark, reading.position, reading.rating) == (2000, 2000, 8)
    assert "Kept notes" in reading.notes
    assert "Gone notes" in reading.notes
    assert "Rated 3 of 5 stars as “The Sedge”." in reading.notes
    days = {one.finished_on for one in rows(select(ReadThrough).where(ReadThrough.reading_id == reading.id))}
    assert date(2024, 5, 1) in {*days, reading.finished_on}
    assert len(rows(select(OwnTag).where(OwnTag.reading_id == reading.id))) == 3


def test_private_stays_private(merged, rows, visit, olive, bob):
    (reading,) = rows(select(Reading).where(Reading.member_id == merged.carol.id))
    assert reading.is_private
    assert rows(select(Book.rating_count).where(Book.slug == "sedge")) == [2]


def test_the_preview_counts_no_private_reading(world, visit, olive):
    page = visit(olive).get("/books/the-sedge/merger?into=sedge").text
    # Alice's and Bob's, and not Carol's.
    assert "2 readings move." in page


@pytest.mark.databases("sqlite", "postgresql")
def test_counts_follow(merged, rows, undo):
    assert rows(select(Book.rating_sum).where(Book.slug == "sedge")) == [18]
    undo()
    sums = rows(select(Book.rating_sum).where(Book.slug.in_(("sedge", "the-sedge"))).order_by(Book.slug))
    assert sums == [8, 16]


# What was done since


def test_what_was_edited_and_written_since_stays(merged, undo, visit, alice, bob, rows, save):
    visit(alice).post("/books/sedge/reading", data={"rating": "2.5", "notes": "All new"})
    said = {"title": "Since", "body": "Since then", "horizon": "0"}
    visit(bob).post("/books/sedge/threads", data=said)
    visit(bob).post(f"/threads/{merged.newer.thread_id}/comments", data={
        "body": "A late reply", "horizon": "finished", "parent_id": str(merged.comments[0].id),
    })  # fmt: skip
    assert undo().status_code == 303

    mine = {
        reading.book_id: reading for reading in rows(select(Reading).where(Reading.member_id == alice.id))
    }
    assert (mine[merged.kept.id].rating, mine[merged.kept.id].notes) == (5, "All new")
    assert mine[merged.kept.id].mark == 2000
    gone = rows(select(Book.id).where(Book.slug == "the-sedge"))[0]
    assert (mine[gone].rating, mine[gone].mark, mine[gone].notes) == (6, END, "")
    assert rows(select(Thread.book_id).where(Thread.title == "Since")) == [merged.kept.id]
    late = rows(select(Comment).where(Comment.body == "A late reply"))[0]
    assert (late.thread_id, late.parent_id, late.horizon) == (merged.newer.thread_id, None, END)
    assert visit(alice).get(f"/comments/{late.id}").status_code == 200


def test_each_book_has_its_marks_of_before(merged, undo, visit, alice, bob, rows):
    visit(alice).post("/books/sedge/reading", data={"status": "finished"})
    visit(bob).post("/books/sedge/reading", data={"position": "10", "position_unit": "percent"})
    undo()

    gone = rows(select(Book.id).where(Book.slug == "the-sedge"))[0]
    found = {(one.member_id, one.book_id): one.mark for one in rows(select(Reading))}
    assert found[alice.id, merged.kept.id] == 2000
    assert found[alice.id, gone] == END
    assert found[bob.id, gone] == 9000
    assert (bob.id, merged.kept.id) not in found


def test_a_place_in_an_edition_that_goes_back_is_asked_for_again(merged, undo, visit, save, rows):
    erin = save(make_member("erin"))
    (edition,) = rows(select(Edition.id).where(Edition.minutes == 300))
    sent = {"status": "reading", "position": "150", "position_unit": "minute", "edition": str(edition)}
    assert visit(erin).post("/books/sedge/reading", data=sent).status_code == 303
    undo()

    (reading,) = rows(select(Reading).where(Reading.member_id == erin.id))
    assert (reading.book_id, reading.mark, reading.edition_id) == (merged.kept.id, 0, None)
    assert "are two books now" in visit(erin).get("/books/sedge").text


def test_a_review_that_was_deleted_since_is_not_resurrected(merged, undo, visit, alice, rows):
    assert visit(alice).post(f"/reviews/{merged.newer.id}/deletion").status_code == 303
    undo()

    bodies = [*rows(select(Review.body)), *rows(select(ReviewRevision.body))]
    assert not any("Old words" in body or "New words" in body for body in bodies)
    assert visit(alice).get(f"/reviews/{merged.older.id}").status_code == 200


def test_a_draft_that_was_thrown_away_since_is_not_resurrected(merged, undo, visit, rows):
    (draft,) = rows(select(ReviewDraft))
    assert "Thoughts on Sedge" in draft.body
    assert "Thoughts on The Sedge" in draft.body
    assert visit(merged.carol).post(f"/drafts/{draft.id}/deletion").status_code == 303
    undo()

    assert rows(select(ReviewDraft)) == []


def test_a_member_who_left_since_leaves_nothing_behind(app, merged, undo, visit, alice, rows):
    assert visit(alice).post("/settings/departure", data={"password": PASSWORD}).status_code == 303
    assert rows(select(MergerStep).where(MergerStep.member_id == alice.id)) == []
    assert undo().status_code == 303

    assert rows(select(Reading).where(Reading.member_id == alice.id)) == []


def test_the_record_holds_no_words(merged, rows):
    told = str(rows(select(MergerStep.details)))
    for words in ("Old words", "New words", "Gone notes", "Kept notes", "Thoughts", "About the old"):
        assert words not in told


@pytest.mark.databases("sqlite", "postgresql")
def test_ids_that_were_given_to_others_meanwhile_do_no_harm(save, merge, undo, visit, alice, bob, rows):
    kept, gone = save(make_book("Sedge")), save(make_book("The Sedge", slug="the-sedge"))
    save(make_reading(alice, kept, position=10), make_reading(alice, gone, position=20))
    save(make_thread(bob, gone, "The heron"))
    merge("books", "the-sedge", into="sedge")
    other = save(make_book("Rush"))
    save(make_reading(bob, other, position=30))

    assert undo().status_code == 303
    books = {book.id: book.slug for book in rows(select(Book))}
    assert sorted(books.values()) == ["rush", "sedge", "the-sedge"]
    found = {(books[one.book_id], one.member_id): one.mark for one in rows(select(Reading))}
    assert found == {("sedge", alice.id): 10, ("the-sedge", alice.id): 20, ("rush", bob.id): 30}
    assert [books[one.book_id] for one in rows(select(Thread))] == ["the-sedge"]


def test_chained_mergers_come_apart_from_the_last(world, save, merge, undo, visit, olive, rows, dump):
    third = save(make_book("Sedge, a Story"))
    before = dump("former_book", "merger_step")
    merge("books", "the-sedge", into="sedge")
    merge("books", "sedge", into=third.slug)
    first, second = sorted(rows(select(Merger.id)))
    client = visit(olive)
    for slug in ("the-sedge", "sedge"):
        assert client.get(f"/books/{slug}").location == f"/books/{third.slug}"

    assert "Undo that first" in client.post(f"/mergers/{first}/reversal").text
    assert client.post(f"/mergers/{second}/reversal").status_code == 303
    assert client.get("/books/the-sedge").location == "/books/sedge"
    assert client.post(f"/mergers/{first}/reversal").status_code == 303
    assert differing(before, dump("former_book", "merger_step")) == {}


# Rounds, addresses, the catalogue


def test_books_in_a_round_that_is_not_over_stay_as_they_are(save, visit, merge, alice, olive, rows):
    gone = save(make_book("The Sedge", slug="the-sedge"))
    save(make_book("Sedge"))
    voting_round = save(make_round(olive, title="Spring"))
    save(make_nomination(voting_round, gone, alice))
    client = visit(olive)
    for slug, into in (("the-sedge", "sedge"), ("sedge", "the-sedge")):
        page = client.get(f"/books/{slug}/merger?into={into}").text
        assert "“The Sedge” is nominated in the round “Spring”. Wait until that is over." in page
        assert client.post(f"/books/{slug}/merger", data={"into": into}).status_code == 422
    assert client.get("/books/the-sedge/split").text.count("Wait until that is over") == 1
    assert len(rows(select(Book))) == 2


def test_nominations_of_rounds_that_are_over_keep_their_labels(merged, visit, olive, rows):
    (over,) = rows(select(Round.id).where(Round.title == "Round The Sedge"))
    page = visit(olive).get(f"/rounds/{over}").text
    assert "The Sedge" in page
    (both,) = rows(select(Round.id).where(Round.title == "Both"))
    assert visit(olive).get(f"/rounds/{both}").status_code == 200
    assert len(rows(select(Nomination).where(Nomination.book_id == merged.kept.id))) == 4


def test_old_addresses_forms_and_imports_find_the_kept_book(app, merged, visit, alice, bob, rows):
    client = visit(alice)
    assert (client.get("/books/the-sedge").status_code, client.get("/books/the-sedge").location) == (
        302,
        "/books/sedge",
    )
    for path in ("edit", "edits", "sections", "reviews/new"):
        assert client.get(f"/books/the-sedge/{path}").status_code in (200, 302), path
    posted = client.post(
        "/books/the-sedge/threads", data={"title": "Late", "body": "Sent late.", "horizon": "0"}
    )
    assert posted.status_code == 303
    assert rows(select(Thread.book_id).where(Thread.title == "Late")) == [merged.kept.id]
    with app.app_context():
        wanted = [
            BookDescription("The Sedge", ("A. Moor",)),
            BookDescription("Something else", ("Ada Moor",), ("9780307276445",)),
            BookDescription("Sedge", ("Ada Moor",)),
        ]
        assert match_queries.find_books(wanted) == [merged.kept.id] * 3
        assert addresses_of("[[The Sedge]]")["the sedge"] == "/books/sedge"
        assert books_queries.book_by_name("The Sedge").id == merged.kept.id
    again = visit(bob).post("/books/new", data={"title": "The Sedge", "authors": "A. Moor"})
    assert again.status_code == 422
    assert "The club has this already" in again.text
    assert "Sedge" in client.get("/books?q=The Sedge").text


def test_it_is_logged_as_edits_are(merged, visit, alice, olive):
    page = visit(alice).get("/books/sedge/edits").text
    assert "was merged into this" in page
    assert ">Undo<" not in page
    assert ">Undo<" in visit(olive).get("/books/sedge/edits").text


@pytest.mark.databases("sqlite", "postgresql")
def test_the_book_is_found_by_address_isbn_and_title(world, visit, olive):
    client = visit(olive)
    for text in ("http://localhost/books/sedge", "/books/sedge/edit", "978-0-571-24498-0", "sedge"):
        page = client.get("/books/the-sedge/merger", query_string={"into": text}).text
        assert "What will change" in page, text
    near = client.get("/books/the-sedge/merger", query_string={"into": "Sed"}).text
    assert 'href="/books/the-sedge/merger?into=sedge"' in near
    assert "no other book called" in client.get("/books/the-sedge/merger?into=Zzyzx").text.lower()
    assert client.get("/books/the-sedge/merger?into=%00").status_code == 200


def test_only_organisers_merge_and_split_books(world, visit, alice, mod):
    for somebody in (alice, mod):
        client = visit(somebody)
        for path in ("merger", "split"):
            assert client.get(f"/books/sedge/{path}").status_code == 403
            assert client.post(f"/books/sedge/{path}", data={"into": "the-sedge"}).status_code == 403
        assert "Merge with another book" not in client.get("/books/sedge").text


@pytest.mark.parametrize("direction", [1, -1])
def test_a_merger_can_be_undone_for_seven_days(direction):
    """A date in the future counts alike: the clock may have been wrong."""
    now, week = utcnow(), timedelta(days=7)
    just_before = direction * (week - timedelta(seconds=1))

    assert can_undo(now - just_before, None, now)
    assert not can_undo(now - direction * week, None, now)
    assert not can_undo(now, now, now)


@pytest.mark.databases("sqlite", "postgresql")
def test_after_a_week_what_was_changed_is_forgotten(app, merged, undo, write, visit, olive, rows):
    write(lambda: db.session.execute(update(Merger).values(merged_at=utcnow() - timedelta(days=8))))
    write(forget)

    assert {step.table_name for step in rows(select(MergerStep))} <= {
        "section",
        "section_start",
        "endorsement",
    }
    assert undo().status_code == 422
    assert visit(olive).get("/books/the-sedge").location == "/books/sedge"
