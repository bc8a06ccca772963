"""How long a large library takes to come in while others go on posting, and how much memory that needs.

    python -m tests.benchmarks.imports
    python -m tests.benchmarks.imports --rows 5000
    python -m tests.benchmarks.imports --rows 0

A member brings a file of 20 000 rows to a served club that has half of the books already, on SQLite and on
PostgreSQL. Meanwhile another member looks at a thread and posts a comment, nearly once a second. The server
is a process of its own.

Then the evening on which everybody brings a library: in a new club, three files of 290 rows come in through
the browser, each of which leaves a job for every book, and behind them one of 892 rows; and the same file
by the command line, in a club of its own. The last line says how many times as long the browser took.
"""

from __future__ import annotations

import csv
import io
import os
import random
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path
from re import findall
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from bookclub.books.actions import add_books
from bookclub.config import Settings
from bookclub.extensions import begin_write, db
from bookclub.lib.matches.book_fields import BookFields
from bookclub.lib.matches.editions import EditionFields
from bookclub.members.models import Club
from bookclub.schema import close, create_upgraded_app
from tests import postgres
from tests.factories import make_book, make_member, make_thread
from tests.running import COMMAND, Browser, Server, running
from tests.running import environment as environment_of

ROWS, BOOKS_AT_ONCE, MOST_SECONDS, MOST_MEGABYTES = 20_000, 500, 60, 150
SMALL_ROWS, SMALL_FILES, EVENING_ROWS, MOST_EVENING_SECONDS = 290, 3, 892, 10
DATABASES = ("sqlite", "postgresql")
PAUSE = 0.8  # Seconds between two comments.
PASSWORD = "a lantern in the orchard"
BEGINNINGS = (
    "The",
    "A",
    "My",
    "Our",
    "Last",
    "First",
    "Silent",
    "Hidden",
    "Broken",
    "Golden",
    "Winter",
    "Glass",
)
MIDDLES = (
    "River", "Garden", "House", "Lantern", "Orchard", "Shadow", "Mirror", "Harbour", "Mountain", "Island",
    "Daughter", "Keeper", "Maker", "Teacher", "Stranger", "Letter", "Song", "Map", "Clock", "Bridge",
    "Forest", "Library", "Kitchen", "Train", "Window", "Storm", "Ship", "Tower", "Market", "Well",
)  # fmt: skip
ENDINGS = ("of Rain", "of Ash", "of Sleep", "in Spring", "at Night", "for Two", "Without Doors", "by the Sea")
FIRST_NAMES = ("Ada", "Bela", "Carla", "Edda", "Faruk", "Gita", "Hugo", "Ines", "Jun", "Kofi", "Lena", "Mira")
SURNAME_PARTS = (
    "ber",
    "dal",
    "fen",
    "gor",
    "han",
    "kel",
    "lim",
    "mar",
    "nor",
    "pel",
    "ros",
    "san",
    "tor",
    "vik",
)
COLUMNS = (
    "Title", "Author", "Additional Authors", "ISBN", "ISBN13", "My Rating", "Number of Pages",
    "Year Published", "Original Publication Year", "Date Read", "Date Added", "Bookshelves",
    "Exclusive Shelf", "My Review", "Spoiler", "Private Notes", "Read Count",
)  # fmt: skip
REVIEW = "I began it on a train and ended it at the kitchen table.<br/><br/>" * 4


def main() -> None:
    rows = int(sys.argv[sys.argv.index("--rows") + 1]) if "--rows" in sys.argv else ROWS
    books = list(catalogue(rows))
    file = library(books)
    if rows:
        print(f"{rows} rows, {len(file) / 1e6:.1f} MB")
    for name in DATABASES:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            url = None
            if name == "postgresql":
                server = stack.enter_context(postgres.serve())
                server.template(migrate)
                url = stack.enter_context(server.database())
            if rows:
                measure(name, folder, url, books, file)
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            urls: list[str | None] = [None, None]
            if name == "postgresql":
                server = stack.enter_context(postgres.serve())
                server.template(migrate)
                urls = [stack.enter_context(server.database()) for _ in urls]
            measure_evening(name, folder, urls)


def migrate(url: str) -> None:
    """Bring an empty database to the newest revision."""
    close(create_upgraded_app(Settings(data=Path(), database_url=url, secret_key=PASSWORD)))


