"""Two books become one and two again: nothing is lost, and nobody is spoiled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bookclub.books.models import (
    Adaptation,
    Book,
    BookEdit,
    Edition,
    Section,
    SectionStart,
)
from bookclub.extensions import utcnow
from bookclub.imports.models import ImportedReading, ImportRow
from bookclub.mergers.actions.books import count_again
from bookclub.mergers.models import Merger
from bookclub.notices.models import Notice
from bookclub.readings.models import OwnTag, Promise, ReadThrough, Reveal
from bookclub.readings.rules import END
from bookclub.recommendations.models import (
    Endorsement,
    Mute,
    NeighbourPack,
    PackNeighbour,
    PackReadership,
)
from bookclub.reviews.models import Review, ReviewRevision
from bookclub.threads.models import Comment, ThreadVisit
from tests.factories import (
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
        first, second = save(
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
        ThreadVisit(member_id=bob.id, thread_id=thread.id, mark=9000),
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
