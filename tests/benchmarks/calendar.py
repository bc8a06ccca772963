"""How the calendar of ten years of meetings compares with a page of bare Flask that sends as many bytes.

    python -m tests.benchmarks.calendar

Meetings once a month and once a week, about 60 books with 20 chapters each, on SQLite. What is measured is
CPU time: of the whole calendar, and of the answer to a program that has it already.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from flask import Flask

from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.private_tokens import token_of
from bookclub.meetings.models import CalendarAddress
from bookclub.schema import create_upgraded_app
from bookclub.sections.models import Section
from tests.factories import make_book, make_meeting, make_member

BOOKS, CHAPTERS, ROUNDS = 60, 20, 40
SIZES = {"monthly": 120, "weekly": 520}


def fill(app: Flask, meetings: int) -> str:
    """Fill a club with so many meetings in ten years, and return the path of a member's calendar."""
    with app.app_context():
        begin_write()
        olive, books = make_member("olive"), [make_book(f"Book {number}") for number in range(BOOKS)]
        db.session.add_all([olive, *books])
        db.session.flush()
        for book in books:
            starts = [number * 10_000 // CHAPTERS for number in range(CHAPTERS)]
            for place, start in enumerate(starts):
                title = f"Chapter {place}"
                row = Section(book_id=book.id, place=place, title=title, typed_start=start, start=start)
                db.session.add(row)
        for number in range(meetings):
            starts_at = utcnow() - timedelta(days=3650 * number / meetings - 30)
            book = books[number % BOOKS]
            db.session.add(
                make_meeting(
                    olive, book, starts_at=starts_at, horizon=4000, read_until="40", time_zone="Europe/Berlin"
                )
            )
        db.session.add(CalendarAddress(member_id=olive.id, code="code"))
        db.session.commit()
    return f"/calendar/{token_of('code', 'calendar', app.config['SECRET_KEY'])}.ics"


def milliseconds(act: Callable[[], object]) -> float:
    """Median of the CPU time that it takes."""
    taken = []
    for _ in range(ROUNDS):
        start = process_time()
        act()
        taken.append(process_time() - start)
    return median(taken) * 1000


def main() -> None:
    for name, meetings in SIZES.items():
        measure(name, meetings)


def measure(name: str, meetings: int) -> None:
    """Print what a calendar of so many meetings takes, beside bare Flask."""
    with TemporaryDirectory() as folder:
        app = create_upgraded_app(Settings.for_folder(Path(folder), testing=True))
        path = fill(app, meetings)
        client, bare = app.test_client(), Flask("bare")
        answer = client.get(path)
        same = {"If-None-Match": answer.headers["ETag"]}
        bare.add_url_rule("/", view_func=lambda data=answer.data: data)
        other = bare.test_client()
        client.get(path)
        whole = milliseconds(lambda: client.get(path))
        unchanged = milliseconds(lambda: client.get(path, headers=same))
        simple = milliseconds(lambda: other.get("/"))
        print(
            f"{name}, {meetings} meetings: {whole:.0f} ms, {whole / simple:.0f} times bare Flask;"
            f" unchanged {unchanged:.1f} ms, {unchanged / simple:.0f} times"
        )
        with app.app_context():
            db.engine.dispose()


if __name__ == "__main__":
    main()
