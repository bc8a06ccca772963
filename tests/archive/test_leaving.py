"""Leaving: what is a member's alone goes, their words stay without a name or go with them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from bookclub.asks.models import Answer, AnswerEndorsement, Ask, Endorsement
from bookclub.books.models import Book
from bookclub.extensions import Base
from bookclub.lib.positions.places import END
from bookclub.members.models import Acceptance, Invitation, Member, MemberSession
from bookclub.readings.models import OwnTag, Promise, Reading, Reveal
from bookclub.recommendations.models import Mute
from bookclub.reviews.models import Review, ReviewDraft, ReviewRevision
from bookclub.rounds.models import Ballot, Nomination
from bookclub.threads.models import Comment, Thread
from tests.archive.test_views_own import ballot, revision
from tests.factories import (
    PASSWORD,
    make_answer,
    make_ask,
    make_book,
    make_comment,
    make_endorsement,
    make_nomination,
    make_reading,
    make_review,
    make_round,
    make_thread,
)


@pytest.fixture
def life(save, alice, bob, olive):
    """Alice has done a bit of everything, and others have answered her."""
    book, other = save(make_book("Emma")), save(make_book("Persuasion"))
    mine = save(make_reading(alice, book, position=END, rating=8, notes="canary"))
    theirs = save(make_reading(bob, book, position=END, rating=4))
    save(make_reading(alice, other, rating=10, is_private=True))
    with_private = save(book, other)
    for each in with_private:
        each.rating_count, each.rating_sum, each.rating_rank = (2, 12, 6000) if each is book else (0, 0, 0)
    save(*with_private)
    save(
        OwnTag(reading_id=mine.id, name="canary"),
        Promise(member_id=bob.id, reading_id=mine.id),
        Promise(member_id=alice.id, reading_id=theirs.id),
        Reveal(member_id=alice.id, book_id=book.id),
        Mute(member_id=alice.id, book_id=other.id),
        ReviewDraft(member_id=alice.id, book_id=other.id, body="canary"),
    )
    review = save(make_review(alice, book, "canaryreview"))
    save(revision(review, "canaryrevision"), make_comment(review.thread, bob, "Well said."))
    thread = save(make_thread(alice, book, "canarytitle"))
    first = save(make_comment(thread, alice, "canaryopening"))
    save(make_comment(thread, bob, "Quite.", parent=first))
    save(asked := make_ask(alice, "canaryquestion"), make_endorsement(alice, book, other, "canaryadvice"))
    answer = save(make_answer(asked, bob, other))
    save(make_answer(save(make_ask(bob)), alice, other, "canaryreason"))
    save(AnswerEndorsement(answer_id=answer.id, member_id=alice.id))
    voting_round = save(make_round(olive, voting=True))
    nomination = save(make_nomination(voting_round, other, alice, "canarypitch"))
    save(ballot(voting_round, alice, {str(nomination.id): 1}, member_id=alice.id, cast_at=thread.created_at))
    return book


def texts_left(rows) -> set[str]:
    columns = (
        Review.body, Review.title, ReviewRevision.body, Comment.body, Thread.title, Ask.question,
        Answer.reason, Endorsement.reason, Nomination.pitch, Reading.notes, OwnTag.name, ReviewDraft.body,
    )  # fmt: skip
    found = {text for column in columns for text in rows(select(column)) if text}
    return {text for text in found if text.startswith("canary")}


def test_what_is_a_members_alone_goes_and_their_words_stay_without_a_name(visit, rows, alice, bob, life):
    assert texts_left(rows) >= {"canary", "canaryreview"}

    answer = visit(alice).post("/settings/departure", data={"password": PASSWORD})

    assert answer.status_code == 303
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == "member" and key.ondelete == "CASCADE":
                left = rows(select(func.count()).select_from(table).where(key.parent == alice.id))
                assert left == [0] or table.name in (Invitation.__tablename__, Acceptance.__tablename__), (
                    table
                )
    assert rows(select(MemberSession.member_id)) == []
    (former,) = rows(select(Member).where(Member.id == alice.id))
    assert (former.display_name, former.email) == ("a former member", None)
    assert texts_left(rows) == {
        "canaryreview", "canaryrevision", "canaryopening", "canarytitle", "canaryquestion", "canaryreason",
        "canaryadvice", "canarypitch",
    }  # fmt: skip
    page = visit(bob).get("/books/emma").text
    assert "a former member" in page
    assert "Alice" not in page


def test_ratings_go_from_the_sums(visit, rows, alice, life):
    assert visit(alice).post("/settings/departure", data={"password": PASSWORD}).status_code == 303

    (book,) = rows(select(Book).where(Book.id == life.id))
    assert (book.rating_count, book.rating_sum, book.rating_rank) == (1, 4, 4000)
    (other,) = rows(select(Book).where(Book.slug == "persuasion"))
    assert (other.rating_count, other.rating_sum) == (0, 0), "a private rating was in no sum"


@pytest.mark.databases("sqlite", "postgresql")
def test_words_go_too_where_that_is_chosen_and_leave_what_others_said(visit, rows, alice, bob, life):
    data = {"password": PASSWORD, "texts": "remove"}

    assert visit(alice).post("/settings/departure", data=data).status_code == 303

    assert texts_left(rows) == set()
    assert set(rows(select(Comment.body))) == {"", "Well said.", "Quite."}
    assert rows(select(AnswerEndorsement.member_id)) == []
    thread = rows(select(Thread).where(Thread.title.is_not(None), Thread.of_round.is_(False)))[0]
    assert (thread.title, thread.comment_count) == ("A conversation whose title was deleted", 1)
    page = visit(bob).get(f"/threads/{thread.id}").text
    assert "Removed by its author" in page
    assert "Quite." in page


def test_a_ballot_stays_counted_and_says_no_name_any_more(visit, rows, alice, life):
    visit(alice).post("/settings/departure", data={"password": PASSWORD, "texts": "remove"})

    (kept,) = rows(select(Ballot))
    assert kept.ranks
    assert rows(select(Member.display_name).where(Member.id == kept.member_id)) == ["a former member"]


def test_the_last_organiser_stays_with_all_that_is_theirs(visit, save, rows, olive, life):
    save(make_reading(olive, life, rating=6))

    answer = visit(olive).post("/settings/departure", data={"password": PASSWORD, "texts": "remove"})

    assert answer.status_code == 422
    (chosen,) = re.findall(r'<input checked[^>]* name="texts"[^>]* value="(\w+)"', answer.text)
    assert chosen == "remove"
    assert rows(select(Reading.rating).where(Reading.member_id == olive.id)) == [6]
