"""The sample club: what its files say, what is built from them, and the command that serves it."""

from __future__ import annotations

import re
import shutil
import signal
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from bookclub.app import create_app
from bookclub.asks.models import Answer, Ask, Endorsement
from bookclub.books.models import Book
from bookclub.cli.main import main
from bookclub.config import Settings
from bookclub.demo import sample_club
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.text import limits
from bookclub.members.models import Club, Member
from bookclub.members.rules import USERNAME
from bookclub.notices.models import Notice
from bookclub.passages.models import Passage
from bookclub.readings.models import Reading
from bookclub.reviews import rules as of_reviews
from bookclub.reviews.models import Review
from bookclub.rounds.models import Round
from bookclub.schema import close
from bookclub.threads import rules as of_threads
from bookclub.threads.models import Comment, Thread
from tests.running import running

FOLDER = Path(sample_club.__file__).parent
SAMPLES = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")) for name in (
    "members", "books", "readings", "reviews", "threads", "advice", "rounds", "passages"
)}  # fmt: skip
REVIEWS, THREADS = SAMPLES["reviews"]["review"], SAMPLES["threads"]["thread"]
COMMENTS = SAMPLES["threads"]["comment"]
PASSAGES = SAMPLES["passages"]["passage"]
# Threads of reviews and of books; those of asks and rounds belong to no book, those of meetings to these.
ABOUT_BOOKS = select(Thread).where(Thread.book_id.is_not(None), Thread.of_meeting.is_(False))
# From a thread for those who have finished Never Let Me Go.
LAST_WORDS = "two lines of wire"


@pytest.fixture(scope="session")
def built(sqlite_template, tmp_path_factory):
    """The file of a sample club, to be copied, and the moment from which it counts its days."""
    folder, now = tmp_path_factory.mktemp("demo"), utcnow()
    shutil.copyfile(sqlite_template, folder / "bookclub.sqlite3")
    app = create_app(Settings.for_folder(folder, testing=True))
    build(app, now)
    close(app)
    return folder / "bookclub.sqlite3", now


def build(app, now):
    with app.app_context():
        begin_write()
        sample_club.build(now)
        db.session.commit()


@pytest.fixture
def club(app, settings, built):
    """The sample club; the moment from which it counts its days."""
    file, now = built
    if settings.sqlite_file:
        shutil.copyfile(file, settings.sqlite_file)
    else:
        build(app, now)
    return now


@pytest.fixture
def found(app, club):
    """``found(statement)``: the rows of a statement about the sample club."""

    def found(statement):
        with app.app_context():
            return db.session.execute(statement).scalars().all()

    return found


# What the files say


def test_whoever_says_something_is_there_and_whatever_it_is_about_comes_first():
    members = {entry["username"] for entry in SAMPLES["members"]["member"]}
    books = {entry["key"] for entry in SAMPLES["books"]["book"]}
    said = {entry["key"]: entry for entry in chain(REVIEWS, THREADS, COMMENTS)}
    assert len(said) == len(REVIEWS) + len(THREADS) + len(COMMENTS)

    for entry in chain(said.values(), SAMPLES["readings"]["reading"]):
        assert entry["member"] in members, entry
        assert "on" in entry or entry["book"] in books or (entry in THREADS and entry["book"] == ""), entry
    for comment in COMMENTS:
        before = [said[comment["on"]], *([said[comment["parent"]]] if comment["parent"] else [])]
        assert all(entry["days"] < comment["days"] < 0 for entry in before), comment["key"]
        assert not comment["parent"] or before[1]["on"] == comment["on"], comment["key"]


def test_the_samples_keep_to_what_the_forms_allow():
    for review in REVIEWS:
        assert len(review["title"]) <= of_reviews.MAX_TITLE
        assert len(review["summary"]) <= limits.MAX_SUMMARY
        assert len(review["body"]) <= of_reviews.MAX_BODY
    for post in chain(THREADS, COMMENTS):
        assert len(post.get("title", "")) <= of_threads.MAX_TITLE
        assert 0 < len(post["body"].strip()) <= of_threads.MAX_BODY
    for member in SAMPLES["members"]["member"]:
        assert USERNAME.fullmatch(member["username"])
        assert member["joined_days"] < member["last_visit_days"] < 0


def test_the_words_that_bob_must_not_see_are_there():
    (locked,) = (thread for thread in THREADS if LAST_WORDS in thread["body"])

    assert (locked["book"], locked["horizon"]) == ("never-let-me-go", "finished")


def test_nobody_says_anything_before_they_joined():
    joined = {entry["username"]: entry["joined_days"] for entry in SAMPLES["members"]["member"]}

    early = [
        post["key"] for post in chain(REVIEWS, THREADS, COMMENTS) if post["days"] <= joined[post["member"]]
    ]

    assert early == []


