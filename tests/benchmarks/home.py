"""How the front page's time grows with the club: ten thousand comments, then two million.

    python -m tests.benchmarks.home

Both clubs have as many members. The large one has more books, more threads on each, and longer ones. Its
reader has 30 books on their shelf, read half of them, never opened most threads, and is behind in a few hot
ones. Both take turns in one process, on SQLite, and what is measured is their CPU time. The ratio of the
medians has to stay below 2.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from bookclub.app import create_app
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.text.markdown import RENDERER_VERSION, render
from bookclub.members.models import Club, MemberSession
from bookclub.members.queries import hash_token
from bookclub.threads.models import Thread
from tests.factories import make_book, make_member, make_reading

MEMBERS, SHELF, ROUNDS = 40, 30, 30
PROSE = "She tells it plainly, as if across a kitchen table, and I read on."
SIZES = {"small": (50, 4, 50), "large": (200, 20, 500)}  # Books, threads on each, comments in each.
# The comments of a thread stand in a row, from 800 days ago until now. A third is safe, the others are spread
# over the book. The path is hexadecimal, whose digits sort as those of a real one.
COMMENTS = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :total),
horizons AS (SELECT n, CASE WHEN n % 3 THEN n * 7919 % 10001 ELSE 0 END AS horizon FROM numbers)
INSERT INTO comment (id, thread_id, member_id, path, body, body_html, safe_html, has_spoilers,
    renderer_version, horizon_choice, own_horizon, lifted_horizon, horizon, created_at)
SELECT n, (n - 1) / :comments + 1, n % :members + 1, printf('%06X', n), :body, :html, :html, 0,
    :version, horizon, horizon, 0, horizon,
    strftime('%Y-%m-%d %H:%M:%f000', 'now', (800.0 * n / :total - 800) || ' days')
FROM horizons
"""
FACTS = """
UPDATE thread SET (comment_count, latest_comment_id, highest_horizon, latest_comment_at) =
    (SELECT count(*), max(id), max(horizon), max(created_at) FROM comment WHERE thread_id = thread.id)
"""


def fill(app: Flask, books: int, threads: int, comments: int) -> None:
    """A club with so many books, threads on each and comments in each, whose reader joined long ago."""
    with app.app_context():
        upgrade()
        begin_write()
        now, html = utcnow(), render(PROSE)
        members = [make_member(joined_at=now - timedelta(days=900)) for _ in range(MEMBERS)]
        reader = members[-1]
        library = [make_book(f"Book {number}") for number in range(books)]
        db.session.add_all([*members, *library])
        db.session.flush()
        club = db.session.get(Club, 1)
        assert club is not None
        club.current_book_id = library[0].id
        for number, book in enumerate(library[:SHELF]):
            position = 10_000 if number % 2 else 4_000
            db.session.add(make_reading(reader, book, position=position))
        db.session.add(MemberSession(member_id=reader.id, token_hash=hash_token("token")))
        db.session.flush()
        total = books * threads * comments
        for turn in range(threads):
            for number, book in enumerate(library):
                title, author = f"Thread {turn} on book {number}", members[number % MEMBERS]
                db.session.add(Thread(book_id=book.id, member_id=author.id, title=title, floor=0))
        db.session.flush()
        db.session.execute(
            text(COMMENTS),
            {
                "total": total,
                "comments": comments,
                "members": MEMBERS - 1,
                "body": PROSE,
                "html": html.html,
                "version": RENDERER_VERSION,
            },
        )
        db.session.execute(text(FACTS))
        # Every fifth thread was opened once, and read half way.
        db.session.execute(
            text(
                "INSERT INTO thread_visit (member_id, thread_id, mark, comment_id)"
                " SELECT :reader, id, 3000, latest_comment_id - :half FROM thread WHERE id % 5 = 0"
            ),
            {"reader": reader.id, "half": comments // 2},
        )
        db.session.commit()
        print(f"{total} comments in {books * threads} threads", flush=True)


def seconds(client: FlaskClient) -> float:
    start = process_time()
    assert client.get("/").status_code == 200
    return process_time() - start


def main() -> None:
    with TemporaryDirectory() as folder:
        clients = {}
        apps = []
        for name, size in SIZES.items():
            (Path(folder) / name).mkdir()
            app = create_app(Settings.for_folder(Path(folder) / name, testing=True))
            fill(app, *size)
            apps.append(app)
            clients[name] = app.test_client()
            with clients[name].session_transaction() as session:
                session["_user_id"] = "token"
            seconds(clients[name])
        taken: dict[str, list[float]] = {name: [] for name in SIZES}
        for _ in range(ROUNDS):
            for name, client in clients.items():
                taken[name].append(seconds(client))
        small, large = (median(taken[name]) for name in SIZES)
        print(f"{small * 1000:.0f} ms, then {large * 1000:.0f} ms: {large / small:.2f} times")
        for app in apps:
            with app.app_context():
                db.engine.dispose()


if __name__ == "__main__":
    main()
