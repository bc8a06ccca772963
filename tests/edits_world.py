"""A club with one row behind every editing form, and the table of these forms."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bookclub.books.models import Edition
from bookclub.extensions import Base, begin_write, db, utcnow
from bookclub.home.models import Word
from bookclub.members.models import Club, Member, MemberSession
from bookclub.members.queries import hash_token
from bookclub.sections.models import Section
from tests.factories import (
    PASSWORD,
    make_book,
    make_comment,
    make_draft,
    make_import,
    make_meeting,
    make_member,
    make_nomination,
    make_passage,
    make_question,
    make_reading,
    make_report,
    make_review,
    make_round,
    make_thread,
    place,
)
from tests.page_forms import PageForm, form_to

SOON = utcnow().replace(second=0, microsecond=0, tzinfo=None)


def in_days(days: int) -> str:
    """A time as the field of a form takes it."""
    return (SOON + timedelta(days=days)).isoformat(timespec="minutes")


@dataclass(frozen=True)
class EditingForm:
    """One form that edits something.

    ``changes`` has for each of its fields two values that differ from what is there and from each other;
    one value where there are no more, as with a box to tick. ``alone`` are the fields whose change may
    not meet a change of another in the same test, ``beside`` those that need no digest, each with the
    reason. ``having`` is a field by which the form is told from others on its page, ``also`` is sent with
    every change, and ``own_test`` names the test of a form that is gone from its page once it was sent.
    """

    endpoint: str
    page: str
    action: str
    who: str
    changes: Mapping[str, tuple[str, ...]]
    alone: frozenset[str] = frozenset()
    beside: Mapping[str, str] = field(default_factory=dict)
    having: str = ""
    also: Mapping[str, str] = field(default_factory=dict)
    own_test: str = ""
    unchanged: int = 303


HORIZON = {"horizon": ("finished", "0")}
HORIZON_BESIDE = {
    "horizon_place": "says where, with the horizon, and is merged with it",
    "finished": "a deed: to note that the book is finished",
}
PASSWORD_BESIDE = {"current_password": "a password is not edited"}
TEXTS = ("What the phone says.", "What the laptop says.")

EDITING_FORMS = {
    "comment": EditingForm(
        "comments.edit", "/comments/1/edit", "/comments/1/edit", "alice",
        {"body": TEXTS, **HORIZON}, beside=HORIZON_BESIDE,
    ),
    "question": EditingForm(
        "questions.edit", "/questions/1/edit", "/questions/1/edit", "alice",
        {"body": TEXTS, **HORIZON}, beside=HORIZON_BESIDE,
    ),
    "passage": EditingForm(
        "passages.edit", "/passages/1/edit", "/passages/1/edit", "alice",
        {"text": TEXTS, "note": TEXTS, "position": ("40", "50")},
        beside={"position_unit": "says in what the place counts, and is merged with it"},
    ),
    "opening words": EditingForm(
        "comments.edit", "/comments/3/edit", "/comments/3/edit", "alice",
        {"title": TEXTS, "body": TEXTS, **HORIZON}, beside=HORIZON_BESIDE,
    ),
    "review": EditingForm(
        "reviews.edit", "/reviews/1/edit", "/reviews/1/edit", "alice",
        {"title": TEXTS, "summary": TEXTS, "body": TEXTS, "rating": ("2", "5"), **HORIZON},
        beside=HORIZON_BESIDE,
    ),
    "draft": EditingForm(
        "drafts.update", "/books/persuasion/reviews/new", "/drafts/1/edit", "alice",
        {"title": TEXTS, "summary": TEXTS, "body": TEXTS, "rating": ("2", "5")},
        beside={**HORIZON_BESIDE, "horizon": "a draft keeps only whether it is for those who have finished"},
    ),
    "reading": EditingForm(
        "readings.update", "/books/emma", "/books/emma/reading", "alice",
        {
            "rating": ("1", "4"), "started_on": ("2024-01-02", "2024-01-03"),
            "finished_on": ("2024-03-01", "2024-03-02"), "planned_month": ("2031-01", "2031-02"),
            "edition": ("5", ""), "length": ("352", "353"), "is_private": ("1",),
            "position": ("60", "70"), "status": ("finished", "to_read"),
        },
        alone=frozenset({"position", "status", "edition", "length"}), having="status",
        beside={"position_unit": "is merged with the position"},
    ),
    "notes": EditingForm(
        "readings.update", "/books/emma", "/books/emma/reading", "alice",
        {"notes": TEXTS, "own_tags": ("cosy, rainy days", "to lend")}, having="notes",
    ),
    "book": EditingForm(
        "books.update", "/books/emma/edit", "/books/emma/edit", "alice",
        {
            "title": ("Emma, again", "Emma at last"), "subtitle": ("A novel", "A story"),
            "authors": ("Jane Austen", "Jane Austen; Cassandra Austen"), "first_published": ("1815", "1816"),
            "pages": ("474", "495"), "isbn": ("9780141439587", "9780571244980"),
            "tags": ("classics", "comedies"), "series": ("Highbury, 1", "Highbury, 2"),
            "description": TEXTS, "adaptations": ("Emma, 1996, film", "Emma, 2020, film"),
        },
    ),
    "edition": EditingForm(
        "editions.update", "/books/sanditon/editions/4/edit", "/books/sanditon/editions/4/edit", "alice",
        {
            "format": ("paperback", "hardback"), "pages": ("211", "212"),
            "isbn": ("978-0-14-062042-9", "978-0-19-953555-2"), "minutes": ("9:46", "9:47"),
        },
    ),
    "chapters": EditingForm(
        "sections.update", "/books/sanditon/sections", "/books/sanditon/sections", "alice",
        {"sections": ("The Coach\nThe Sea", "The Coach\nThe Sea\nThe Ball")},
        beside={"edition": "says what pages and times in the box speak of"},
    ),
    "start of a chapter": EditingForm(
        "sections.note", "/books/persuasion/sections", "/books/persuasion/sections/starts", "alice", {},
        beside={"start": "compared with what is noted", "section": "says of what", "edition": "says in what"},
        own_test="test_two_members_who_note_one_start_differently_are_asked",
    ),
    "club": EditingForm(
        "club.update", "/club/settings", "/club/settings", "olive",
        {
            "name": ("Readers", "Leaf turners"), "words": TEXTS, "is_public": ("y",), "sign_up": ("open",),
            "shows_meetings": ("y",), "members_meet": ("y",), "votes_by_link": ("y",),
            "time_zone": ("Europe/Berlin", "Europe/Paris"), "current_book": ("Persuasion", "Sanditon"),
            "current_from": ("2026-02-01", "2026-02-02"), "current_until": ("2026-03-01", "2026-03-02"),
        },
        alone=frozenset({"current_book", "current_from", "current_until"}),
    ),
    "word": EditingForm("word.update", "/club/word", "/club/word", "olive", {"body": TEXTS}),
    "profile": EditingForm(
        "settings.update", "/settings", "/settings", "alice",
        {
            "display_name": ("Al", "Ally"), "about": TEXTS, "theme": ("light", "dark"),
            "text_size": ("large", "largest"), "pace": ("hide",),
            "time_zone": ("Europe/Berlin", "Europe/Paris"), "email": ("al@example.org", "ally@example.org"),
        },
        alone=frozenset({"email"}), beside=PASSWORD_BESIDE, also={"current_password": PASSWORD},
    ),
    "role": EditingForm(
        "members.update_role", "/members/bob", "/members/bob/role", "olive",
        {"role": ("moderator", "organiser")},
    ),
    "round": EditingForm(
        "rounds.update", "/rounds/1/edit", "/rounds/1/edit", "olive",
        {
            "title": TEXTS, "nominations_until": (in_days(3), in_days(4)),
            "voting_until": (in_days(20), in_days(21)), "method": ("approval",), "secrecy": ("private",),
            "quorum": ("10", "20"), "most_nominations": ("3", "4"), "carries_over": ("1", "2"),
            "warn_share": ("31", "32"), "exclude_share": ("51", "52"), "author_pause": ("6", "7"),
            "late_joiners": ("yes",), "removed": ("stands",),
        },
    ),
    "meeting": EditingForm(
        "meetings.update", "/meetings/1/edit", "/meetings/1/edit", "olive",
        {
            "title": TEXTS, "starts_on": (in_days(5)[:10], in_days(6)[:10]), "starts_at": ("18:00", "18:30"),
            "time_zone": ("Europe/Berlin", "Europe/Paris"), "minutes": ("60", "90"), "place": TEXTS,
            "link": ("https://a.example", "https://b.example"), "access": TEXTS, "hides_place": ("y",),
            "limit": ("8", "9"), "answer_until": (in_days(1)[:10], in_days(2)[:10]), "notes": TEXTS,
            "host": ("alice", "bob"), "book": ("Persuasion", "Sanditon"),
            "repeats": ("FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2"),
        },
        # A start is one thing: an hour in Berlin is not one in London.
        alone=frozenset({"starts_on", "starts_at", "time_zone", "repeats"}),
        beside={
            "rule": "says which other rule, and is merged with the choice of one",
            "parts": "says what to do: to spread the book",
            "scope": "says what to do: to change this meeting, or those after it, too",
            "despite_answers": "says what to do: to change meetings that have answers",
            "read_until": "says how far to read, with the books, and is merged with them",
            "read_until_unit": "says in what, with the books, and is merged with them",
        },
    ),
    "deadline": EditingForm(
        "running.extend", "/rounds/1", "/rounds/1/extension", "olive",
        {"until": (in_days(9), in_days(10))}, unchanged=422,
    ),
    "dates": EditingForm(
        "running.read", "/rounds/4", "/rounds/4/reading", "olive",
        {"start": ("2031-01-01", "2031-01-02"), "until": ("2031-02-01", "2031-02-02")},
        own_test="test_two_organisers_who_set_different_dates_are_asked",
    ),
    "approval ballot": EditingForm(
        "ballots.cast", "/rounds/3", "/rounds/3/ballot", "alice", {"rank-3": ("1",), "rank-4": ("1",)},
    ),
    "ranked ballot": EditingForm(
        "ballots.cast", "/rounds/2", "/rounds/2/ballot", "alice",
        {"rank-1": ("2", "")}, beside={"rank-2": "an order is one statement"},
    ),
    "shelves": EditingForm(
        "imports.choose", "/imports/1", "/imports/1/mapping", "alice",
        {"shelves-0": ("tag", "reading"), "shelves-1": ("tag", "finished")},
    ),
    "start of an import": EditingForm(
        "imports.start", "/imports/1", "/imports/1/start", "alice",
        {"shelves-0": ("tag", "reading"), "shelves-1": ("tag", "finished")},
        own_test="test_an_import_starts_with_what_was_chosen_on_either_page",
    ),
    "report": EditingForm(
        "reports.on_comment", "/comments/2/spoiler-report", "/comments/2/spoiler-report", "olive",
        {"horizon": ("finished", "6000")},
    ),
    "report on a review": EditingForm(
        "reports.on_review", "/reviews/2/spoiler-report", "/reviews/2/spoiler-report", "olive",
        {"horizon": ("finished", "6000")},
    ),
    "lock": EditingForm(
        "threads.lock", "/threads/3/lock", "/threads/3/lock", "mo", {"reason": TEXTS},
    ),
}  # fmt: skip


class World:
    """The club, its clients, and all that is stored in it."""

    def __init__(self, app: Flask, clients: dict[str, FlaskClient]) -> None:
        self.app, self.clients = app, clients

    def form(self, of: EditingForm, who: str = "") -> PageForm:
        """The form as its member finds it now."""
        answer = self.clients[who or of.who].get(of.page)
        assert answer.status_code == 200, (of.page, answer.status_code)
        return form_to(answer.text, of.action, of.having)

    def send(self, of: EditingForm, fields: Mapping[str, str], who: str = "") -> Any:
        """Post a form."""
        return self.clients[who or of.who].post(of.action, data=fields)

    def stored(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, but for what a visit alone may note."""
        by_visits = {"member_session", "thread_visit"}
        with self.app.app_context():
            return {
                table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr)
                for table in Base.metadata.sorted_tables
                if table.name not in by_visits
            }