def test_every_novel_of_ishiguros_is_there():
    years = {
        entry["title"]: entry["first_published"]
        for entry in SAMPLES["books"]["book"]
        if entry["authors"] == ["Kazuo Ishiguro"]
    }

    assert years == {
        "A Pale View of Hills": 1982,
        "An Artist of the Floating World": 1986,
        "The Remains of the Day": 1989,
        "The Unconsoled": 1995,
        "When We Were Orphans": 2000,
        "Never Let Me Go": 2005,
        "Nocturnes": 2009,
        "The Buried Giant": 2015,
        "Klara and the Sun": 2021,
    }


# What is built from them


def test_everything_in_the_files_is_in_the_club(found):
    assert len(found(select(Member))) == 12
    assert len(found(select(Book))) == len(SAMPLES["books"]["book"])
    assert len(found(select(Reading))) == len(SAMPLES["readings"]["reading"])
    assert len(found(select(Review))) == len(REVIEWS)
    asked = SAMPLES["advice"]["ask"]
    assert len(found(select(Ask))) == len(asked)
    assert len(found(select(Answer))) == sum(len(ask["answer"]) for ask in asked)
    assert len(found(select(Endorsement))) == len(SAMPLES["advice"]["endorsement"])
    assert len(found(select(Round))) == len(SAMPLES["rounds"]["round"])
    talk = [thread for thread in THREADS if not thread["book"]]
    assert talk
    discussed = [passage for passage in PASSAGES if "title" in passage]
    assert discussed
    assert len(found(select(Passage))) == len(PASSAGES)
    assert len(found(ABOUT_BOOKS)) == len(REVIEWS) + len(THREADS) + len(discussed) - len(talk)
    # The opening words of a thread are its first comment, and one is the recap of a meeting.
    assert len(found(select(Comment))) == len(COMMENTS) + len(THREADS) + len(discussed) + 1


def test_the_demo_club_is_public_and_reads_never_let_me_go(found, club):
    (row,) = found(select(Club))
    (book,) = found(select(Book).where(Book.id == row.current_book_id))

    assert row.is_public
    assert book.title == "Never Let Me Go"
    assert row.current_from < club.date() < row.current_until


def test_ids_and_dates_tell_the_same_story(found, club):
    dates = {
        Comment: found(select(Comment.created_at).order_by(Comment.id)),
        Thread: [thread.created_at for thread in found(ABOUT_BOOKS.order_by(Thread.id))],
        Passage: found(select(Passage.created_at).order_by(Passage.id)),
        Review: found(select(Review.created_at).order_by(Review.id)),
        Ask: found(select(Ask.asked_at).order_by(Ask.id)),
        Answer: found(select(Answer.answered_at).order_by(Answer.id)),
    }
    for told in dates.values():
        assert told == sorted(told)
        assert told[-1] < club
    for member_id in found(select(Member.id)):
        of_member = select(Notice.created_at).where(Notice.member_id == member_id)
        told = found(of_member.order_by(Notice.id))
        assert told == sorted(told)
    assert len(found(select(Notice.id))) > 20


def test_what_was_said_since_their_last_visit_is_new_to_bob(found, club):
    (bob,) = found(select(Member).where(Member.username == "bob"))
    new = found(select(Comment.id).where(Comment.created_at > bob.new_since, Comment.member_id != bob.id))

    assert bob.new_since == bob.seen_at < club - timedelta(hours=1)
    assert len(new) > 3


def test_bob_is_at_35_percent_and_much_is_ahead_of_him(found):
    (reading,) = found(
        select(Reading)
        .join(Member, Member.id == Reading.member_id)
        .join(Book, Book.id == Reading.book_id)
        .where(Member.username == "bob", Book.title == "Never Let Me Go")
    )
    horizons = found(select(Comment.horizon).join(Comment.thread).where(Thread.book_id == reading.book_id))

    assert (reading.status, reading.mark) == ("reading", 3500)
    assert min(horizons) == 0
    assert sum(horizon > reading.mark for horizon in horizons) > 5


@pytest.mark.databases("sqlite", "postgresql")
def test_the_counts_that_writes_keep_are_right(found):
    ratings = dict.fromkeys(found(select(Book.id)), 0)
    for reading in found(select(Reading).where(Reading.rating.is_not(None))):
        ratings[reading.book_id] += reading.rating
    comments = dict.fromkeys(found(select(Thread.id)), 0)
    for comment in found(select(Comment).where(Comment.deleted_at.is_(None))):
        comments[comment.thread_id] += 1

    assert {book.id: book.rating_sum for book in found(select(Book))} == ratings
    assert {thread.id: thread.comment_count for thread in found(select(Thread))} == comments
    assert found(select(func.count()).select_from(Comment).where(Comment.deleted_at.is_not(None))) == [1]


