"""A club with a row of every kind in every state, and few of each: the sample club, and what it lacks."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from bookclub.asks.models import AnswerEndorsement
from bookclub.date_polls import actions as date_polls
from bookclub.demo import sample_club
from bookclub.extensions import begin_write, db, utcnow
from bookclub.feeds.models import FeedAddress
from bookclub.imports import actions as imports
from bookclub.lib.positions.places import END
from bookclub.lib.private_tokens import token_of
from bookclub.lib.text.markdown import render
from bookclub.lib.text.pictures import reference
from bookclub.meetings.models import CalendarAddress
from bookclub.members.actions import make_password_link, sign_code, sign_confirmation
from bookclub.members.models import Member
from bookclub.members.signed_links import sign_link
from bookclub.mergers.author_merge import merge_authors
from bookclub.mergers.book_merge import merge_books
from bookclub.readings.models import OwnTag, Promise, Reveal
from bookclub.recommendations.models import Mute
from bookclub.rounds import actions as voting
from bookclub.rounds import clock, settlement
from bookclub.rounds.queries import round_to_act_on
from bookclub.rounds.rules import RoundPlan
from bookclub.threads.models import Comment, Subscription
from tests.factories import (
    make_answer,
    make_ask,
    make_book,
    make_comment,
    make_copy,
    make_date_poll,
    make_draft,
    make_endorsement,
    make_import,
    make_invitation,
    make_member,
    make_picture,
    make_reading,
    make_report,
    make_review,
    make_round,
    make_thread,
    place,
)

# Of the sample club's reviews, threads and comments so many: a walk asks for up to ten pages of each.
TALKS = 4
# And so many make a long thread: the test lets a page hold fewer.
LONG = 11

entries = sample_club.entries


def few_entries(name: str) -> dict[str, Any]:
    """The text of a file of the sample club, with few of its reviews, threads and comments."""
    said = entries(name)
    for kind in {"review", "thread"} & set(said):
        said[kind] = said[kind][:TALKS]
    if name == "threads":
        talks = {each["key"] for each in (*said["thread"], *entries("reviews")["review"][:TALKS])}
        top = [each for each in said["comment"] if each["on"] in talks and not each["parent"]]
        said["comment"] = top[:TALKS]
        # One of each kind, on a comment that is there.
        kinds = {each["kind"]: each for each in said["reaction"]}
        said["reaction"] = [{**each, "to": top[0]["key"]} for each in kinds.values()]
    return said


def build(app: Flask) -> dict[str, str]:
    """Fill an empty club. Returns addresses that nothing but a mail or a message holds."""
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setattr(sample_club, "entries", few_entries)
        begin_write()
        sample_club.build(utcnow())
        db.session.commit()
    with app.app_context():
        begin_write()
        builder = _Builder()
        builder.build()
        db.session.commit()
        return builder.addresses


class _Builder:
    """Adds to the sample club what it lacks."""

    def __init__(self) -> None:
        self.now = utcnow()
        self.members = {each.username: each for each in db.session.scalars(select(Member))}
        self.bob, self.olive = self.members["bob"], self.members["olive"]
        self.carol, self.mo = self.add(make_member("carol"), make_member("mo", role="moderator"))
        self.addresses: dict[str, str] = {}

    def add(self, *rows: Any) -> Any:
        db.session.add_all(rows)
        db.session.flush()
        for row in rows:
            if isinstance(row, Comment):
                place(row)
        db.session.flush()
        return rows[0] if len(rows) == 1 else rows

    def build(self) -> None:
        self.book, self.other, self.nothing = self.add(
            make_book("The Long Thread", author="Ann Author"), make_book("Another One"), make_book("Unread")
        )
        self.add_people()
        self.add_readings()
        self.add_talk()
        self.add_reviews()
        self.add_asks()
        self.add_imports()
        self.add_rounds()
        self.add_date_polls()
        self.add_mergers()

    def add_people(self) -> None:
        _, removed = self.add(
            make_member("sue", suspended_at=self.now), make_member("rob", removed_at=self.now)
        )
        self.removed = removed
        invitation = self.add(make_invitation(self.olive))
        self.add(
            make_invitation(self.olive, expires_at=self.now - timedelta(days=1)),
            make_invitation(self.olive, revoked_at=self.now),
        )
        self.addresses["password link"] = make_password_link(self.carol)
        self.addresses["confirmation"] = f"/confirmations/{sign_confirmation(self.carol)}"
        self.addresses["unsubscription"] = f"/unsubscribe/{sign_link('unsubscribe', self.carol, 'replies')}"
        self.add(CalendarAddress(member_id=self.carol.id, code="carol"))
        self.add(FeedAddress(member_id=self.carol.id, code="carol"))
        self.addresses["feed"] = f"/feeds/mine/{token_of('carol', 'feed', current_app.config['SECRET_KEY'])}"
        self.addresses["reviews of one member"] = f"{self.addresses['feed']}/members/bob"
        self.addresses["calendar"] = (
            f"/calendar/{token_of('carol', 'calendar', current_app.config['SECRET_KEY'])}.ics"
        )
        self.addresses["invitation"] = f"/sign-up?invite={sign_code(invitation.code)}"

    def add_date_polls(self) -> None:
        """A date poll that is withdrawn, one that is over, and one that made a meeting."""
        withdrawn = {"withdrawn_at": self.now, "withdrawn_by_id": self.olive.id, "withdraw_reason": "Flu."}
        before = self.now - timedelta(days=1)
        off, _, decided = self.add(
            make_date_poll(self.olive, **withdrawn),
            make_date_poll(self.olive, before),
            make_date_poll(self.olive, title="Tea"),
        )
        date_polls.choose(decided, decided.options[0], self.olive, self.now)
        self.addresses["date poll that is withdrawn"] = f"/date-polls/{off.id}"
        self.addresses["date poll that is decided"] = f"/date-polls/{decided.id}"

    def add_mergers(self) -> None:
        """Two books that are one now, about which Bob is asked how far he is, and two spellings of a name."""
        kept, gone = self.add(
            make_book("The Otter’s Year", author="T. Q. Moor"), make_book("An Otter Year", author="Moor, TQ")
        )
        for member in (self.bob, self.carol):
            self.add(make_reading(member, gone, position=4000))
        self.add(make_review(self.bob, gone, "Wet."), make_review(self.bob, kept, "Wetter."))
        authors = [book.credits[0].author_id for book in (kept, gone)]
        merge_books(kept.id, gone.id, self.olive, self.now)
        merge_authors(*authors, self.olive, self.now)
        self.addresses["review that is part of another"] = "/books/an-otter-year"

    def add_readings(self) -> None:
        reading, finished, *_ = self.add(
            make_reading(self.bob, self.book, position=3000, notes="Mine."),
            make_reading(self.carol, self.book, position=END, rating=8, finished_on=self.now.date()),
            make_reading(self.olive, self.book, position=END, rating=6),
            make_reading(self.bob, self.other, position=END, rating=10, is_private=True),
            make_reading(self.carol, self.other, status="to_read"),
        )
        self.carol.shows_years = True
        self.add(
            OwnTag(reading_id=reading.id, name="slow"),
            Promise(member_id=self.bob.id, reading_id=finished.id),
            Mute(member_id=self.bob.id, book_id=self.nothing.id),
        )

    def add_talk(self) -> None:
        long = self.add(make_thread(self.carol, self.book, "Very long"))
        first = self.add(make_comment(long, self.carol))
        replies = self.add(*(make_comment(long, self.bob, parent=first) for _ in range(LONG)))
        deep = replies[0]
        for _ in range(4):
            deep = self.add(make_comment(long, self.carol, parent=deep))
        kinds = {
            "ahead": {"horizon": 6000},
            "the end": {"horizon": END},
            "bars ||inside|| it": {},
            "gone": {"deleted_at": self.now},
            "removed": {
                "deleted_at": self.now,
                "removed_by_id": self.mo.id,
                "removal_reason": "It was rude.",
            },
            "edited": {"edited_at": self.now},
        }
        thread = self.add(make_thread(self.bob, self.book, "Of every kind"))
        for who in (self.bob, self.carol, self.olive, self.removed):
            for body, columns in kinds.items():
                self.add(make_comment(thread, who, body, **columns))
        self.report(thread)
        self.illustrate(self.add(make_comment(thread, self.carol)))
        self.illustrate(self.add(make_comment(thread, self.carol, horizon=END)))
        locked = {"locked_at": self.now, "locked_by_id": self.mo.id, "lock_reason": "Enough."}
        self.add(make_comment(self.add(make_thread(self.bob, self.book, "Locked", **locked)), self.carol))
        later = self.add(make_thread(self.carol, self.book, "Later", floor=6000))
        self.add(Subscription(member_id=self.bob.id, thread_id=later.id, state="muted"))
        self.add(Subscription(member_id=self.bob.id, thread_id=thread.id, state="followed"))
        self.add(make_comment(later, self.carol, horizon=6000))
        self.add(make_thread(self.bob, self.other, "Nothing said yet"))
        seen = self.add(make_thread(self.carol, self.book, "Revealed"))
        self.add(make_comment(seen, self.carol, horizon=9000))
        self.add(Reveal(member_id=self.bob.id, thread_id=seen.id))

    def illustrate(self, comment: Comment) -> None:
        picture = self.add(make_picture(self.carol, comment_id=comment.id))
        self.add(make_copy(picture))
        comment.body = reference(picture.id, "A door", "The hall")
        comment.prose = render(comment.body, {}, {picture.id: [(480, 320)]})

    def report(self, thread: Any) -> None:
        for upheld in (None, True, False):
            decided = {} if upheld is None else {"decided_at": self.now, "decided_by_id": self.mo.id}
            for reporter, author in (
                (self.bob, self.carol),
                (self.carol, self.bob),
                (self.carol, self.olive),
            ):
                post = self.add(make_comment(thread, author, "Is it a spoiler?"))
                self.add(make_report(reporter, post, horizon=5000, upheld=upheld, **decided))

    def add_reviews(self) -> None:
        gone = {"deleted_at": self.now}
        reviews = self.add(
            make_review(self.carol, self.book, horizon=6000),
            make_review(self.olive, self.book, "All ||bars||.", edited_at=self.now),
            make_review(self.mo, self.book, horizon=END),
            make_review(self.removed, self.book),
            make_review(self.bob, self.other),
            make_review(self.carol, self.other, "", title="", **gone),
        )
        self.add(*(make_comment(review.thread, self.bob, horizon=review.horizon) for review in reviews))
        self.add(make_report(self.bob, reviews[1], horizon=5000))
        self.add(make_draft(self.bob, self.nothing), make_draft(self.bob, self.book))

    def add_asks(self) -> None:
        for asker, answerer in ((self.bob, self.carol), (self.carol, self.bob), (self.removed, self.olive)):
            ask = self.add(make_ask(asker, book=self.book))
            self.add(make_comment(ask.thread, answerer))
            given = self.add(make_answer(ask, answerer, self.other), make_answer(ask, self.mo, self.nothing))
            self.add(AnswerEndorsement(answer_id=given[1].id, member_id=self.bob.id))
            self.add(make_answer(self.add(make_ask(asker, deleted_at=self.now)), answerer, self.other))
            self.add(make_endorsement(asker, self.book, self.other))
            self.add(make_endorsement(asker, self.other, self.nothing, deleted_at=self.now))

    def add_imports(self) -> None:
        states = ("staged", "running", "stopped", "finished")
        self.add(*(make_import(member, state=state) for member in (self.bob, self.olive) for state in states))
        file = StringIO()
        rows = csv.writer(file)
        rows.writerow(("Title", "Author", "My Rating", "Exclusive Shelf", "My Review", "ISBN"))
        rows.writerow(("The Long Thread", "Ann Author", "4", "read", "So <b>good</b>.", ""))
        rows.writerow(("Never Seen Before", "A. Stranger", "", "to-read", "", ""))
        rows.writerow(("", "", "", "", "", ""))
        content = BytesIO(file.getvalue().encode())
        with imports.spool_file(content, "library.csv") as read:
            imports.stage(self.bob.id, read, self.now)

    def add_rounds(self) -> None:
        hour, day = timedelta(hours=1), timedelta(days=1)
        for method in ("ranked", "approval"):
            for secrecy in ("open", "private"):
                for opens, closes in ((day, 2 * day), (-hour, day), (-day, -hour)):
                    self.hold(method, secrecy, opens, closes)
        self.hold("ranked", "open", day, 2 * day, nominates=False)
        self.hold("ranked", "open", -day, -hour, quorum=100)
        self.add(make_round(self.olive, settled_at=self.now, outcome="void", turnout=0, electorate=0))

    def hold(
        self,
        method: str,
        secrecy: str,
        opens: timedelta,
        closes: timedelta,
        *,
        nominates: bool = True,
        **rules: Any,
    ) -> None:
        """A round whose vote opens and closes then, with two nominations and two ballots."""
        title, times = f"By {method}, {secrecy}", (self.now + opens, self.now + closes)
        fresh = voting.open_round(
            RoundPlan(title, *times, method=method, secrecy=secrecy, **rules), self.olive, self.now - 2 * WEEK
        )
        db.session.flush()
        if nominates:
            voting.nominate(fresh, self.book, self.bob.id, "It is long.", self.now - WEEK)
            voting.nominate(fresh, self.other, self.carol.id, "", self.now - WEEK)
            db.session.flush()
        if opens > timedelta(0):
            return
        db.session.expire(fresh)
        held = round_to_act_on(fresh.id, lock=True)
        assert held is not None
        clock.begin_voting(held, times[0])
        first, second = held.nominations
        for member in (self.bob, self.olive):
            voting.cast(held, member, {first.id: 1, second.id: 1 if method == "approval" else 2}, times[0])
        db.session.flush()
        if closes <= timedelta(0):
            settlement.settle(held, times[1])


WEEK = timedelta(days=7)
