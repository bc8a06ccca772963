"""The sample club of `bookclub demo`, built from the TOML files beside this one, with dates before now."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import chain
from typing import Any

from ..books.actions import add_book, add_edition
from ..books.models import Book
from ..extensions import db
from ..home.actions import say_word
from ..lib.matches.book_fields import BookFields
from ..lib.matches.editions import EditionFields, isbn_from
from ..lib.matches.field_values import AdaptationFields
from ..lib.positions.contents import horizon_from
from ..lib.positions.places import from_percent
from ..lib.positions.progress import rating_from
from ..lib.positions.visibility import Viewer
from ..lib.text.markdown import render
from ..members import actions as members_actions
from ..members import passwords as accounts
from ..members.models import Member
from ..members.queries import find_member, members_after, the_club
from ..notices.actions import see
from ..notices.models import Notice
from ..notices.queries import notices_before
from ..reactions.actions import react
from ..readings.actions import record
from ..readings.models import Reading
from ..reviews.actions import add_review
from ..sections.models import Section
from ..threads.actions import add_comment, delete_comment, mark_all_seen, open_thread
from ..threads.models import Comment, Thread, Wording
from .advice import give_advice
from .agenda import set_agenda
from .date_polls import find_a_date
from .meetings import RECAP, plan_meetings, write_up
from .passages import keep_sample
from .rounds import stage_round

# Every member of the sample club signs in with this password.
PASSWORD = "tea-and-biscuits"
ACCOUNTS = {"olive": "the organiser", "bob": "a member, 35 % of the way through Never Let Me Go"}
EMAIL = "olive@example.org"

Entry = dict[str, Any]


def is_empty() -> bool:
    """Return whether the club has no members yet."""
    return not members_after("")[0]


def is_demo() -> bool:
    """Return whether ``build()`` made this club."""
    olive = find_member("olive")
    # example.org is reserved (RFC 2606), so no member of a real club has this address.
    return olive is not None and olive.email == EMAIL


def build(now: datetime) -> None:
    """Fill an empty club with the samples, dated back from ``now``, in the caller's writing transaction."""
    Builder(now).build()


def put_in_order(notices: Sequence[Notice]) -> None:
    """Number a member's notices by their dates: what they are about was staged one kind after the other."""
    ids, dated = sorted(one.id for one in notices), sorted(notices, key=lambda one: (one.created_at, one.id))
    # No two may have one number at any moment.
    for sign in (-1, 1):
        for number, notice in zip(ids, dated, strict=True):
            notice.id = sign * number
        db.session.flush()


