"""Everything that a club can say about a book, with a word of its own in each, and who may come by it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from bookclub.asks.models import Answer, Ask, Endorsement
from bookclub.books.models import Book, BookEdit
from bookclub.extensions import begin_write, db, utcnow
from bookclub.imports.models import ImportRow
from bookclub.lib.text.pictures import pictures_shown, reference
from bookclub.members.models import Club, Member, MemberSession
from bookclub.members.queries import hash_token
from bookclub.mergers.models import Merger
from bookclub.passages.models import Passage
from bookclub.pictures.models import Picture, PictureCopy
from bookclub.questions.models import Question
from bookclub.reports.models import SpoilerReport
from bookclub.reviews.models import Review, ReviewRevision
from bookclub.rounds.models import Nomination, Tally
from bookclub.sections.models import Section
from bookclub.text_columns import owner_of, rendered_again
from bookclub.threads.models import Comment, Thread
from tests.crawl import Sent, addresses, read_everything, words_in
from tests.factories import (
    make_answer,
    make_ask,
    make_book,
    make_date_poll,
    make_draft,
    make_endorsement,
    make_import,
    make_meeting,
    make_member,
    make_nomination,
    make_reading,
    make_round,
)

END = 10_000
LEVELS = {"safe": 0, "fifth": 2000, "later": 6000, "ending": END}
# Where each reader is: exactly at a horizon, if at all. Alice wrote something ahead of herself.
MARKS = {"visitor": 0, "unread": 0, "fifth": 2000, "stopped": 6000, "finished": END, "mo": 0, "alice": 2000}
AUTHORS = ["bob", "carol", "dan", "erin", "hal", "ida", "jan", "kim"]
KINDS = ("review", "comment", "reply", "opening", "revision", "question", "passage")
CHAPTERS = {
    "canarytitlefirst": 0,
    "canarytitlesecond": 2000,
    "canarytitlethird": 5000,
    "canarytitleunknown": END,
}

# The word, up to where it gives the book away, and whose it is where that matters.
WORDS: dict[str, int] = {
    **{f"canary{level}{kind}": horizon for level, horizon in LEVELS.items() for kind in KINDS},
    **{f"canary{kind}bars": END for kind in KINDS},
    "canarywassafe": 6000,  # A revision that was safe, and what replaced it is not.
    "canarynowsafe": 0,
    "canarychapterquestion": 5000,
    **{f"canary{level}remark": horizon for level, horizon in LEVELS.items()},
    "canarydiscussion": 6000,
    "canaryrecap": 6000,
    "canaryrecapbars": END,
    "canaryalices": 6000,
    "canaryalicebars": END,
    "canaryunderalice": 6000,
    "canaryunderlater": 6000,
    "canaryunderopening": 6000,
    "canarybychapter": 5000,
    "canaryformer": 0,
    "canarylockedformer": 6000,
    "canaryreported": END,
    "canaryunderreported": END,
    "canarydismissed": 0,
    "canarypitch": 0,
    "canaryanswer": 0,
    "canaryendorsement": 0,
    "canaryunderask": 0,
    "canarylaterunderask": 6000,
    **CHAPTERS,
}
# Visitors come by nothing that is asked and answered, by no agenda, and by no passage.
MEMBERS_ONLY = {
    "canaryanswer", "canaryendorsement", "canaryunderask", "canarysafequestion", "canarysafepassage",
    "canarysaferemark",
}  # fmt: skip
GONE = {
    "canarygonecomment", "canarygonepassage", "canarygonequestion", "canarygonereview", "canarygonerevision",
}  # fmt: skip
# What Bob keeps to himself: his notes and tags, and a review that he has not published.
KEPT = {"canarynote", "canaryowntag", "canarydrafttitle", "canarydraftsummary", "canarydraftbody"}
# What he has brought along in a file and not taken in yet.
BROUGHT = {"canaryimport", "canaryimportedtitle"}
# What stands as a spoiler in words that everybody reads, from a time when forms took it.
VEILED = "canaryveiled"
MARKED = f" <spoiler>{VEILED}</spoiler> on"
ALL = [*WORDS, *GONE, *KEPT, *BROUGHT, VEILED]
ALICES = {"canaryalices", "canaryalicebars", "canarywassafe"}


def up_to(mark: int) -> set[str]:
    """The words that lie not ahead of a mark."""
    return {word for word, horizon in WORDS.items() if horizon <= mark}


def may_see(who: str) -> set[str]:
    """The words that a reader may come by."""
    if who == "visitor":
        return up_to(MARKS[who]) - MEMBERS_ONLY
    return up_to(MARKS[who]) | (ALICES if who == "alice" else set())


@dataclass
class Told:
    """What there is to find the story again by, in a copy of its database."""

    tokens: dict[str, str]
    reviews: dict[str, int] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    threads: dict[str, int] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)
    passages: dict[str, int] = field(default_factory=dict)
    sections: list[int] = field(default_factory=list)
    pictures: dict[int, str] = field(default_factory=dict)


class Story:
    """A club in which much was said, and the clients of its readers."""

    book = "emma"

    def __init__(self, app: Flask, told: Told) -> None:
        self.app, self.told = app, told
        self.reviews, self.comments, self.threads = told.reviews, told.comments, told.threads
        self.questions, self.passages, self.pictures = told.questions, told.passages, told.pictures
        self.clients = {who: self._client(token) for who, token in told.tokens.items()}
        self._read: dict[str, dict[str, Sent]] = {}

    def _client(self, token: str) -> FlaskClient:
        client = self.app.test_client()
        if token:
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = token, True
        return client

    @cached_property
    def addresses(self) -> list[str]:
        """Everything that can be asked for, in a story that nobody changes."""
        return addresses(self.app)

    def read(self, who: str, urls: list[str] | None = None) -> dict[str, Sent]:
        """The pages of the club as this reader is sent them, all or these. Each is asked for once."""
        wanted = self.addresses if urls is None else urls
        known = self._read.setdefault(who, {})
        known |= read_everything(self.clients[who], ALL, [url for url in wanted if url not in known])
        return {url: known[url] for url in wanted if url in known}

    def reads(self, who: str, urls: list[str] | None = None) -> set[str]:
        """The words that a reader comes by just now, on all pages of the club or on these."""
        return words_in(read_everything(self.clients[who], ALL, urls))

    def post(self, who: str, url: str, **form: Any) -> str:
        answer = self.clients[who].post(url, data=form)
        assert answer.status_code == 303, answer.text
        return answer.location or ""

    def review(self, who: str, word: str, body: str, horizon: int | str = 0) -> None:
        form = {"title": "What I thought", "body": body, "horizon": horizon}
        location = self.post(who, f"/books/{self.book}/reviews/new", **form)
        self.reviews[word] = int(location.rpartition("/")[2])
        with self.app.app_context():
            self.threads[word] = db.session.get(Review, self.reviews[word]).thread_id

    def rewrite(self, who: str, word: str, body: str, horizon: int | str) -> None:
        form = {"title": "What I thought", "body": body, "horizon": horizon}
        self.post(who, f"/reviews/{self.reviews[word]}/edit", **form)

    def open(self, who: str, word: str, body: str, horizon: int | str = 0) -> None:
        form = {"title": "Something to talk about", "body": body, "horizon": horizon}
        location = self.post(who, f"/books/{self.book}/threads", **form)
        self.threads[word] = int(location.rpartition("/")[2])
        with self.app.app_context():
            opening = select(Comment.id).where(Comment.thread_id == self.threads[word])
            self.comments[word] = db.session.scalars(opening).one()

    def say(
        self, who: str, thread: str, word: str, parent: str = "", horizon: int | str = 0, body: str = ""
    ) -> None:
        form = {"body": body or f"A {word}.", "horizon": horizon, "parent_id": self.comments.get(parent, "")}
        location = self.post(who, f"/threads/{self.threads[thread]}/comments", **form)
        self.comments[word] = int(re.search(r"comment-(\d+)$", location)[1])

    def ask(self, who: str, word: str, body: str, horizon: int | str = 0) -> None:
        location = self.post(who, "/meetings/1/questions", body=body, horizon=horizon)
        self.questions[word] = int(location.rpartition("-")[2])

    def quote(self, who: str, word: str, horizon: int, note: str = "") -> None:
        place = {"position_unit": "percent", "position": horizon / 100}
        form = {"text": f"A {word}.", "note": note, **place}
        location = self.post(who, f"/books/{self.book}/passages", **form)
        self.passages[word] = int(location.rpartition("/")[2])

    def report(self, word: str, decided: str = "") -> None:
        """Somebody who has finished says that a comment gives the ending away; Mo may decide."""
        comment = self.comments[word]
        self.post("finished", f"/comments/{comment}/spoiler-report", horizon="finished")
        with self.app.app_context():
            about = select(SpoilerReport.id).where(SpoilerReport.comment_id == comment)
            report = db.session.scalars(about).one()
        if decided:
            self.post("mo", f"/reports/{report}/decision", verdict=decided, seen="open")


PUBLIC_WORDS = (
    Thread.title, Thread.lock_reason, Review.title, Review.summary, ReviewRevision.title,
    ReviewRevision.summary, Nomination.pitch, Ask.question, Answer.reason, Endorsement.reason, Member.about,
    Club.name, Club.words, Book.description,
)  # fmt: skip


def veil() -> None:
    """Put a marked spoiler into all words that everybody reads, but for Alice's own."""
    alice = select(Member.id).where(Member.username == "alice").scalar_subquery()
    for column in PUBLIC_WORDS:
        statement = update(column.class_).values({column.key: column + MARKED})
        owner = Member.username if column.class_ is Member else getattr(column.class_, "member_id", None)
        if column.class_ is ReviewRevision:
            hers = select(Review.id).where(Review.member_id == alice)
            statement = statement.where(ReviewRevision.review_id.not_in(hers))
        if owner is not None:
            statement = statement.where(owner.in_(AUTHORS) if column.class_ is Member else owner != alice)
        db.session.execute(statement)
    for model in (Review, Comment, Question, Passage):
        gone = model.removed_by_id.is_not(None)
        db.session.execute(update(model).where(gone).values(removal_reason=f"Rude.{MARKED}"))
    # Nobody has rendered them since: it is done when they are read.
    db.session.execute(update(Book).values(renderer_version=0))
    db.session.execute(update(Club).values(renderer_version=0))
    db.session.execute(update(Member).values(renderer_version=0))
    book = db.session.scalars(select(Book.id).where(Book.slug == Story.book)).one()
    changes = {"description": [f"Before.{MARKED}", "After."]}
    mo = db.session.scalars(select(Member.id).where(Member.username == "mo")).one()
    db.session.add(BookEdit(book_id=book, member_id=mo, changes=changes))


