"""How long a page of recommendations takes, beside a bare query of the same run.

    python -m tests.benchmarks.suggestions
    python -m tests.benchmarks.suggestions --million

A club of 500 members with 5 000 books, and, with --million, another with a million books. Both have a
neighbour pack and are on SQLite. A hundred members ask in turn, each once; and then again, each right after
somebody has finished another book. Between them the bare query runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from bookclub.accounts.models import Member, MemberSession
from bookclub.accounts.queries import hash_token
from bookclub.app import create_app
from bookclub.books.models import Book
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.recommendations.queries.picks import picks_for
from bookclub.recommendations.queries.suggestions import suggestions_for
from bookclub.server import settle
from tests.factories import make_member

MEMBERS, SHELF, BOOKS, MILLION = 500, 60, 5_000, 1_000_000
READERS = 100
# Between one change and the next.
MINUTES = timedelta(minutes=2)
BY_AUTHOR, TAGS, TAGS_PER_BOOK, PACKED, PACK_NEIGHBOURS = 12, 400, 5, 10_000, 60

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most)"
CATALOGUE = (
    NUMBERS + " INSERT INTO author (id, slug, name, name_key)"
    " SELECT i, 'author-' || i, 'Author ' || i, 'author ' || i FROM n WHERE i <= :most / :by_author + 1",
    NUMBERS + " INSERT INTO tag (id, slug, name, name_key)"
    " SELECT i, 'tag-' || i, 'tag ' || i, 'tag ' || i FROM n WHERE i <= :tags",
    NUMBERS + " INSERT INTO book (id, slug, title, subtitle, authors_line, title_key, search_key,"
    " first_published, description, description_html, rating_count, rating_sum, rating_rank, added_at,"
    " series, series_number, known_readers) SELECT i, 'book-' || i, 'Book ' || i, '', 'Author',"
    " 'book ' || i, 'book ' || i, 1900 + i % 120, '', '', 0, 0, 0, '2026-01-01 00:00:00.000000',"
    " CASE i % 9 WHEN 0 THEN 'Series ' || (i % (:most / :by_author + 1)) ELSE '' END,"
    " CASE i % 9 WHEN 0 THEN i / 9 END, :most / i FROM n",
    NUMBERS + " INSERT INTO book_author (book_id, author_id, place)"
    " SELECT i, 1 + i % (:most / :by_author + 1), 0 FROM n",
    # The first tags are on many books, the last ones on few.
    NUMBERS + ", t(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM t WHERE k + 1 < :per_book)"
    " INSERT OR IGNORE INTO book_tag (book_id, tag_id, place)"
    " SELECT i, 1 + ((i * 31 + k * k * 17) % :tags) * ((i + k) % 7) / 6, k FROM n, t",
    NUMBERS + " INSERT INTO pack_readership (book_id, readers)"
    " SELECT i, 100 + 100000 / i FROM n WHERE i <= :packed",
    NUMBERS + ", t(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM t WHERE k < :neighbours)"
    " INSERT OR IGNORE INTO pack_neighbour (book_id, other_id, together, weight)"
    " SELECT i, 1 + (i + k * k * 13) % :packed, 90 - k, (90 - k) / 9.0 FROM n, t WHERE i <= :packed",
    "INSERT INTO neighbour_pack (id, source, licence, readers, loaded_at)"
    " VALUES (1, 'Numbers', 'CC0', 100000, '2026-01-01 00:00:00.000000')",
)
READING = (
    "INSERT INTO reading (member_id, book_id, status, rating, mark, is_again, seen_mark, times_read,"
    " is_private, changed_at, finished_on) VALUES"
    " (:member, :book, 'finished', :rating, 0, 0, 0, 1, 0, :day || ' 00:00:00.000000', :day)"
)
# Whoever has finished least so far; the book is the first that they have not got.
ANOTHER = (
    "INSERT INTO reading (member_id, book_id, status, rating, mark, is_again, seen_mark, times_read,"
    " is_private, changed_at, finished_on) SELECT m.id, (SELECT min(b.id) FROM book b WHERE NOT EXISTS"
    " (SELECT 1 FROM reading r WHERE r.member_id = m.id AND r.book_id = b.id)), 'finished', 8, 0, 0, 0, 1, 0,"
    " :now, '2026-11-01' FROM member m ORDER BY (SELECT count(*) FROM reading r WHERE r.member_id = m.id),"
    " m.id LIMIT 1"
)


def fill(app: Flask, books: int) -> None:
    """A club with so many books, whose members have mostly read the same ones."""
    dice = np.random.default_rng(5)
    liking = 1 / np.arange(1, books + 1)
    liking /= liking.sum()
    numbers = {
        "most": books,
        "by_author": BY_AUTHOR,
        "tags": TAGS,
        "per_book": TAGS_PER_BOOK,
        "packed": min(books, PACKED),
        "neighbours": PACK_NEIGHBOURS,
    }
    with app.app_context():
        upgrade()
        begin_write()
        for statement in CATALOGUE:
            named = {name: number for name, number in numbers.items() if f":{name}" in statement}
            db.session.execute(text(statement), named)
        members = [make_member(seen_at=utcnow()) for _ in range(MEMBERS)]
        db.session.add_all(members)
        db.session.flush()
        db.session.add_all(
            MemberSession(member_id=member.id, token_hash=hash_token(f"token {member.id}"))
            for member in members[-2 * READERS :]
        )
        rows = [
            {
                "member": member.id,
                "book": int(book) + 1,
                "rating": int(dice.integers(3, 11)),
                "day": f"{2025 - at // 12}-{1 + at % 12:02}-{1 + at % 28:02}",
            }
            for member in members
            for at, book in enumerate(dice.choice(books, SHELF, replace=False, p=liking))
        ]
        db.session.execute(text(READING), rows)
        db.session.commit()
    with app.app_context():
        # As a server finds it that starts: the last connection to go brings the log into the file.
        db.engine.dispose()


def measure(app: Flask) -> None:
    """Time the pages, what of them is made of suggestions, and a bare query, and print how they compare."""
    with app.app_context():
        here_last = select(Member.id).order_by(Member.seen_at.desc(), Member.id).limit(2 * READERS)
        ids = db.session.execute(here_last).scalars().all()
        together = list(
            db.session.execute(select(Member.username).order_by(Member.id.desc()).limit(5)).scalars()
        )
        last = list(db.session.execute(select(Member.id).order_by(Member.id.desc()).limit(5)).scalars())
    readers = ids[:READERS]
    client = app.test_client()

    def page(address: str) -> Callable[[int], object]:
        def acting(reader: int) -> object:
            with client.session_transaction() as session:
                session["_user_id"] = f"token {reader}"
            start = perf_counter()
            answer = client.get(address)
            taken = perf_counter() - start
            assert answer.status_code == 200, address
            return taken

        return acting

    def inside(act: Callable[[int], object]) -> Callable[[int], object]:
        def acting(reader: int) -> float:
            with app.app_context():
                start = perf_counter()
                act(reader)
                return perf_counter() - start

        return acting

    settle()
    bare = inside(lambda _: db.session.execute(select(Book.id).where(Book.id == 7)).one())
    now = utcnow()
    five = "&".join(f"with={username}" for username in together)
    for name, act in {
        "GET /recommendations": page("/recommendations"),
        "GET /authors/author-8/next": page("/authors/author-8/next"),
        "GET /recommendations/club (for five)": page(f"/recommendations/club?{five}"),
        "GET /recommendations/club (for 12)": page("/recommendations/club"),
        "suggestions_for(reader)": inside(suggestions_for),
        "suggestions_for(reader, author)": inside(lambda reader: suggestions_for(reader, 8)),
        "picks_for(five members)": inside(lambda _: picks_for(last)),
    }.items():
        act(readers[-1])
        tell(name, [(act(reader), bare(reader)) for reader in readers])
        changed = []
        for reader in readers:
            now += MINUTES
            finish_another(app, now)
            changed.append((act(reader), bare(reader)))
        tell("    right after a change", changed)


def finish_another(app: Flask, now: datetime) -> None:
    """A member finishes one more book, the best known one that they have not read."""
    with app.app_context():
        begin_write()
        db.session.execute(text(ANOTHER), {"now": now.strftime("%Y-%m-%d %H:%M:%S.%f")})
        db.session.commit()


def tell(name: str, seconds: list[tuple[float, float]]) -> None:
    """Print the 50th and the 95th percentile of some times, each taken beside that of a bare query."""
    taken, bare = ([1000 * each for each in times] for times in zip(*seconds, strict=True))
    cuts, floor = quantiles(taken, n=20, method="inclusive"), median(bare)
    print(
        f"{name:36} {cuts[9]:7.2f} ms, 95 %: {cuts[18]:7.2f} ms   "
        f"{cuts[9] / floor:4.0f} and {cuts[18] / floor:4.0f} bare queries of {floor:.2f} ms",
        flush=True,
    )


def main() -> None:
    for books in (MILLION,) if "--million" in sys.argv else (BOOKS,):
        with TemporaryDirectory() as folder:
            app = create_app(Settings.for_folder(Path(folder), testing=True))
            start = perf_counter()
            fill(app, books)
            seconds = perf_counter() - start
            print(f"{MEMBERS} members, {books} books (made in {seconds:.0f} s)", flush=True)
            measure(app)
            with app.app_context():
                db.engine.dispose()


if __name__ == "__main__":
    main()
