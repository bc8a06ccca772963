"""How fast the central page is, as a share of bare Flask that returns the same bytes.

    python -m tests.benchmarks.central_page

A book with 50 reviews, one of which has 500 replies, read by a signed-in member on SQLite. Both sides are
timed in turn, in one process and one run, and only the ratio is meant to be quoted: it travels between
machines, seconds do not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from bookclub.app import create_app
from bookclub.books.models import Book
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.text.markdown import render
from bookclub.members.models import MemberSession
from bookclub.members.queries import hash_token
from bookclub.reviews.actions import add_review
from bookclub.threads.actions import add_comment
from bookclub.threads.models import Wording
from tests.factories import make_book, make_member, make_reading

REVIEWS, REPLIES, ROUNDS = 50, 500, 30
PROSE = "She tells it *plainly*, as if across a kitchen table, and I read on.\n\n> And so it was.\n> - Bob"


def fill(app: Flask) -> tuple[str, str]:
    """A club with one much-discussed book; returns the addresses of the book and of the review."""
    with app.app_context():
        upgrade()
        begin_write()
        book: Book = make_book("Never Let Me Go", author="Kazuo Ishiguro")
        members = [make_member() for _ in range(REVIEWS)]
        db.session.add_all([book, *members])
        db.session.flush()
        words = Wording(PROSE, render(PROSE), "0", 0)
        locked = Wording(PROSE, render(PROSE), "finished", 10_000)
        reviews = [
            add_review(book.id, member, "A title", "In a nutshell.", words, utcnow()) for member in members
        ]
        thread, parents = reviews[0].thread, [None]
        for number in range(REPLIES):
            parent = parents[number * 7 % len(parents)]
            said = locked if number % 5 == 4 else words
            comment = add_comment(thread, parent, members[number % REVIEWS], said, utcnow())
            if len(comment.path) < 60:
                parents.append(comment)
        reader = members[-1]
        db.session.add(make_reading(reader, book, position=4_000))
        db.session.add(MemberSession(member_id=reader.id, token_hash=hash_token("token")))
        db.session.commit()
        return f"/books/{book.slug}", f"/reviews/{reviews[0].id}"


def bare(page: bytes) -> FlaskClient:
    """A client of the least Flask application that answers with this page."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: page)
    return app.test_client()


def seconds(get: Callable[[], object]) -> float:
    start = perf_counter()
    get()
    return perf_counter() - start


def main() -> None:
    with TemporaryDirectory() as folder:
        app = create_app(Settings.for_folder(Path(folder), testing=True))
        client = app.test_client()
        addresses = fill(app)
        with client.session_transaction() as session:
            session["_user_id"] = "token"
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200
            floor = bare(answer.data)
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(seconds(lambda at=address: client.get(at)))
                theirs.append(seconds(lambda to=floor: to.get("/")))
            share = median(theirs) / median(ours)
            print(f"{address}: {len(answer.data) // 1024} KiB, {share:.1%} of bare Flask")
        with app.app_context():
            db.engine.dispose()


if __name__ == "__main__":
    main()
