"""The club's export as plain HTML pages, which need no server and no script.

They link to each other as files do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from ..asks.queries import answers_to, asks
from ..extensions import utcnow
from ..lib.positions.contents import section_name
from ..lib.positions.places import END, START
from ..lib.tally.ballots import kind_of
from ..lib.text import dates
from ..lib.text.spoilers import show_placeholders
from ..meetings.models import Meeting
from ..meetings.queries import meetings_latest_first
from ..meetings.rules import reading_text
from ..members.queries import the_club
from ..readings.queries import contents_of, rating_histogram, shelf
from ..reports.queries import contents_of_books
from ..rounds.queries import rounds_settled, rounds_under_way
from ..rounds.result_queries import results_of, votes_in
from . import page_queries
from .club_queries import books_whole
from .picture_queries import file_of, widest_copy
from .queries import page_of
from .rules import pictures_on, relink, relink_pictures

# Stylesheets of the club's own pages, and the one that only the export needs.
STYLESHEETS = (
    "tokens", "base", "layout", "asks", "sections", "cover", "locked", "meetings", "pagination", "panel",
    "members", "readings", "prose", "reviews", "rounds", "tables", "tags", "threads", "buttons", "notices",
    "archive", "utilities",
)  # fmt: skip
# Files of the pages that fragments shared with the live pages lead to.
PAGES = {
    "authors.show": "authors/{slug}.html",
    "books.show": "books/{slug}.html",
    "members.show": "members/{username}.html",
    "reviews.show": "reviews/{review_id}.html",
}
BOOKS_ON_A_PAGE = 60
NAMES_ON_A_PAGE = 300
BOOKS_AT_ONCE = 100
# A file has no next page to ask for, so a shelf is written whole.
LONGEST_SHELF = 100_000
LATEST = 8
SHELF = 12

Each = TypeVar("Each")


class Site:
    """The pages of one club, written into a folder.

    ``everything`` includes locked texts and spoilers.
    """

    def __init__(self, app: Flask, folder: Path, *, everything: bool) -> None:
        self.app, self.folder, self.everything = app, folder, everything
        self.archive = page_queries.Archive(everything)
        self.club = the_club()
        self.now = utcnow()
        self.zone = ZoneInfo(self.club.time_zone)
        # A text may link to the same page again and again, and each lookup is a statement.
        self.page_of = lru_cache(maxsize=10_000)(page_of)
        # The pages are whole by themselves, wherever their folder is put.
        self.pictures: set[int] = set()

    def write(self) -> None:
        """Write every page. Raises OSError."""
        for name in ("books", "authors", "members", "reviews", "threads", "asks", "rounds"):
            (self.folder / name).mkdir(parents=True)
        static = Path(self.app.static_folder or "")
        sheets = (static / "css" / f"{name}.css" for name in STYLESHEETS)
        style = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
        (self.folder / "style.css").write_text(style, encoding="utf-8")
        (self.folder / "favicon.svg").write_bytes((static / "favicon.svg").read_bytes())
        self.write_front()
        self.write_books()
        self.write_people()
        self.write_talk()
        self.write_rounds()
        self.write_meetings()
        (self.folder / "pictures").mkdir()
        for number in self.pictures:
            (self.folder / file_of(number)).write_bytes(widest_copy(number))

    def page(self, path: str, template: str, **shown: Any) -> None:
        """Write one page from its template."""
        up = "../" * path.count("/")

        def words(html: str | None) -> Markup:
            return Markup(relink(show_placeholders(html or ""), up, self.page_of))

        # The fragments that the export shares with the live pages lead to its files through this name.
        def url_for(endpoint: str, **values: object) -> str:
            return up + PAGES[endpoint].format(**values)

        text = self.app.jinja_env.get_template(f"archive/site/{template}.html").render(
            up=up,
            path=path,
            club=self.club,
            everything=self.everything,
            copied_at=self.now,
            date=self.date,
            words=words,
            url_for=url_for,
            **shown,
        )
        self.pictures |= pictures_on(text)
        text = relink_pictures(text, up)
        (self.folder / path).write_text(text, encoding="utf-8", newline="\n")

    def date(self, moment: Any) -> str:
        """Return the day of a moment in the club's time zone: "3 November 2026"."""
        return dates.date_text(moment.astimezone(self.zone))

    def write_list(self, name: str, template: str, rows: Iterable[Each], size: int) -> None:
        """Write a list over as many pages as it needs: books.html, books-2.html …"""
        rows = iter(rows)
        # One page is read ahead, so that the last one does not lead to an empty page.
        number, entries, following = 1, list(islice(rows, size)), list(islice(rows, size))
        while True:
            self.page(
                _numbered(name, number),
                template,
                entries=entries,
                number=number,
                before=_numbered(name, number - 1) if number > 1 else None,
                after=_numbered(name, number + 1) if following else None,
            )
            if not following:
                return
            number, entries, following = number + 1, following, list(islice(rows, size))

    # The pages

    def write_front(self) -> None:
        """Write the first page."""
        self.page(
            "index.html",
            "index",
            figures=page_queries.figures(),
            current=page_queries.book_by_id(self.club.current_book_id),
            read=page_queries.books_most_rated(SHELF),
            latest=self.archive.latest_reviews(LATEST),
            chosen=[each for each in islice(self.rounds_over(), LATEST) if each.winner],
        )

    def write_books(self) -> None:
        """Write the catalogue: lists of books and authors, and a page for each."""
        self.write_list("books", "books", page_queries.books_by_title(), BOOKS_ON_A_PAGE)
        for books in _chunks(books_whole(), BOOKS_AT_ONCE):
            ids = [book.id for book in books]
            reviews, threads = self.archive.reviews_of_books(ids), self.archive.threads_of_books(ids)
            endorsements = page_queries.endorsements_of_books(ids)
            for book in books:
                # Titles of chapters can be spoilers, too.
                mark = END if self.everything else START
                sections = contents_of(book.id).sections
                self.page(
                    f"books/{book.slug}.html",
                    "book",
                    book=book,
                    histogram=rating_histogram(book.id) if book.rating_count else {},
                    chapters=[(section_name(section, mark), None) for section in sections],
                    reviews=reviews.get(book.id, []),
                    threads=threads.get(book.id, []),
                    endorsements=endorsements.get(book.id, []),
                )
        self.write_list("authors", "authors", page_queries.authors_with_books(), NAMES_ON_A_PAGE)
        for author, books in page_queries.authors_with_books():
            self.page(f"authors/{author.slug}.html", "author", author=author, books=books)

    def write_people(self) -> None:
        """Write the pages of members, with what they wrote and read in public.

        Suspended members have a page, which their words link to, but are not in the list of members.
        """
        members = page_queries.members_here()
        present = [member for member in members if member.is_active]
        self.write_list("members", "members", present, NAMES_ON_A_PAGE)
        for member in members:
            self.page(
                f"members/{member.username}.html",
                "member",
                person=member,
                reviews=self.archive.reviews_by(member.id),
                shelf=shelf(page_queries.NOBODY, member.id, LONGEST_SHELF),
                this_year=self.now.year,
            )

    def write_talk(self) -> None:
        """Write the pages of reviews, threads and asks."""
        for review_id in page_queries.review_ids():
            review = self.archive.review(review_id)
            if review is not None:
                self.page(
                    f"reviews/{review_id}.html",
                    "review",
                    review=review,
                    book=page_queries.book_by_id(review.book_id),
                    **self.talk(review.thread_id, review.book_id),
                )
        for thread_id in page_queries.titled_thread_ids():
            thread = page_queries.thread_to_show(thread_id)
            self.page(
                f"threads/{thread_id}.html", "thread", thread=thread, **self.talk(thread_id, thread.book_id)
            )
        self.write_list("asks", "asks", _all_asks(), NAMES_ON_A_PAGE)
        for entry in _all_asks():
            ask = entry.ask
            self.page(
                f"asks/{ask.id}.html",
                "ask",
                ask=ask,
                answers=answers_to(page_queries.NOBODY, ask.id),
                **self.talk(ask.thread_id, ask.book_id),
            )

    def talk(self, thread_id: int, book_id: int | None) -> dict[str, Any]:
        """Comments of a thread and contents of its book, for a page."""
        return {"nodes": self.archive.conversation(thread_id), "contents": contents_of(book_id)}

    def write_rounds(self) -> None:
        """Write the pages of rounds. An open round shows no more than its nominations."""
        under_way = list(rounds_under_way())
        self.write_list("rounds", "rounds", [*under_way, *self.rounds_over()], NAMES_ON_A_PAGE)
        for each in [*under_way, *self.rounds_over()]:
            # Before the close nothing that depends on a ballot may leave the club.
            is_over = each.settled_at is not None
            standing = [nomination for nomination in each.nominations if nomination.stands]
            self.page(
                f"rounds/{each.id}.html",
                "round",
                voting_round=each,
                kind=kind_of(each.method, [nomination.id for nomination in standing]),
                standing=standing,
                withdrawn=[nomination for nomination in each.nominations if not nomination.stands],
                results=results_of(each) if is_over else [],
                votes=votes_in(each) if is_over else [],
            )

    def write_meetings(self) -> None:
        """Write the list of meetings, the latest first. Where they were is in a copy of everything alone."""
        meetings = meetings_latest_first()
        chapters = contents_of_books({book.book_id for each in meetings for book in each.books})
        to_read = {
            (each.id, book.book_id): reading_text(
                each.read_until_unit, each.read_until, book.horizon, chapters[book.book_id]
            )
            for each in meetings
            for book in each.books
        }
        entries = [(each, self.clock(each), to_read) for each in meetings]
        self.write_list("meetings", "meetings", entries, NAMES_ON_A_PAGE)

    def clock(self, meeting: Meeting) -> str:
        """Return when a meeting begins by its own clocks: "19:30, Europe/Berlin"."""
        return f"{dates.clock_text(meeting.starts_at, meeting.time_zone)}, {meeting.time_zone}"

    def rounds_over(self) -> Iterator[Any]:
        """Rounds that are over, latest first."""
        after: int | None = None
        while True:
            page = rounds_settled(after)
            yield from page.entries
            if not page.next_after:
                return
            after = int(page.next_after)


def _all_asks() -> Iterator[Any]:
    after: int | None = None
    while True:
        page = asks(after=after)
        yield from page.entries
        if not page.next_after:
            return
        after = int(page.next_after)


def _chunks(rows: Iterable[Each], size: int) -> Iterator[Sequence[Each]]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


def _numbered(name: str, number: int) -> str:
    return f"{name}.html" if number == 1 else f"{name}-{number}.html"