def fill(app: Flask) -> dict[str, str]:
    """Fill the club. Returns the token by which each member is signed in."""
    names = {"alice": "member", "bob": "member", "mo": "moderator", "olive": "organiser"}
    tokens = {name: secrets.token_urlsafe(16) for name in names}
    with app.app_context():
        begin_write()
        people = {name: make_member(name, role=role) for name, role in names.items()}
        emma, persuasion, sanditon = (
            make_book(title, author=f"Author of {title}") for title in ("Emma", "Persuasion", "Sanditon")
        )
        _add(*people.values(), emma, persuasion, sanditon)
        for name, member in people.items():
            _add(MemberSession(member_id=member.id, token_hash=hash_token(tokens[name])))
        _fill_books(people, emma, persuasion, sanditon)
        _fill_rounds(people, emma, persuasion, sanditon)
        _add(Word(number=1, body="Thursday at Dot’s.", body_html="<p>Thursday at Dot’s.</p>"))
        club = db.session.get(Club, 1)
        club.read(emma.id, None, utcnow().date() + timedelta(days=30))
        # A box that can be ticked.
        club.votes_by_link = False
        db.session.commit()
    world = enter(app, tokens)
    for voting_round, ballot in ((2, {"rank-1": "1", "rank-2": "1"}), (3, {}), (4, {"rank-5": "1"})):
        assert world.clients["alice"].post(f"/rounds/{voting_round}/ballot", data=ballot).status_code == 303
    assert world.clients["olive"].post("/rounds/4/closure").status_code == 303
    return tokens


