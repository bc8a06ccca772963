"""How long pages of recommendations take beside bare Flask in the same run, and what they cost otherwise.

    python -m tests.benchmarks.suggestions [5000] [100000] [1000000]

For each size of catalogue a club of 100 members with 500 readings each, on SQLite, and a neighbour pack:
somebody in the club or in the pack has read each of up to 50 000 books. Each club has a process of its own,
and it is measured

- the seconds and the memory that a rebuild of the arrays takes, and what the first request does meanwhile
- pages and what they are made of; and again, each right after somebody has finished another book
- other pages while one rebuild follows the other, beside the same pages in peace

Milliseconds are those of a clock, which a busy machine stretches, and of the processor. Beside each stands
how many constant answers by bare Flask the processor could have given instead: that travels between machines.

A million books take no longer than 100 000, since the arrays hold 60 000 books of both. On a machine that was
busy, with a million books and 20 readers, GET /recommendations took as long as 80 bare answers (95 %: 108),
an author's next book 65 (74), the club's choice 23 (26), and 306 (348) right after a change, when twelve
members are scored. A rebuild kept the processor busy for 5 s. The process had 213 MB, and 225 MB at the most.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter, process_time, thread_time
from typing import NamedTuple

import numpy as np
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from bookclub.app import create_app
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.members.models import Member, MemberSession
from bookclub.members.queries import hash_token
from bookclub.recommendations import cache_queries, rebuilds
from bookclub.recommendations.picks import picks_for
from bookclub.recommendations.suggestions import suggestions_for
from bookclub.server import freeze_garbage
from tests.factories import make_member

SIZES = (5_000, 100_000, 1_000_000)
MEMBERS, SHELF, READ = 100, 500, 50_000
READERS = 60
# Between one change and the next.
MINUTES = timedelta(minutes=2)
BY_AUTHOR, TAGS, TAGS_PER_BOOK, PACK_NEIGHBOURS = 12, 400, 5, 60
AUTHOR = "/authors/author-8/next"
OTHER_PAGES = ("/", "/books", "/books/book-7", "/members")

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


def fill(folder: Path, books: int) -> None:
    """A club with so many books, whose members have mostly read the same ones."""
    app = create_app(Settings.for_folder(folder, testing=True))
    dice, read = np.random.default_rng(5), min(books, READ)
    liking = 1 / (np.arange(1, read + 1) + 200) ** 0.9
    liking /= liking.sum()
    numbers = {
        "most": books,
        "by_author": BY_AUTHOR,
        "tags": TAGS,
        "per_book": TAGS_PER_BOOK,
        "packed": read,
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
            for member in members
        )
        rows = [
            {
                "member": member.id,
                "book": int(book) + 1,
                "rating": int(dice.integers(3, 11)),
                "day": f"{2025 - at // 12 % 60}-{1 + at % 12:02}-{1 + at % 28:02}",
            }
            for member in members
            for at, book in enumerate(dice.choice(read, SHELF, replace=False, p=liking))
        ]
        db.session.execute(text(READING), rows)
        db.session.commit()
        # As a server finds it that starts: the last connection to go brings the log into the file.
        db.engine.dispose()


class Took(NamedTuple):
    """Seconds that something took by the clock, and by the processor in the same thread."""

    clock: float
    busy: float


def timed(act: Callable[[], object]) -> Took:
    """Do something and time it."""
    started, worked = perf_counter(), thread_time()
    act()
    return Took(perf_counter() - started, thread_time() - worked)


class Bench:
    """One club that is measured, as `serve` has it: nothing is awaited."""

    def __init__(self, folder: Path) -> None:
        self.app = create_app(Settings.for_folder(folder, testing=True))
        self.app.testing = False
        self.client = self.app.test_client()
        # Changes come one after the other, and none of them in the future.
        self.now = utcnow() - timedelta(days=5)
        with self.app.app_context():
            ids = db.session.execute(select(Member.id).order_by(Member.id.desc()).limit(READERS))
            self.readers = list(ids.scalars())
        bare = Flask("bare")
        bare.add_url_rule("/", view_func=lambda: "constant")
        self.bare_client = bare.test_client()
        freeze_garbage()

    def page(self, address: str) -> Callable[[int], Took]:
        """Ask for a page as a member."""

        def act(reader: int) -> Took:
            with self.client.session_transaction() as session:
                session["_user_id"] = f"token {reader}"
            answers = []
            took = timed(lambda: answers.append(self.client.get(address)))
            assert answers[0].status_code == 200, address
            return took

        return act

    def inside(self, act: Callable[[int], object]) -> Callable[[int], Took]:
        """Do something as a request does it."""

        def acting(reader: int) -> Took:
            with self.app.app_context():
                return timed(lambda: act(reader))

        return acting

    def bare(self) -> Took:
        """Ask bare Flask for a constant answer."""
        return timed(lambda: self.bare_client.get("/"))

    def finish_another(self) -> None:
        """A member finishes one more book, the best known one that they have not read."""
        self.now += MINUTES
        with self.app.app_context():
            begin_write()
            db.session.execute(text(ANOTHER), {"now": self.now.strftime("%Y-%m-%d %H:%M:%S.%f")})
            db.session.commit()

    def rebuild(self) -> None:
        """Make the arrays anew as a request has it done, but wait until they are there."""
        ours = rebuilds.Rebuilds()
        with self.app.app_context():
            ours.ask(cache_queries._remake)
        while ours._thread is not None and ours._thread.is_alive():
            ours._thread.join(0.05)

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Make them anew all the time."""
        over = Event()

        def work() -> None:
            while not over.is_set():
                self.rebuild()

        thread = Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def measure(folder: Path) -> None:
    """Print what there is to say of one club."""
    bench = Bench(folder)
    print(f"  {'memory of the process before':44} {memory():7.0f} MB")
    first = bench.page("/recommendations")(bench.readers[0])
    name, clock, busy = "first request after a start", 1000 * first.clock, 1000 * first.busy
    print(f"  {name:44} {clock:7.1f} ms, {busy:.1f} of them busy")
    with bench.app.app_context():
        begun = cache_queries.rebuilds()._thread
    if begun is not None:
        begun.join()
    started, worked = perf_counter(), process_time()
    bench.rebuild()
    seconds, busy = perf_counter() - started, process_time() - worked
    print(f"  {'rebuild':44} {seconds:7.1f} s, {busy:.1f} s of them busy")
    with bench.app.app_context():
        now = cache_queries._STOCKS[db.engine]
        how = "the whole catalogue" if now.is_whole else "those that matter"
        print(f"  {'books in the arrays':44} {len(now.library):7} ({how})")
        five, twelve = bench.readers[:5], bench.readers[:12]
        names = select(Member.username).where(Member.id.in_(five))
        of_five = "&".join(f"with={name}" for name in db.session.execute(names).scalars())
    for name, act in {
        "suggestions_for(reader)": bench.inside(suggestions_for),
        "suggestions_for(reader, author)": bench.inside(lambda reader: suggestions_for(reader, 8)),
        "picks_for(five)": bench.inside(lambda _: picks_for(five)),
        "picks_for(12)": bench.inside(lambda _: picks_for(twelve)),
        "GET /recommendations": bench.page("/recommendations"),
        f"GET {AUTHOR}": bench.page(AUTHOR),
        "GET /recommendations/club (five)": bench.page(f"/recommendations/club?{of_five}"),
        "GET /recommendations/club (12)": bench.page("/recommendations/club"),
    }.items():
        act(bench.readers[-1])
        tell(name, [(act(reader), bench.bare()) for reader in bench.readers])
        changed = []
        for reader in bench.readers:
            bench.finish_another()
            changed.append((act(reader), bench.bare()))
        tell("    right after a change", changed)
    print(f"  {'memory of the process then':44} {memory():7.0f} MB, at the most {most_memory():.0f} MB")
    for address in (*OTHER_PAGES, "/recommendations"):
        act = bench.page(address)
        act(bench.readers[-1])
        tell(f"GET {address}", [(act(reader), bench.bare()) for reader in bench.readers])
        with bench.rebuilding():
            tell("    during a rebuild", [(act(reader), bench.bare()) for reader in bench.readers])
    print(f"  {'memory of the process at the end':44} {memory():7.0f} MB, at the most {most_memory():.0f} MB")


