"""The index follows every change in the same transaction, whatever makes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import bindparam, delete, insert, text, update

from bookclub.archive import departures
from bookclub.books.models import Author, Book
from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import run_due_jobs
from bookclub.members.models import Member
from bookclub.search import actions, jobs
from bookclub.search.models import COMMENT_INDEX, INDEXES, View, number_of
from bookclub.searchable import KINDS
from bookclub.stale_text import render_again
from bookclub.threads.models import Comment, Thread
from tests.factories import (
    make_answer,
    make_ask,
    make_comment,
    make_review,
)
from tests.indexes import wrong_rows

BOTH = pytest.mark.databases("sqlite", "postgresql")


@BOTH
def test_an_edit_and_a_deletion_leave_no_old_word(find, visit, save, thread, alice, indexed):
    visit(alice).post(
        f"/threads/{thread.id}/comments", data={"body": "An old ||secret|| word", "horizon": "0"}
    )
    (found,) = find(alice, "secret")
    url = found.removesuffix("/in-thread")

    visit(alice).post(f"{url}/edit", data={"body": "A new word", "horizon": "0"})
    assert (find(alice, "old"), find(alice, "secret"), find(alice, "new")) == ([], [], [found])
    visit(alice).post(f"{url}/deletion")
    assert find(alice, "new") == []
    assert not any("word" in words for words in indexed().values())


@BOTH
def test_statements_on_whole_tables_are_followed_too(save, write, find, alice, bob, book, thread):
    said = save(make_comment(thread, alice, "The butler."))
    write(
        lambda: db.session.execute(update(Thread.__table__).where(Thread.id == thread.id).values(title="Tea"))
    )
    write(lambda: db.session.execute(update(Book), [{"id": book.id, "title": "Never Let Me Go"}]))
    by_id = update(Author.__table__).where(Author.id == bindparam("which"))
    which = {"which": book.credits[0].author_id, "name": "K. Ishiguro"}
    write(lambda: db.session.execute(by_id, [which]))

    assert find(bob, "tea") == [f"/threads/{thread.id}"]
    assert find(bob, "never let") == [f"/books/{book.slug}"]
    assert find(bob, "ishiguro") == [f"/authors/{book.credits[0].author.slug}"]
    write(lambda: db.session.execute(delete(Comment).where(Comment.id == said.id)))
    write(
        lambda: db.session.execute(
            insert(Author.__table__).values(
                slug="new", name="Ann New", name_key="ann new", identity_key="x", match_key="x"
            )
        )
    )
    assert (find(bob, "butler"), find(bob, "ann new")) == ([], ["/authors/new"])


@BOTH
def test_what_is_rolled_back_is_not_indexed(app, save, alice, thread, indexed):
    before = indexed()
    with app.app_context():
        begin_write()
        db.session.add(make_comment(db.session.get_one(Thread, thread.id), alice, "The butler."))
        db.session.flush()
        db.session.rollback()
        db.session.commit()

    assert indexed() == before


def test_an_ask_is_found_by_its_answers_as_long_as_they_stand(find, save, write, alice, bob, book):
    ask = save(make_ask(alice, "Something quiet?"))
    answer = save(make_answer(ask, bob, book, "Its butler is silent."))
    assert find(alice, "silent") == [f"/asks/{ask.id}"]

    answer.wipe(utcnow())
    save(answer)
    assert find(alice, "silent") == []
    assert find(alice, "quiet") == [f"/asks/{ask.id}"]


@pytest.mark.parametrize("words_too", [True, False])
def test_who_leaves_is_found_no_more(find, write, save, thread, alice, bob, words_too, indexed):
    save(make_comment(thread, alice, "The butler."))
    assert find(bob, "alice") == ["/members/alice"]

    write(lambda: departures.leave(db.session.get_one(Member, alice.id), utcnow(), words_too=words_too))

    assert find(bob, "alice") == []
    assert len(find(bob, "butler")) == (0 if words_too else 1)
    assert not any("alice" in words for words in indexed().values())


def empty() -> None:
    for index in INDEXES:
        db.session.execute(delete(index))


@BOTH
def test_the_nightly_job_fills_and_corrects_the_index(
    app, save, write, find, indexed, alice, bob, thread, book
):
    save(make_review(alice, book, "Fine ||butler||"), make_comment(thread, alice, "Tea ||or|| not"))
    whole = indexed()
    assert len(whole) > 8
    write(empty)
    assert find(bob, "tea") == []

    run_in_batches(app)
    assert indexed() == whole

    comments = KINDS["comment"].number
    orphan = {"rowid": number_of(comments, 10**6), "title": "", "words": "gone"}
    orphan |= {"places": "'gone':1"} if "postgresql" in app.extensions["bookclub"].database_url else {}
    write(lambda: db.session.execute(insert(COMMENT_INDEX), [orphan]))
    run_in_batches(app)
    assert indexed() == whole


def run_in_batches(app) -> None:
    with app.app_context():
        begin_write()
        jobs.enqueue(jobs.KIND, key=jobs.KIND)
        db.session.commit()
    run_due_jobs(app, utcnow())


def test_a_batch_goes_on_where_the_last_one_stopped(app, save, write, indexed, monkeypatch, alice, thread):
    save(*(make_comment(thread, alice, f"word {number}") for number in range(7)))
    whole = indexed()
    write(empty)
    monkeypatch.setattr(actions, "AT_ONCE", 3)

    run_in_batches(app)

    assert indexed() == whole


def test_a_text_that_is_rendered_again_is_indexed_again(save, write, find, alice, bob, thread):
    said = save(make_comment(thread, alice, "Fine, ||the butler||."))
    write(
        lambda: db.session.execute(
            update(Comment.__table__)
            .where(Comment.id == said.id)
            .values(renderer_version=1, safe_html="<p>Fine, the butler.</p>", has_spoilers=False)
        )
    )
    assert find(bob, "butler") == []

    write(render_again)
    assert find(bob, "butler") == []
    assert len(find(bob, "fine")) == 1


def test_the_words_of_what_was_deleted_leave_the_file(app, save, thread, alice, settings):
    """SQLite's index keeps them until its parts are merged; the job for that is due soon after."""
    secret = "xylophonist"
    said = save(make_comment(thread, alice, f"The {secret} did it."))
    save(*(make_comment(thread, alice, f"Something else {number}") for number in range(50)))
    assert secret.encode() in stored(app, settings)

    with app.app_context():
        comment = db.session.get(Comment, said.id)
    comment.wipe(utcnow(), None, None)
    save(comment)
    run_due_jobs(app, utcnow() + 100 * actions.DELAY_FOR_COMMENT)

    assert secret.encode() not in stored(app, settings)