def enter(app: Flask, tokens: Mapping[str, str]) -> World:
    """The club, with a client for each member."""
    return World(app, {name: _client(app, token) for name, token in tokens.items()})


def _client(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def _add(*rows: Any) -> None:
    for row in rows:
        db.session.add(row)
        db.session.flush()


def _fill_books(people: Mapping[str, Member], emma: Any, persuasion: Any, sanditon: Any) -> None:
    alice, bob = people["alice"], people["bob"]
    _add(Edition(book_id=sanditon.id, pages=200), Edition(book_id=emma.id, minutes=900))
    reading = make_reading(alice, emma, position=5000, status="did_not_finish", rating=7)
    reading.edition_id = emma.editions[0].id
    _add(reading, make_reading(alice, sanditon, position=10_000))
    _add(*(make_reading(people["olive"], book, position=10_000) for book in (emma, persuasion)))
    _add(make_review(alice, emma, "A long walk.", horizon=3000), theirs := make_review(bob, persuasion))
    _add(Section(book_id=persuasion.id, place=0, title="Kellynch"))
    _add(make_draft(alice, persuasion, "A first draft."))
    _add(thread := make_thread(people["mo"], emma))
    _add(hers := make_thread(alice, emma, floor=3000))
    opening = make_comment(hers, alice, horizon=3000)
    for comment in (
        make_comment(thread, alice, horizon=3000),
        reported := make_comment(thread, bob),
        opening,
    ):
        _add(comment)
        place(comment)
    thread.lock(people["mo"].id, "It went round in circles.", utcnow())
    for post in (reported, theirs):
        _add(make_report(people["olive"], post, horizon=9000))
    shelves = [
        {"name": name, "rows": 3, "is_shelf": True, "becomes": "to_read"} for name in ("owned", "lent")
    ]
    _add(make_import(alice, shelves=shelves, total=6))


def _fill_rounds(people: Mapping[str, Member], *books: Any) -> None:
    alice, olive = people["alice"], people["olive"]
    _add(meeting := make_meeting(olive, books[0]))
    _add(make_question(meeting, alice, book=books[0], horizon=3000))
    _add(make_passage(alice, books[0], horizon=3000))
    for columns in ({}, {"voting": True}, {"voting": True, "method": "approval"}, {"voting": True}):
        _add(voting_round := make_round(olive, **columns))
        if columns:
            _add(*(make_nomination(voting_round, book, alice) for book in books[1:]))