@dataclass
class Builder:
    """Builder of the sample club. It keeps what it has built, by the names in the files."""

    now: datetime
    members: dict[str, Member] = field(default_factory=dict)
    books: dict[str, Book] = field(default_factory=dict)
    readings: dict[tuple[str, str], Reading] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)

    def build(self) -> None:
        people, reviews, threads = entries("members"), entries("reviews"), entries("threads")
        # Hashing is slow on purpose, so the one password is hashed only once.
        password_hash = accounts.hash_password(PASSWORD)
        # Members are added in the order in which they joined, so that ids and dates agree.
        for entry in sorted(people["member"], key=_days_of):
            self.add_member(entry, password_hash)
        for number, entry in enumerate(entries("books")["book"]):
            self.add_book(entry, number)
        self.set_club(people["club"])

        book = self.books[people["club"]["current_book"]]
        over, coming = plan_meetings(self.members["olive"], book, self.at)
        quoted = entries("passages")["passage"]
        said = chain(reviews["review"], threads["thread"], threads["comment"], quoted, [RECAP])
        posts = sorted(said, key=_days_of)
        # A reading is dated when its member last wrote about the book; the others are spread over the past.
        last_said = {(post["member"], post["book"]): post["days"] for post in posts if "book" in post}
        for number, entry in enumerate(entries("readings")["reading"]):
            self.record(entry, last_said.get((entry["member"], entry["book"]), -0.4 - 2.5 * number))
        # Posts are added in the order of their dates, so that ids and dates agree.
        for post in posts:
            if post is RECAP:
                write_up(over, self.members, self.at)
            elif "on" in post:
                self.add_comment(post)
            elif "text" in post:
                keep_sample(
                    post, self.members[post["member"]], self.books[post["book"]], self.at(post["days"])
                )
            elif "summary" in post:
                self.add_review(post)
            else:
                self.open_thread(post)
        for entry in threads["reaction"]:
            self.react(entry["to"], entry["kind"], entry["members"])
        give_advice(entries("advice"), self.members, self.books, self.at)
        for entry in entries("rounds")["round"]:
            stage_round(entry, self.members, self.books, self.at)
        set_agenda(coming, book.id, self.members, self.comments, self.at)
        find_a_date(self.members, self.at)
        self.leave_what_is_news(people["club"]["current_book"])

    def leave_what_is_news(self, current_book: str) -> None:
        """Mark as seen what members had before their last visit, and all posts on former books."""
        for (_, key), reading in self.readings.items():
            if key != current_book:
                mark_all_seen(reading)
        for member in self.members.values():
            notices, _ = notices_before(Viewer(member.id), None)
            put_in_order(notices)
            seen = [notice.id for notice in notices if notice.created_at <= (member.seen_at or self.now)]
            see(member, self.now, until=max(seen, default=0))

    def at(self, days: float) -> datetime:
        """Return the moment that is this many days from now; negative numbers are in the past."""
        return self.now + timedelta(days=days)

    def add_member(self, entry: Entry, password_hash: str) -> None:
        member = members_actions.join(entry["username"], entry["email"], password_hash, role=entry["role"])
        member.display_name = entry["display_name"]
        member.about, member.about_html = entry["about"], render(entry["about"]).safe_html
        member.joined_at = self.at(entry["joined_days"])
        # Posts since their last visit are new to them when they sign in.
        member.seen_at = member.new_since = self.at(entry["last_visit_days"])
        self.members[member.username] = member

    def add_book(self, entry: Entry, number: int) -> None:
        fields = BookFields(
            title=entry["title"],
            subtitle=entry["subtitle"],
            authors=tuple(entry["authors"]),
            first_published=entry["first_published"],
            description=entry["description"],
            description_html=render(entry["description"]).safe_html,
            tags=tuple(entry["tags"]),
            isbn=isbn_from(entry["isbn"]),
            pages=entry["pages"],
            adaptations=tuple(AdaptationFields(**one) for one in entry["adaptations"]),
        )
        olive = self.members["olive"]
        book = add_book(fields, olive.id)
        # The hours keep the books in their order where a list goes by date.
        book.added_at = olive.joined_at + timedelta(hours=number)
        self.books[entry["key"]] = book
        for edition in entry.get("editions", ()):
            add_edition(book, EditionFields(**edition), None)
        for place, chapter in enumerate(entry.get("chapters", ())):
            start = from_percent(str(chapter["percent"]), up=True)
            title = chapter["title"]
            db.session.add(Section(book_id=book.id, place=place, title=title, typed_start=start, start=start))

    def set_club(self, entry: Entry) -> None:
        club = the_club()
        club.name, club.is_public = entry["name"], True
        club.words, club.words_html = entry["words"], render(entry["words"]).safe_html
        body = entry["word"].strip()
        say_word(body, render(body).safe_html, self.at(entry["word_days"]))
        club.current_book_id = self.books[entry["current_book"]].id
        club.current_from = self.at(entry["current_from_days"]).date()
        club.current_until = self.at(entry["current_until_days"]).date()

    def record(self, entry: Entry, days: float) -> None:
        username, key, percent = entry["member"], entry["book"], entry.get("percent")
        place: dict[str, Any] = {}
        # To have finished is a place by itself.
        if percent is not None and entry["status"] != "finished":
            place = {
                "entry": str(percent),
                "entry_unit": "percent",
                "position": from_percent(str(percent)),
            }
        self.readings[username, key] = record(
            self.members[username],
            self.books[key],
            # Nobody reads with the club before they join.
            max(self.at(days), self.members[username].joined_at),
            status=entry["status"],
            rating=rating_from(str(entry.get("rating", ""))),
            **place,
        )

    def add_review(self, entry: Entry) -> None:
        review = add_review(
            self.books[entry["book"]].id,
            self.members[entry["member"]],
            entry["title"],
            entry["summary"],
            self.words(entry, entry["book"]),
            self.at(entry["days"]),
        )
        self.threads[entry["key"]] = review.thread

    def open_thread(self, entry: Entry) -> None:
        # The club's talk is about no book.
        author, book = self.members[entry["member"]], self.books.get(entry["book"])
        words, now = self.words(entry, entry["book"]), self.at(entry["days"])
        thread = open_thread(book.id if book else None, author, entry["title"], words.horizon, now)
        if entry.get("pinned"):
            thread.pin(now)
        self.comments[entry["key"]] = opening = add_comment(thread, None, author, words, now)
        if entry.get("discuss"):
            opening.open_question(now)
        self.threads[entry["key"]] = thread

    def add_comment(self, entry: Entry) -> None:
        thread, now = self.threads[entry["on"]], self.at(entry["days"])
        book = next((key for key, book in self.books.items() if book.id == thread.book_id), "")
        parent = self.comments[entry["parent"]] if entry["parent"] else None
        author = self.members[entry["member"]]
        comment = add_comment(thread, parent, author, self.words(entry, book), now)
        if entry.get("edited"):
            comment.edited_at = now + timedelta(minutes=20)
        if entry.get("discuss"):
            comment.open_question(now)
        if entry.get("deleted"):
            delete_comment(thread, comment, now + timedelta(minutes=40))
        self.comments[entry["key"]] = comment

    def react(self, post: str, kind: str, names: list[str]) -> None:
        """Add reactions of these members to a comment."""
        for name in names:
            react(self.members[name], kind, self.at(-0.2), on=True, comment_id=self.comments[post].id)

    def words(self, entry: Entry, book: str) -> Wording:
        """Return a post's words and horizon, for an author with their present mark in the book."""
        reading = self.readings.get((entry["member"], book))
        # An author who never said where they are cannot choose “mine”.
        mark = reading.mark if reading and reading.position is not None else None
        choice, body = str(entry["horizon"]), entry["body"].strip()
        return Wording(body, render(body), choice, horizon_from(choice, mark))


def entries(name: str) -> dict[str, Any]:
    """Return the contents of one of the TOML files beside this one."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def _days_of(entry: Entry) -> float:
    return float(entry["days"] if "days" in entry else entry["joined_days"])