def memory() -> float:
    """The megabytes of memory that this process has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def most_memory() -> float:
    """The most megabytes of memory that it had at any time."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def tell(name: str, times: list[tuple[Took, Took]]) -> None:
    """Print the 50th and the 95th percentile of some times, each taken beside that of bare Flask."""
    clock, busy = (
        quantiles([1000 * each[kind] for each, _ in times], n=20, method="inclusive") for kind in range(2)
    )
    floor = median(1000 * bare.busy for _, bare in times)
    print(
        f"  {name:36} {clock[9]:7.2f} ms, 95 %: {clock[18]:7.2f} ms;"
        f" busy {busy[9]:7.2f} ms, 95 %: {busy[18]:7.2f} ms;"
        f" {busy[9] / floor:4.0f} and {busy[18] / floor:4.0f} bare answers of {floor:.2f} ms",
        flush=True,
    )


def main(arguments: list[str]) -> None:
    """Measure clubs of the sizes that are named; with a folder, the one that is in it."""
    if arguments[:1] == ["--in"]:
        measure(Path(arguments[1]))
        return
    for books in map(int, arguments or SIZES):
        with TemporaryDirectory() as folder:
            start = perf_counter()
            # Whoever fills a club has memory of its own.
            again = [sys.executable, "-m", "tests.benchmarks.suggestions"]
            filling = "import sys; from pathlib import Path; from tests.benchmarks.suggestions import fill;"
            filling += " fill(Path(sys.argv[1]), int(sys.argv[2]))"
            subprocess.run([sys.executable, "-c", filling, folder, str(books)], check=True)
            print(f"{books} books, {MEMBERS} members with {SHELF} readings each", end="")
            print(f" (made in {perf_counter() - start:.0f} s)", flush=True)
            subprocess.run([*again, "--in", folder], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
