"""Nobody is spoiled: a word that lies ahead of a reader is in nothing that the club sends them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import literal, select, update

from bookclub.accounts.models import Club, Member
from bookclub.books.models import Book
from bookclub.extensions import begin_write, db, utcnow
from bookclub.readings import queries as readings
from bookclub.readings.rules import END
from bookclub.reviews.models import Review, ReviewRevision
from bookclub.threads.models import Comment
from tests.crawl import HTMX, addresses, read_everything, send_every_form_empty, traces
from tests.factories import make_book, make_member, make_reading

HALF = 5000
SAFE = {"canarysafereview", "canarynowsafe", "canaryopening", "canaryreply", "canaryformer"}
AHEAD = {
    "canarylockedreview",
    "canaryunderreview",
    "canarywaslocked",
    "canarywassafe",
    "canarynowlocked",
    "canarynested",
    "canaryundernested",
    "canarythreadfrom",
    "canarythreadreply",
    "canarylockedformer",
}
ENDING = {"canaryreviewbars", "canarycommentbars", "canarylockedbars", "canaryrevisionbars"}
GONE = {"canarygonecomment", "canarygonereview", "canarygonerevision"}
WORDS = sorted(SAFE | AHEAD | ENDING | GONE)
ALICES = {"canarylockedreview", "canarylockedbars"}
MAY_SEE = {
    "visitor": SAFE,
    "unread": SAFE,
    "fifth": SAFE,
    "mo": SAFE,
    "alice": SAFE | ALICES,
    "halfway": SAFE | AHEAD,
    "finished": SAFE | AHEAD | ENDING,
}


@dataclass
class Story:
    """A club in which much was said, and the clients of its readers."""

    app: Flask
    book: Book
    members: dict[str, Member]
    clients: dict[str, FlaskClient]
    reviews: dict[str, int] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    threads: dict[str, int] = field(default_factory=dict)

    def review(self, who: str, word: str, body: str, horizon: int | str = 0) -> None:
        form = {"title": "What I thought", "body": body, "horizon": horizon}
        answer = self.clients[who].post(f"/books/{self.book.slug}/reviews/new", data=form)
        assert answer.status_code == 303, answer.text
        self.reviews[word] = int(answer.location.rpartition("/")[2])
        with self.app.app_context():
            self.threads[word] = db.session.get(Review, self.reviews[word]).thread_id

    def rewrite(self, who: str, word: str, body: str, horizon: int | str) -> None:
        form = {"title": "What I thought", "body": body, "horizon": horizon}
        answer = self.clients[who].post(f"/reviews/{self.reviews[word]}/edit", data=form)
        assert answer.status_code == 303, answer.text

    def open(self, who: str, word: str, body: str, horizon: int | str = 0) -> None:
        form = {"title": "Something to talk about", "body": body, "horizon": horizon}
        answer = self.clients[who].post(f"/books/{self.book.slug}/threads", data=form)
        assert answer.status_code == 303, answer.text
        self.threads[word] = int(answer.location.rpartition("/")[2])
        with self.app.app_context():
            opening = select(Comment.id).where(Comment.thread_id == self.threads[word])
            self.comments[word] = db.session.scalars(opening).one()

    def say(
        self, who: str, thread: str, word: str, body: str = "", parent: str = "", horizon: int = 0
    ) -> None:
        form = {"body": body or word, "horizon": horizon, "parent_id": self.comments.get(parent, "")}
        answer = self.clients[who].post(f"/threads/{self.threads[thread]}/comments", data=form)
        assert answer.status_code == 303, answer.text
        self.comments[word] = int(answer.location.rpartition("-")[2])

    def reads(self, who: str) -> set[str]:
        """The words that a reader comes by on all pages of the club."""
        return set(read_everything(self.app, self.clients[who], WORDS))


@pytest.fixture
def story(app, save, visit) -> Story:
    """Everything that this club can say, with a word of its own in each."""
    with app.app_context():
        club = db.session.get(Club, 1)
    club.is_public = True
    book = save(make_book("Emma"))
    club.current_book_id = book.id
    save(club)
    earlier = utcnow() - timedelta(days=7)
    names = ["alice", "bob", "carol", "dan", "erin", "faye", "gina", "unread", "fifth", "halfway", "finished"]
    members = {name: save(make_member(name, new_since=earlier)) for name in names}
    members["mo"] = save(make_member("mo", role="moderator", new_since=earlier))
    for name, position in {
        "mo": 0,
        "fifth": 2000,
        "alice": 2000,
        "halfway": HALF,
        "finished": END,
        "bob": END,
    }.items():
        save(make_reading(members[name], book, position=position))
    clients = {name: visit(member) for name, member in members.items()} | {"visitor": visit()}
    story = Story(app, book, members, clients)

    story.review("alice", "canarylockedreview", "A canarylockedreview. And ||canarylockedbars|| too.", HALF)
    story.say("bob", "canarylockedreview", "canaryunderreview")
    story.review("bob", "canarysafereview", "A canarysafereview, but ||**canaryreviewbars** [x](/y)||.")
    story.review("dan", "canarynowsafe", "A canarywaslocked ||canaryrevisionbars||.", HALF)
    story.rewrite("dan", "canarynowsafe", "A canarynowsafe.", 0)
    story.review("erin", "canarynowlocked", "A canarywassafe.")
    story.rewrite("erin", "canarynowlocked", "A canarynowlocked.", HALF)
    story.open("bob", "canaryopening", "A canaryopening, `||canarycommentbars||`.")
    story.say("carol", "canaryopening", "canaryreply", parent="canaryopening")
    story.say("dan", "canaryopening", "canarynested", parent="canaryreply", horizon=HALF)
    story.say("bob", "canaryopening", "canaryundernested", parent="canarynested")
    story.open("carol", "canarythreadfrom", "A canarythreadfrom.", HALF)
    story.say("dan", "canarythreadfrom", "canarythreadreply")

    story.say("faye", "canaryopening", "canaryformer")
    story.say("faye", "canaryopening", "canarylockedformer", horizon=HALF)
    members["faye"].forget(utcnow())
    save(members["faye"])

    story.say("gina", "canaryopening", "canarygonecomment")
    story.say("bob", "canaryopening", "an answer to it", parent="canarygonecomment")
    clients["gina"].post(f"/comments/{story.comments['canarygonecomment']}/deletion")
    story.review("gina", "canarygonereview", "A canarygonerevision.")
    story.rewrite("gina", "canarygonereview", "A canarygonereview.", 0)
    story.say("bob", "canarygonereview", "pity")
    answer = clients["mo"].post(
        f"/reviews/{story.reviews['canarygonereview']}/removal", data={"reason": "Copied."}
    )
    assert answer.status_code == 303
    return story


@pytest.mark.parametrize("who", list(MAY_SEE))
def test_each_reader_comes_by_all_that_they_may_read_and_nothing_else(story, who):
    assert story.reads(who) == MAY_SEE[who]


def test_a_visitor_of_a_private_club_comes_by_nothing(story):
    with story.app.app_context():
        begin_write()
        db.session.execute(update(Club).values(is_public=False))
        db.session.commit()

    assert story.reads("visitor") == set()


@pytest.mark.parametrize("who", ["visitor", "unread", "fifth", "mo"])
def test_forms_that_could_not_be_taken_give_nothing_away(story, who):
    assert set(send_every_form_empty(story.app, story.clients[who], WORDS)) <= MAY_SEE[who]


# The walk would find a leak


def test_the_walk_goes_everywhere(story):
    urls = addresses(story.app)

    for url in (
        "/",
        "/books",
        f"/books/{story.book.slug}",
        f"/books/{story.book.slug}/reviews/new",
        f"/reviews/{story.reviews['canarylockedreview']}/revisions",
        f"/comments/{story.comments['canarynested']}",
        f"/comments/{story.comments['canarynested']}/edit",
        f"/threads/{story.threads['canaryopening']}?at={story.comments['canarynested']}",
        "/members/alice",
        "/settings",
        "/books?q=canary",
    ):
        assert url in urls


def test_the_walk_finds_out_when_the_predicate_lets_everything_through(story, monkeypatch):
    monkeypatch.setattr(readings, "visible_to", lambda *_, **__: literal(True))

    assert story.reads("fifth") > SAFE | {"canarynested", "canarywassafe", "canarycommentbars"}


def test_the_walk_finds_out_when_inline_spoilers_are_open(story, monkeypatch):
    monkeypatch.setattr(readings, "opened_to", lambda *_, **__: literal(True))

    assert story.reads("fifth") >= {"canaryreviewbars", "canarycommentbars"}


def test_the_walk_finds_out_when_a_header_says_too_much(story):
    def hint(answer):
        if request.path == f"/comments/{story.comments['canarynested']}":
            answer.headers["X-Hint"] = "canarynested"
        return answer

    story.app.after_request_funcs[None].append(hint)

    assert story.reads("fifth") == SAFE | {"canarynested"}


def test_the_walk_finds_out_when_a_template_says_too_much(story):
    """As if a page described itself by its words, for previews elsewhere."""
    loader = story.app.jinja_env.loader
    fragment = loader.get_source(story.app.jinja_env, "threads/_placeholder.html")[0]
    with story.app.app_context():
        words = db.session.get(Comment, story.comments["canarynested"]).body
    leaking = {"threads/_placeholder.html": f'{fragment}<i data-words="{words}"></i>'}
    story.app.jinja_env.loader = ChoiceLoader([DictLoader(leaking), loader])
    story.app.jinja_env.cache.clear()

    assert story.reads("fifth") == SAFE | {"canarynested"}


# What a locked reader is sent does not even depend on what is locked


def without_tokens(page: str) -> str:
    return re.sub(r'name="(submission|csrf_token)" value="[^"]*"', "", page)


@pytest.mark.parametrize("who", ["visitor", "fifth"])
def test_nothing_that_a_reader_is_sent_depends_on_words_ahead_of_them(story, who):
    """Not its title, not its length, not whether there are spoilers in it."""
    urls = [url for url in addresses(story.app) if not url.partition("?")[0].endswith("/reveal")]
    pages = {url: without_tokens(story.clients[who].get(url).text) for url in urls}
    with story.app.app_context():
        begin_write()
        for model in (Comment, Review):
            locked = update(model).where(model.horizon >= HALF)
            db.session.execute(
                locked.values(
                    body="Quite another, and a far longer text.",
                    body_html="<p>Quite another, and a far longer text.</p>",
                    safe_html="<p>Quite another, and a far longer text.</p>",
                    has_spoilers=~model.has_spoilers,
                )
            )
        db.session.execute(
            update(ReviewRevision).values(body="", body_html="Longer, too.", safe_html="Longer, too.")
        )
        db.session.commit()

    for url in urls:
        assert without_tokens(story.clients[who].get(url).text) == pages[url], url
    assert (
        "Quite another" in story.clients["finished"].get(f"/threads/{story.threads['canarythreadfrom']}").text
    )


def test_titles_and_metadata_hold_no_words_of_a_post(story):
    for url in addresses(story.app):
        page = story.clients["finished"].get(url).text
        head = page[: page.find("</head>")]
        assert not [word for word in WORDS if word in head], url


# To reveal on purpose


@pytest.mark.parametrize("kind", ["reviews", "comments"])
def test_the_reveal_page_of_a_post_shows_that_post_and_nothing_else_ahead(story, kind):
    shown_there = {
        "canarylockedreview": {"canarylockedreview", "canarylockedbars"},
        "canarysafereview": {"canarysafereview", "canaryreviewbars"},
        "canaryopening": {"canaryopening", "canarycommentbars"},
    }
    for word, row_id in getattr(story, kind).items():
        if word not in WORDS:
            continue
        answer = story.clients["fifth"].get(f"/{kind}/{row_id}/reveal")
        found = traces(answer, WORDS)

        assert found - MAY_SEE["fifth"] == shown_there.get(word, {word}) - MAY_SEE["fifth"] - GONE, word
        assert word in found or word in GONE
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert 'name="robots" content="noindex"' in answer.text
    assert story.reads("fifth") == MAY_SEE["fifth"]


@pytest.mark.parametrize("kind", ["reviews", "comments"])
def test_a_visitor_cannot_reveal_anything(story, kind):
    for row_id in getattr(story, kind).values():
        answer = story.clients["visitor"].get(f"/{kind}/{row_id}/reveal")
        assert answer.status_code == 303
        assert not traces(answer, WORDS)
    for url in (f"/books/{story.book.slug}/reveal", f"/threads/{story.threads['canaryopening']}/reveal"):
        assert story.clients["visitor"].post(url).status_code == 401


def test_who_reveals_a_thread_sees_everything_in_it_until_they_take_that_back(story):
    url = f"/threads/{story.threads['canaryopening']}/reveal"
    fifth = story.clients["fifth"]

    fifth.post(url)
    assert story.reads("fifth") == SAFE | {
        "canarynested",
        "canaryundernested",
        "canarylockedformer",
        "canarycommentbars",
    }
    assert story.reads("unread") == SAFE

    fifth.post(f"{url}/deletion")
    assert story.reads("fifth") == SAFE


def test_who_reveals_a_review_s_thread_sees_the_review_too(story):
    story.clients["fifth"].post(f"/threads/{story.threads['canarylockedreview']}/reveal")

    assert story.reads("fifth") == SAFE | {"canarylockedreview", "canarylockedbars", "canaryunderreview"}


def test_who_reveals_a_book_sees_everything_about_it_until_they_take_that_back(story):
    url = f"/books/{story.book.slug}/reveal"
    fifth = story.clients["fifth"]

    fifth.post(url)
    assert story.reads("fifth") == SAFE | AHEAD | ENDING
    assert story.reads("unread") == SAFE

    fifth.post(f"{url}/deletion")
    assert story.reads("fifth") == SAFE


# Reading on, and back


def test_to_read_on_unlocks_and_to_correct_oneself_locks_again(story):
    url = f"/books/{story.book.slug}/reading"
    fifth = story.clients["fifth"]

    fifth.post(url, data={"position": "49.99", "position_unit": "percent"})
    assert story.reads("fifth") == SAFE
    fifth.post(url, data={"position": "150", "position_unit": "page"})
    assert story.reads("fifth") == SAFE | AHEAD
    fifth.post(url, data={"status": "finished"})
    assert story.reads("fifth") == SAFE | AHEAD | ENDING
    fifth.post(url, data={"status": "reading", "position": "20", "position_unit": "percent"})
    assert story.reads("fifth") == SAFE


def test_who_reads_a_book_again_keeps_seeing_everything(story):
    story.clients["finished"].post(f"/books/{story.book.slug}/reading", data={"status": "reading"})

    assert story.reads("finished") == SAFE | AHEAD | ENDING


# Answers to htmx


def test_an_answer_to_htmx_holds_what_its_reader_said_and_nothing_ahead_of_them(story):
    fifth = story.clients["fifth"]
    for word, comment_id in story.comments.items():
        if word in GONE:
            continue
        with story.app.app_context():
            thread_id = db.session.get(Comment, comment_id).thread_id
        form = {"body": "I think so, too.", "horizon": "0", "parent_id": comment_id}
        answer = fifth.post(f"/threads/{thread_id}/comments", data=form, headers=HTMX)
        assert answer.status_code == 200
        assert "I think so, too." in answer.text
        assert not traces(answer, WORDS) - SAFE
        own = int(re.search(r'id="comment-(\d+)"', answer.text)[1])
        for verb, fields in {"edit": {"body": "Or not.", "horizon": "0"}, "deletion": {}}.items():
            answer = fifth.post(f"/comments/{own}/{verb}", data=fields, headers=HTMX)
            assert answer.status_code == 200
            assert not traces(answer, WORDS) - SAFE


# A former member


def test_the_words_of_a_former_member_stay_under_that_name(story):
    page = story.clients["finished"].get(f"/threads/{story.threads['canaryopening']}").text

    assert "canaryformer" in page
    assert "canarylockedformer" in page
    assert "a former member" in page.lower()
    assert "faye" not in page.lower()