def test_every_page_of_the_demo_can_be_visited(visit, found):
    (bob,) = found(select(Member).where(Member.username == "bob"))
    pages = ["/", "/books"]
    pages += [f"/books/{slug}" for slug in found(select(Book.slug))]
    pages += [f"/reviews/{number}" for number in found(select(Review.id))]
    pages += [f"/threads/{thread.id}" for thread in found(ABOUT_BOOKS) if thread.title]
    pages += ["/threads", "/threads?about=books"]
    closed = found(select(Round.id).where(Round.settled_at.is_not(None)))
    pages += ["/rounds", *(f"/rounds/{number}" for number in closed)]
    for_members = ["/members", "/members/bob", "/asks", "/authors/kazuo-ishiguro/next"]
    for_members += ["/recommendations", "/recommendations/club"]
    for_members += [f"/asks/{number}" for number in found(select(Ask.id))]
    for_members += [f"/rounds/{number}" for number in found(select(Round.id)) if number not in closed]
    member, visitor = visit(bob), visit()

    everything = [*pages, *for_members]
    assert {page: member.get(page).status_code for page in everything} == dict.fromkeys(everything, 200)
    assert {page: visitor.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert {visitor.get(page).status_code for page in for_members} <= {303, 404}


# The command


def test_the_demo_can_be_tried_and_leaves_nothing_behind(tmp_path):
    # Neither the real club's database nor its folder is the demo's to touch.
    real = {"BOOKCLUB_DATA": tmp_path / "real", "BOOKCLUB_DATABASE_URL": "postgresql://nobody@/nowhere"}
    (tmp_path / "temporary").mkdir()
    with running("demo", "--port", "0", TMPDIR=tmp_path / "temporary", **real) as server:
        assert len(list((tmp_path / "temporary").iterdir())) == 1
        browser = server.browser()
        assert browser.get("/healthz").status == 200
        assert "Never Let Me Go" in browser.get("/").text

        password = re.search(r"password (\S+)", server.said)[1]
        assert browser.sign_in("bob", password).status == 200
        page = browser.get("/books/never-let-me-go").text
        thread = re.search(r"href=\"(/threads/\d+)\"[^>]*>The last page", page)[1]
        locked = browser.get(thread).text
        assert "You are at chapter 8." in locked
        assert LAST_WORDS not in locked
        assert browser.get("/members").status == 200
        # More at once than there are threads, as a page with its stylesheets is: nothing to warn of.
        with ThreadPoolExecutor(30) as crowd:
            assert set(crowd.map(lambda _: server.browser().get("/books").status, range(90))) == {200}
        status, errors = server.end()

    assert (status, errors) == (0, "")
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not (tmp_path / "real").exists()


def test_a_kept_demo_carries_on_where_it_was(tmp_path):
    kept = str(tmp_path / "kept")
    said = []
    for ending in (signal.SIGINT, signal.SIGTERM):
        with running("demo", "--port", "0", "--keep", kept) as server:
            said.append(server.said.replace(server.address, ""))
            browser = server.browser()
            browser.sign_in("olive", sample_club.PASSWORD)
            assert browser.get("/members/olive").status == 200
            assert server.end(ending) == (0, "")

    assert said[0] == said[1]
    assert sorted(file.name for file in Path(kept).iterdir()) == ["bookclub.sqlite3", "secret_key"]


def test_a_demo_leaves_a_real_club_alone(sqlite_template, tmp_path, monkeypatch):
    shutil.copyfile(sqlite_template, tmp_path / "bookclub.sqlite3")
    monkeypatch.setenv("BOOKCLUB_DATA", str(tmp_path))
    command = ("member", "add", "olive", "--email", "olive@books.example.org", "--password-stdin")
    assert CliRunner().invoke(main, command, input="seven quiet owls\n").exit_code == 0

    result = CliRunner().invoke(main, ["demo", "--keep", str(tmp_path)])

    assert result.exit_code == 2
    assert "leaves alone" in result.stderr


def test_the_accounts_that_the_demo_names_are_there(found, app):
    assert set(sample_club.ACCOUNTS) <= set(found(select(Member.username)))
    with app.app_context():
        assert sample_club.is_demo()
        assert not sample_club.is_empty()


def test_an_empty_club_is_no_demo(app):
    with app.app_context():
        assert sample_club.is_empty()
        assert not sample_club.is_demo()
