"""Nobody is spoiled: a word that lies ahead of a reader is in nothing that the club sends them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from bookclub import visits
from bookclub.extensions import begin_write, db
from bookclub.members.models import Club
from bookclub.passages.models import Passage
from bookclub.questions.models import Question
from bookclub.reviews.models import Review, ReviewRevision
from bookclub.sections.models import Section
from bookclub.threads.models import Comment
from tests.crawl import is_reveal, read_everything, send_every_form_empty, traces, words_in
from tests.spoilers.story import ALICES, ALL, BROUGHT, CHAPTERS, GONE, KEPT, MARKS, WORDS, may_see, up_to


# The visitor, and who is a fifth into the book, are looked at below.
@pytest.mark.parametrize("who", ["finished", "mo"])
def test_each_reader_comes_by_all_that_they_may_read_and_nothing_else(read_story, who):
    assert words_in(read_story.read(who)) == may_see(who)


@pytest.mark.parametrize("who", ["unread", "stopped"])
def test_who_never_began_and_who_left_off_see_as_far_as_they_read(read_story, telling, who):
    assert read_story.reads(who, telling) == may_see(who)


# Mo may do all that members may and more, and has read nothing of the book either.
@pytest.mark.parametrize("who", ["visitor", "mo"])
def test_forms_that_could_not_be_taken_give_nothing_away(story, who):
    assert send_every_form_empty(story.clients[who], ALL) <= may_see(who)


def test_what_a_reader_keeps_to_themselves_they_do_come_by(story):
    assert story.reads("bob", [f"/books/{story.book}", "/drafts", "/imports/1"]) >= KEPT | BROUGHT
    assert story.reads("bob", ["/members/bob"]) >= {"canaryowntag"}


def test_a_visitor_of_a_private_club_comes_by_nothing(story):
    with story.app.app_context():
        begin_write()
        db.session.execute(update(Club).values(is_public=False))
        db.session.commit()

    assert story.reads("visitor") == set()


def test_who_has_edited_chapters_tells_no_title_in_the_history_of_a_book(read_story):
    history = f"/books/{read_story.book}/edits"

    assert not set(CHAPTERS) & read_story.read("finished", [history])[history].words


def test_titles_and_metadata_hold_no_words_of_a_post(read_story):
    for url, sent in read_story.read("finished").items():
        # A feed has no head: it is read by those who want the words.
        head = sent.text.partition("</head>")[0] if "</head>" in sent.text else ""
        assert not [word for word in ALL if word in head], url


# What a locked reader is sent does not even depend on what is locked


def without_tokens(page: str) -> str:
    # The page for when there is no network says of which minute it is.
    told = r'name="(submission|csrf_token)" value="[^"]*"|>just now<|>\d minutes? ago<|"[^"]*">As of [^<]*<'
    return re.sub(told, "", page)


def assert_titles_ahead_are_nowhere(sent, editing):
    """The title of a chapter ahead is on no page, not even on those that edit it."""
    shown = {url: page.words & set(CHAPTERS) for url, page in sent.items()}
    assert shown[editing] == {"canarytitlefirst", "canarytitlesecond"}
    assert not set().union(*shown.values()) - shown[editing]


@pytest.mark.parametrize("who", ["visitor", "fifth"])
def test_nothing_that_a_reader_is_sent_depends_on_words_ahead_of_them(copies, story, monkeypatch, who):
    """They come by all that they may read, and nothing else.

    What is ahead of them changes nothing: not its title, not its length or its tag, not whether there are
    spoilers in it. Both walks are the first of their readers, who are here at the same time however long the
    walks take.
    """
    monkeypatch.setattr(visits, "visit", lambda *seen: None)
    with copies() as untouched:
        sent = read_everything(untouched.clients[who], ALL)
    assert words_in(sent) == may_see(who)
    if who == "fifth":
        assert_titles_ahead_are_nowhere(sent, f"/books/{story.book}/sections")
    longer = {
        "body": "Quite another, and a far longer text.",
        "body_html": "<p>Quite another, and a far longer text.</p>",
        "safe_html": "<p>Quite another, and a far longer text.</p>",
    }
    with story.app.app_context():
        begin_write()
        for model in (Comment, Review):
            locked = update(model).where(model.horizon > MARKS[who])
            db.session.execute(locked.values(**longer, has_spoilers=~model.has_spoilers))
        own = Question.comment_id.is_(None), Question.passage_id.is_(None)
        asked = update(Question).where(Question.horizon > MARKS[who], *own)
        db.session.execute(asked.values(**longer, has_spoilers=~Question.has_spoilers))
        quoted = update(Passage).where(Passage.horizon > MARKS[who], Passage.deleted_at.is_(None))
        db.session.execute(quoted.values(text="Quite another.", **longer, has_spoilers=~Passage.has_spoilers))
        ahead = update(ReviewRevision).where(ReviewRevision.horizon > MARKS[who])
        db.session.execute(ahead.values(**longer))
        titled = update(Section).where(db.or_(Section.start.is_(None), Section.start > MARKS[who]))
        db.session.execute(titled.values(title="Quite another title"))
        db.session.commit()

    now = read_everything(story.clients[who], ALL)
    for url, before in sent.items():
        assert without_tokens(now[url].text) == without_tokens(before.text), url
        assert (now[url].status, now[url].headers) == (before.status, before.headers), url
    later = f"/threads/{story.threads['canarylateropening']}"
    assert "Quite another" in story.clients["finished"].get(later).text


# The posts of somebody who is behind, and of somebody who has left


def test_the_author_of_a_post_ahead_of_themselves_sees_it_and_not_what_is_said_under_it(read_story, telling):
    assert ALICES & may_see("fifth") == set()
    assert read_story.reads("alice", telling) == up_to(2000) | ALICES


def test_the_words_of_a_former_member_stay_under_that_name(read_story):
    thread = f"/threads/{read_story.threads['canarysafeopening']}"
    page = read_story.read("finished", [thread])[thread]

    assert {"canaryformer", "canarylockedformer"} <= page.words
    assert "a former member" in page.text.lower()
    assert "faye" not in page.text.lower()


# To reveal on purpose


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("kind", ["reviews", "comments", "questions", "passages"])
def test_the_reveal_page_of_a_post_shows_that_post_and_nothing_else_ahead(read_story, kind):
    bars = {word: f"canary{word.removeprefix('canarysafe')}bars" for word in ALL if "canarysafe" in word}
    more = {**bars, "canaryalices": "canaryalicebars"}
    # A passage is revealed with the note on it.
    notes = {word: word.replace("passage", "remark") for word in read_story.passages}
    replaced = {word for word in ALL if "revision" in word and "bars" not in word}
    for word, row_id in getattr(read_story, kind).items():
        # A comment that is gone keeps its place, and a question does not.
        if word not in ALL or (kind == "questions" and word in GONE):
            continue
        answer = read_story.clients["fifth"].get(f"/{kind}/{row_id}/reveal")
        found = traces(answer, ALL)
        whole = {word, more.get(word, word), notes.get(word, word)} & set(WORDS)
        shown = {"canarynowsafe"} if word in replaced else whole

        assert shown <= found, word
        assert found - may_see("fifth") == shown - may_see("fifth"), word
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert 'name="robots" content="noindex"' in answer.text
    talk = [f"/threads/{thread}" for thread in read_story.threads.values()]
    assert read_story.reads("fifth", talk) <= may_see("fifth")


def test_nobody_learns_who_cares_while_reading_in_private(read_story):
    later = f"support-{read_story.questions['canarylaterquestion']}"
    for who, names in (("kim", {"Kim"}), ("finished", set())):
        page = read_story.read(who, ["/meetings/1"])["/meetings/1"].text
        bar = page[page.index(f'id="{later}"') :].partition("</form>")[0]
        assert {name for name in ("Kim",) if name in bar} == names
        assert ("<span>1</span>" in bar) == bool(names)


@pytest.mark.parametrize("kind", ["reviews", "comments", "questions", "passages"])
def test_a_visitor_cannot_reveal_anything(read_story, kind):
    for row_id in getattr(read_story, kind).values():
        answer = read_story.clients["visitor"].get(f"/{kind}/{row_id}/reveal")
        assert answer.status_code == 303
        assert not traces(answer, ALL)
    for url in (
        f"/books/{read_story.book}/reveal",
        f"/threads/{read_story.threads['canarysafeopening']}/reveal",
    ):
        assert is_reveal(url)
        assert read_story.clients["visitor"].post(url).status_code == 401