def catalogue(rows: int) -> Iterator[tuple[str, str, str, int]]:
    """Title, author, ISBN-13 and year of so many books, no two of one title by one author."""
    dice, met = random.Random(6), set()
    authors = [
        f"{dice.choice(FIRST_NAMES)} {''.join(dice.sample(SURNAME_PARTS, 3)).title()}"
        for _ in range(rows // 4 + 1)
    ]
    while len(met) < rows:
        title = f"{dice.choice(BEGINNINGS)} {dice.choice(MIDDLES)} {dice.choice(ENDINGS)}"
        title += f", {dice.choice(MIDDLES)} and {dice.choice(MIDDLES)}" * (len(met) % 8 > 0)
        author = dice.choice(authors)
        if (title, author) not in met:
            digits = f"978{len(met):09}"
            check = -sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(digits)) % 10
            met.add((title, author))
            yield title, author, f"{digits}{check}", 1900 + len(met) % 120


def library(books: list[tuple[str, str, str, int]]) -> bytes:
    """The books as somebody's library, a tenth of them with a review."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    for at, (title, author, isbn, year) in enumerate(books):
        writer.writerow(
            {
                "Title": title,
                "Author": author,
                "ISBN13": f'="{isbn}"',
                "My Rating": at % 6,
                "Number of Pages": 150 + at % 400,
                "Original Publication Year": year,
                "Date Read": f"20{10 + at % 15}/0{1 + at % 9}/1{at % 10}" if at % 5 else "",
                "Date Added": "2009/01/01",
                "Bookshelves": f"shelf-{at % 40}",
                "Exclusive Shelf": "read" if at % 5 else "to-read",
                "My Review": REVIEW if at % 10 == 0 else "",
                "Private Notes": "From the library." if at % 20 == 0 else "",
                "Read Count": int(at % 5 > 0),
            }
        )
    return file.getvalue().encode()


def measure(
    name: str, folder: Path, url: str | None, books: list[tuple[str, str, str, int]], file: bytes
) -> None:
    """One run, from the file to the report."""
    thread_id = fill(folder, url, books[::2])
    environment = {"BOOKCLUB_DATA": folder} | ({"BOOKCLUB_DATABASE_URL": url} if url else {})
    with running("serve", "--port", "0", **environment) as server:
        reader = server.browser()
        reader.sign_in("reader", PASSWORD)
        poster = server.browser()
        poster.sign_in("poster", PASSWORD)
        # To check a password takes 64 MB by design, which is no matter of imports.
        Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
        began = perf_counter()
        address = send(reader, file)
        staged = perf_counter() - began
        with posting(poster, f"/threads/{thread_id}") as waits:
            began = perf_counter()
            reader._ask(address + "/start", form_of(reader, address))
            while "Finished." not in (page := reader.get(address).text):
                sleep(2)
            taken = perf_counter() - began
        peak, worked = peak_of(server), seconds_of(server)
    said = findall(r"Finished\.</b> ([^<]*)", page)[0]
    slow = quantiles(waits, n=20)
    print(f"\n{name}: {' '.join(unescape(said).split())}")
    print(f"  looked into in {staged:.1f} s, taken in {taken:.1f} s (at most {MOST_SECONDS} s),")
    print(f"  of which the server worked {worked:.1f} s, for all that it did")
    print(f"  {peak:.0f} MB at most (at most {MOST_MEGABYTES} MB)")
    print(
        f"  meanwhile {len(waits)} comments: median {1000 * slow[9]:.0f} ms,"
        f" 95 % within {1000 * slow[18]:.0f} ms, the slowest {1000 * max(waits):.0f} ms"
    )


def measure_evening(name: str, folder: Path, urls: list[str | None]) -> None:
    """Measure a file that comes in behind several small ones, and the same by the command line."""
    books = list(catalogue(SMALL_ROWS * SMALL_FILES + 2 * EVENING_ROWS))
    known, small, last = books[:EVENING_ROWS], books[EVENING_ROWS:-EVENING_ROWS], books[-EVENING_ROWS:]
    served, alone = folder / "served", folder / "alone"
    thread_id = fill(served, urls[0], known)
    environment = {"BOOKCLUB_DATA": served} | ({"BOOKCLUB_DATABASE_URL": urls[0]} if urls[0] else {})
    with running("serve", "--port", "0", **environment) as server:
        reader, poster = server.browser(), server.browser()
        reader.sign_in("reader", PASSWORD)
        poster.sign_in("poster", PASSWORD)
        with posting(poster, f"/threads/{thread_id}") as waits:
            taken = [
                seconds_to_take_in(reader, small[start : start + SMALL_ROWS])
                for start in range(0, len(small), SMALL_ROWS)
            ]
            by_browser = seconds_to_take_in(reader, last)
    fill(alone, urls[1], known)
    (folder / "library.csv").write_bytes(library(last))
    settings = {"BOOKCLUB_DATA": alone} | ({"BOOKCLUB_DATABASE_URL": urls[1]} if urls[1] else {})
    began = perf_counter()
    subprocess.run(
        [*COMMAND, "import", str(folder / "library.csv"), "--member", "reader"],
        check=True, capture_output=True, env=environment_of(**settings),
    )  # fmt: skip
    by_command = perf_counter() - began
    print(f"\n{name}, an evening: {SMALL_FILES} files of {SMALL_ROWS} rows took"
          f" {', '.join(f'{one:.1f}' for one in taken)} s, and behind them")  # fmt: skip
    print(f"  {EVENING_ROWS} rows by browser {by_browser:.1f} s (at most {MOST_EVENING_SECONDS} s),"
          f" by command {by_command:.1f} s: {by_browser / by_command:.1f} times as long")  # fmt: skip
    print(f"  meanwhile {len(waits)} comments, the slowest {1000 * max(waits):.0f} ms")


def seconds_to_take_in(reader: Browser, books: list[tuple[str, str, str, int]]) -> float:
    """Seconds from sending a library until its page says that it is finished."""
    began = perf_counter()
    address = send(reader, library(books))
    reader._ask(address + "/start", form_of(reader, address))
    while "Finished." not in reader.get(address).text:
        sleep(0.5)
    return perf_counter() - began


def fill(folder: Path, url: str | None, books: list[tuple[str, str, str, int]]) -> int:
    """A club with these books and two members; the thread in which one of them posts."""
    app = create_upgraded_app(Settings.for_folder(folder, **({"database_url": url} if url else {})))
    with app.app_context():
        begin_write()
        members = [make_member(username, password=PASSWORD) for username in ("reader", "poster")]
        talked_about = make_book("Talk of the Town")
        db.session.add_all([*members, talked_about])
        db.session.flush()
        thread = make_thread(members[1], talked_about)
        db.session.add(thread)
        db.session.get_one(Club, 1).name = "Benchmark"
        for start in range(0, len(books), BOOKS_AT_ONCE):
            wanted = [
                (BookFields(title=title, authors=(author,), isbn=isbn, first_published=year), EditionFields())
                for title, author, isbn, year in books[start : start + BOOKS_AT_ONCE]
            ]
            add_books(wanted, None)
        db.session.commit()
        thread_id = thread.id
    close(app)
    return thread_id


def send(reader: Browser, file: bytes) -> str:
    """Bring the file; the path of its import."""
    token = findall(r'name="csrf_token" value="([^"]*)"', reader.get("/imports/new").text)[0]
    mark = "a-line-between-parts"
    parts = (
        f'--{mark}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="library.csv"\r\n\r\n'
    )
    body = parts.encode() + file + f"\r\n--{mark}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    request = urllib.request.Request(reader.address + "/imports/new", body, headers)
    with reader.opener.open(request, timeout=120) as answer:
        return answer.url.removeprefix(reader.address)


def form_of(reader: Browser, path: str) -> bytes:
    """The form on a page that needs its token alone."""
    token = findall(r'name="csrf_token" value="([^"]*)"', reader.get(path).text)[0]
    return f"csrf_token={token}".encode()


@contextmanager
def posting(poster: Browser, path: str) -> Iterator[list[float]]:
    """Let a member post comments as long as this lasts; how long each took to be answered."""
    waits: list[float] = []
    over = threading.Event()

    def post() -> None:
        while not over.is_set():
            form = form_of(poster, path) + b"&body=So+it+goes.&horizon=0&parent_id="
            began = perf_counter()
            answer = poster._ask(path + "/comments", form)
            waits.append(perf_counter() - began)
            if answer.status != 200:
                print(f"  a comment was answered with {answer.status} after {waits[-1]:.1f} s")
            over.wait(PAUSE)

    thread = threading.Thread(target=post)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def peak_of(server: Server) -> float:
    """The most memory that the server has had, in MB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(findall(r"VmHWM:\s*(\d+) kB", status)[0]) / 1024


def seconds_of(server: Server) -> float:
    """For how long processors have been busy with the server."""
    spent = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