def illustrate() -> dict[int, str]:
    """Put a picture after each word in what members wrote, whose pixels say the same. Return their words.

    One that stands where no picture can, such as within code, shows to nobody and is left out.
    """
    rows = [row for model in (Comment, Review, ReviewRevision) for row in db.session.scalars(select(model))]
    authors = {review.id: review.member_id for review in rows if isinstance(review, Review)}
    pictures: dict[int, str] = {}

    def follow(said: re.Match[str], row: Any) -> str:
        kind, id = owner_of(row)
        author = row.member_id if hasattr(row, "member_id") else authors[row.review_id]
        digest, key = said["word"], secrets.token_urlsafe(8)
        picture = Picture(member_id=author, digest=digest, sent_as=key, size=1, **{f"{kind}_id": id})
        db.session.add(picture)
        db.session.flush()
        pixels = f"The pixels of {said['word']}.".encode()
        db.session.add(PictureCopy(picture_id=picture.id, width=480, height=320, content=pixels))
        pictures[picture.id] = said["word"]
        return f"{said[0]} {reference(picture.id, said['word'], said['word'])}"

    for row in rows:
        row.body = re.sub(r"\**(?P<word>canary\w+)\**", partial(follow, row=row), row.body)
    # What may be shown is read beside the transaction.
    db.session.commit()
    begin_write()
    for row in rows:
        row.prose = rendered_again(row.body, with_mentions=True, owner=owner_of(row))
    shown = set().union(*(pictures_shown(row.prose.html) for row in rows))
    return {number: word for number, word in pictures.items() if number in shown}


