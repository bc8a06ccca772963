"""How long a search takes in a club with a million comments, most of which lie ahead of who searches.

    python -m tests.benchmarks.search sqlite
    python -m tests.benchmarks.search postgresql --comments 100000

Every comment has the word "evening", and one in fifty is safe for everybody. The latest tenth is about one
book: first the reader has begun it, and one in twenty of these comments is theirs to read; then they have
not, and none is. What is measured is the time of a whole page, sent by the test client of Flask, at the
median and at the 95th percentile. The first hits should be there within 50 ms.

Then three searches take turns: for a word that stands in one comment ahead of the reader, in a thousand, and
nowhere. Their medians should be within 10 % of each other, so that nobody learns by the clock what is there.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text

from bookclub.books.models import Book
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.text.index_expressions import tsvector
from bookclub.lib.text.index_words import index_text
from bookclub.lib.text.markdown import RENDERER_VERSION
from bookclub.members.models import Member, MemberSession
from bookclub.members.queries import hash_token
from bookclub.readings.models import Reading
from bookclub.schema import close, create_upgraded_app
from bookclub.search import rules
from bookclub.search.models import COMMENT_INDEX, number_of
from bookclub.search.throttle import Throttle
from bookclub.searchable import KINDS
from bookclub.threads.models import Comment, Thread
from tests import postgres
from tests.factories import make_book, make_member, make_reading

BOOKS, THREAD, WORDS, TEXTS, ROUNDS, TURNS = 200, 50, 40, 5000, 40, 200
BATCH = 10_000
QUERIES = {
    "in every comment": "evening",
    "the beginning of one": "even",
    "two words": "evening w7",
    "a phrase": '"evening w1"',
    "left out": "evening -w1",
    "in one of a hundred": "w40",
    "in few": "w1900",
    "nowhere": "nowhere",
}


class Patience(Throttle):
    """A throttle that never tires."""

    def take(self, subject: str, most: int) -> bool:
        return True


def horizon_of(number: int, total: int) -> int:
    """Return the horizon of a comment: one in fifty is safe, and of the latest none."""
    return 0 if number % 50 == 0 and number < total * 9 // 10 else number * 7919 % 10_000 + 1


def body_of(number: int, total: int, texts: list[str]) -> str:
    """Return the words of a comment; some that lie ahead of the reader have words of their own."""
    words = texts[number % TEXTS]
    if number == total * 19 // 20:
        return f"{words} singular"
    return f"{words} thousandfold" if number >= total * 9 // 10 and number % (total // 10_000) == 1 else words


def fill(app: Flask, total: int) -> None:
    """Fill the club, with a reader who has begun ten of its books."""
    chance = random.Random(18)
    # Few words are frequent and most are rare, as in every language.
    texts = [
        " ".join(["evening", *(f"w{int(chance.paretovariate(0.7)) % 2000}" for _ in range(WORDS))])
        for _ in range(TEXTS)
    ]
    with app.app_context():
        begin_write()
        now = utcnow()
        members = [make_member(joined_at=now - timedelta(days=900)) for _ in range(40)]
        library = [make_book(f"Book {number}") for number in range(BOOKS)]
        db.session.add_all([*members, *library])
        db.session.flush()
        for number, book in enumerate(library[:10]):
            db.session.add(make_reading(members[-1], book, position=10_000 if number % 2 else 4_000))
        db.session.add(MemberSession(member_id=members[-1].id, token_hash=hash_token("token")))
        db.session.commit()
        threads = [
            # The latest are about a book that the reader has not begun.
            {"book_id": library[-1 if at * THREAD >= total * 9 // 10 else at % BOOKS].id, "title": None,
             "member_id": members[at % 39].id, "floor": 0, "comment_count": THREAD, "of_ask": False,
             "of_round": False, "of_meeting": False, "created_at": now}
            for at in range(total // THREAD)
        ]  # fmt: skip
        for start in range(1, total + 1, BATCH):
            numbers = range(start, min(start + BATCH, total + 1))
            begin_write()
            connection = db.session.connection()
            if start == 1:
                connection.execute(insert(Thread.__table__), threads)
            bodies = {number: body_of(number, total, texts) for number in numbers}
            connection.execute(
                insert(Comment.__table__),
                [
                    {"thread_id": (number - 1) // THREAD + 1, "member_id": members[number % 39].id,
                     "path": f"{number:06X}", "body": body, "body_html": f"<p>{body}</p>\n",
                     "safe_html": f"<p>{body}</p>\n", "has_spoilers": False,
                     "renderer_version": RENDERER_VERSION, "horizon_choice": "0",
                     "own_horizon": horizon_of(number, total), "lifted_horizon": 0,
                     "horizon": horizon_of(number, total),
                     "created_at": now - timedelta(days=800 * (1 - number / total))}
                    for number, body in bodies.items()
                ],
            )  # fmt: skip
            index = [
                {"rowid": number_of(KINDS["comment"].number, number), "title": "", "words": index_text(body)}
                for number, body in bodies.items()
            ]
            if connection.dialect.name == "postgresql":
                index = [{**row, "places": tsvector("", row["words"])} for row in index]
            connection.execute(insert(COMMENT_INDEX), index)
            db.session.commit()
        print(f"{total} comments", flush=True)


@contextmanager
def club(database: str, folder: Path, total: int) -> Iterator[FlaskClient]:
    """Yield the client of the reader of a new club."""
    if database == "sqlite":
        with opened(f"sqlite:///{folder / 'club.sqlite3'}", folder, total) as client:
            yield client
        return
    with postgres.serve() as server:
        server.template(lambda url: close(create_upgraded_app(settings(url, folder))))
        with server.database() as url, opened(url, folder, total) as client:
            yield client


def settings(url: str, folder: Path) -> Settings:
    return Settings.for_folder(folder, database_url=url, testing=True)


@contextmanager
def opened(url: str, folder: Path, total: int) -> Iterator[FlaskClient]:
    is_new = not (folder / "club.sqlite3").exists()
    app = create_upgraded_app(settings(url, folder))
    app.extensions["bookclub_searches"] = Patience()
    if is_new:
        fill(app, total)
        with app.app_context():
            if db.engine.dialect.name == "postgresql":
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.execute(text("VACUUM ANALYZE"))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "token"
    yield client
    close(app)


def milliseconds(client: FlaskClient, q: str) -> float:
    """Return how long the page of a search takes."""
    start = perf_counter()
    answer = client.get("/search", query_string={"q": q})
    taken = (perf_counter() - start) * 1000
    assert answer.status_code == 200
    return taken


def measure(client: FlaskClient) -> None:
    """Print how long each query takes."""
    for name, q in QUERIES.items():
        milliseconds(client, q)
        taken = [milliseconds(client, q) for _ in range(ROUNDS)]
        last = quantiles(taken, n=20)[-1]
        print(f"  {name:<22}{median(taken):8.1f} ms, 95 % within {last:8.1f} ms", flush=True)


def compare(client: FlaskClient) -> None:
    """Print how far apart the times for words are that lie ahead of the reader, or that nobody wrote."""
    silent: dict[str, list[float]] = {"singular": [], "thousandfold": [], "nowhere": []}
    for _ in range(TURNS):
        for q, taken in silent.items():
            taken.append(milliseconds(client, q))
    medians = {q: median(taken) for q, taken in silent.items()}
    spread = max(medians.values()) / min(medians.values()) - 1
    print(" ", ", ".join(f"{q} {taken:.1f} ms" for q, taken in medians.items()), f"{spread:.1%} apart")


def begin_latest_book(app: Flask, position: int) -> None:
    """Let the reader have begun the book that the latest comments are about."""
    with app.app_context():
        begin_write()
        reader, book = db.session.get_one(Member, 40), db.session.get_one(Book, BOOKS)
        held = select(Reading).where(Reading.member_id == reader.id, Reading.book_id == book.id)
        for reading in db.session.execute(held).scalars():
            db.session.delete(reading)
        db.session.flush()
        if position:
            db.session.add(make_reading(reader, book, position=position))
        db.session.commit()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", choices=("sqlite", "postgresql"))
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="Keep the club on SQLite here, and use it next time.")
    options = parser.parse_args()
    with (
        TemporaryDirectory() as scratch,
        club(options.database, options.folder or Path(scratch), options.comments) as client,
    ):
        for position in (500, 0):
            begin_latest_book(client.application, position)
            print(f"The reader is at {position / 100:.0f} % of the book that the latest comments are about:")
            measure(client)
        compare(client)
        rules.LEAST_TIME = 0
        print("Without the time that every search takes at least:")
        measure(client)
        compare(client)


if __name__ == "__main__":
    main()