def stored(app, settings) -> bytes:
    with app.app_context():
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.rollback()
    return settings.sqlite_file.read_bytes()


def test_an_index_without_words_of_its_own_has_rows_all_the_same(save, indexed, thread, alice):
    said = save(make_comment(thread, alice, "👍"))

    assert indexed()[number_of(KINDS["comment"].number, said.id, View.FULL)] == ""


@pytest.mark.databases("postgresql")
def test_two_who_answer_at_once_are_both_found(app, save, find, alice, bob, olive, book):
    """The one who read the words of the ask first must not write them last."""
    ask = save(make_ask(alice, "Something quiet?"))
    started, words = Barrier(2), {bob: "silent", olive: "solemn"}

    def answer(member: Member) -> None:
        with app.app_context():
            begin_write()
            db.session.add(make_answer(ask, member, book, words[member]))
            db.session.flush()
            started.wait(5)
            db.session.commit()

    with ThreadPoolExecutor() as pool:
        list(pool.map(answer, words))

    assert find(alice, "silent solemn") == [f"/asks/{ask.id}"]
    assert wrong_rows(app) == {}


@BOTH
def test_thousands_of_rows_can_change_at_once(app, save, write, find, alice, bob, thread):
    count = 300
    save(*(make_comment(thread, alice, f"word {number}") for number in range(count)))

    write(lambda: db.session.execute(update(Comment).values(body_html="<p>tea</p>", safe_html="<p>tea</p>")))

    assert len(find(bob, "tea", kind="comment")) == 20
    assert wrong_rows(app) == {}