def tell(app: Flask) -> Told:
    """Let the club say everything."""
    earlier = utcnow() - timedelta(days=7)
    roles = {"mo": "moderator"}
    names = [who for who in MARKS if who != "visitor"] + AUTHORS + ["faye", "gina"]
    told = Told({"visitor": ""} | {name: secrets.token_urlsafe(16) for name in names})
    with app.app_context():
        begin_write()
        book = make_book("Emma")
        members = {
            name: make_member(name, new_since=earlier, role=roles.get(name, "member")) for name in names
        }
        db.session.add_all([book, *members.values()])
        db.session.flush()
        club = db.session.get(Club, 1)
        club.is_public, club.current_book_id = True, book.id
        for name, member in members.items():
            db.session.add(MemberSession(member_id=member.id, token_hash=hash_token(told.tokens[name])))
            mark = MARKS.get(name, END)
            if name != "unread":
                status = "did_not_finish" if name == "stopped" else ""
                # The year of somebody who shows it says what they read, and nothing that was said of it.
                today = utcnow().date() if mark == END else None
                db.session.add(make_reading(member, book, position=mark, status=status, finished_on=today))
            member.shows_years = name in AUTHORS
        for place, (title, start) in enumerate(CHAPTERS.items()):
            known = None if start == END else start
            db.session.add(Section(book_id=book.id, place=place, title=title, typed_start=known, start=known))
        db.session.flush()
        over = {"settled_at": utcnow(), "outcome": "void", "turnout": 0, "electorate": 9}
        for columns in ({}, {"voting": True, **over}):
            db.session.add(voting_round := make_round(members["mo"], **columns))
            db.session.flush()
            db.session.add(make_nomination(voting_round, book, members["bob"], "A canarypitch."))
        db.session.add(Tally(round_id=voting_round.id))
        db.session.add(make_meeting(members["mo"], book, horizon=5000, read_until="50"))
        over = {"starts_at": utcnow() - timedelta(hours=3), "title": "The first half"}
        db.session.flush()
        db.session.add(make_meeting(members["mo"], book, horizon=6000, read_until="60", **over))
        db.session.add(make_date_poll(members["mo"]))
        asked = make_ask(members["bob"], "Which one next?", book=book)
        db.session.add_all([asked, other := make_book("Persuasion")])
        db.session.flush()
        told.threads["the ask"] = asked.thread_id
        db.session.add(make_answer(asked, members["carol"], other, "A canaryanswer."))
        db.session.add(make_endorsement(members["carol"], book, other, "A canaryendorsement."))
        words = {"title": "A canarydrafttitle", "summary": "A canarydraftsummary."}
        db.session.add(make_draft(members["bob"], other, "A canarydraftbody.", **words))
        db.session.add(brought := make_import(members["bob"], name="canaryimport.csv", total=1))
        db.session.flush()
        row = {"number": 2, "title": "A canaryimportedtitle", "notes": "A canaryimportednote."}
        db.session.add(
            ImportRow(import_id=brought.id, number=2, state="waiting", title=row["title"], entry=row)
        )
        once = {"title": "Author, A.", "slug": "author-a"}
        db.session.add(Merger(kind="author merger", author_id=other.credits[0].author_id, **once))
        told.sections = list(db.session.scalars(select(Section.id).order_by(Section.place)))
        db.session.commit()

    story = Story(app, told)
    story.post("bob", f"/books/{story.book}/reading", notes="A canarynote.", own_tags="canaryowntag")
    authors = iter(AUTHORS)
    for level, horizon in LEVELS.items():
        bars = " <spoiler>canaryreviewbars</spoiler>" if level == "safe" else ""
        story.review(next(authors), f"canary{level}review", f"A canary{level}review.{bars}", horizon)
    for level, horizon in LEVELS.items():
        bars = " [spoiler=The end]canaryrevisionbars[/spoiler]" if level == "safe" else ""
        word, who = f"canary{level}revision", next(authors)
        story.review(who, word, f"A {word}.{bars}", horizon)
        story.rewrite(who, word, "A canarynowsafe.", 0)
    story.review("alice", "canaryalices", "A canarywassafe.")
    story.rewrite("alice", "canaryalices", "A canaryalices, ||canaryalicebars||.", 6000)
    story.say("bob", "canaryalices", "canaryunderalice")

    for level, horizon in LEVELS.items():
        bars = " `||canaryopeningbars||`" if level == "safe" else ""
        story.open("bob", f"canary{level}opening", f"A canary{level}opening.{bars}", horizon)
    story.say("carol", "canarylateropening", "canaryunderopening")
    talk = "canarysafeopening"
    for level, horizon in LEVELS.items():
        word, bars = f"canary{level}comment", " ||**canarycommentbars** [x](/y)||"
        story.say("carol", talk, word, horizon=horizon, body=f"A {word}.{bars * (level == 'safe')}")
    for level, horizon in LEVELS.items():
        word, bars = f"canary{level}reply", "\n>!They say\n\ncanaryreplybars!<"
        body = f"A {word}.{bars * (level == 'safe')}"
        story.say("dan", talk, word, "canarysafecomment", horizon, body)
    story.say("bob", talk, "canaryunderlater", "canarylaterreply")
    story.say("bob", talk, "canarybychapter", horizon=f"section-{told.sections[1]}")

    for level, horizon in LEVELS.items():
        bars = " ||canaryquestionbars||" if level == "safe" else ""
        story.ask("erin", f"canary{level}question", f"A canary{level}question?{bars}", horizon)
    story.ask("erin", "canarychapterquestion", "A canarychapterquestion?", f"section-{told.sections[1]}")
    story.post("carol", "/meetings/2/recap", body="A canaryrecap ||canaryrecapbars||.")
    story.ask("gina", "canarygonequestion", "A canarygonequestion?")
    story.post("gina", f"/questions/{story.questions['canarygonequestion']}/deletion")
    # What stands on the agenda is as locked there as in its conversation.
    for word in ("canarysafecomment", "canarylatercomment"):
        story.post("carol", f"/comments/{story.comments[word]}/open-question", on="1")
        story.post("hal", "/meetings/1/questions", comment=story.comments[word])
    story.post("carol", f"/comments/{story.comments['canaryendingcomment']}/open-question", on="1")
    for level, horizon in LEVELS.items():
        bars = " ||canarypassagebars||" if level == "safe" else ""
        story.quote("ida", f"canary{level}passage", horizon, f"A canary{level}remark.{bars}")
    story.quote("gina", "canarygonepassage", 0)
    story.post("gina", f"/passages/{story.passages['canarygonepassage']}/deletion")
    later = story.passages["canarylaterpassage"]
    form = {"title": "A passage to talk about", "body": "A canarydiscussion.", "horizon": "0"}
    location = story.post("dan", f"/passages/{later}/thread", **form)
    story.comments["canarydiscussion"] = int(location.split("/")[2])
    for word in ("canarysafepassage", "canarylaterpassage"):
        story.post("hal", "/meetings/1/questions", passage=story.passages[word])
    # Kim reads in private: nobody learns that she cares about something so far into the book.
    story.post("kim", f"/books/{story.book}/reading", is_private="1")
    story.post("kim", f"/questions/{story.questions['canarylaterquestion']}/support", on="1")

    story.say("dan", talk, "canaryreported")
    story.say("bob", talk, "canaryunderreported", "canaryreported")
    story.report("canaryreported")
    story.say("dan", talk, "canarydismissed")
    story.report("canarydismissed", "dismiss")

    story.say("dan", "the ask", "canaryunderask")
    story.say("dan", "the ask", "canarylaterunderask", horizon=6000)

    story.say("faye", talk, "canaryformer")
    story.say("faye", talk, "canarylockedformer", horizon=6000)
    with app.app_context():
        begin_write()
        db.session.scalars(select(Member).where(Member.username == "faye")).one().forget(utcnow())
        db.session.commit()

    story.say("gina", talk, "canarygonecomment")
    story.say("bob", talk, "an answer to it", "canarygonecomment")
    story.post("gina", f"/comments/{story.comments['canarygonecomment']}/deletion")
    story.review("gina", "canarygonereview", "A canarygonerevision.")
    story.rewrite("gina", "canarygonereview", "A canarygonereview.", 0)
    story.say("bob", "canarygonereview", "pity")
    story.post("mo", f"/reviews/{story.reviews['canarygonereview']}/removal", reason="Copied.")
    with app.app_context():
        begin_write()
        told.pictures = illustrate()
        veil()
        db.session.commit()
    return told
