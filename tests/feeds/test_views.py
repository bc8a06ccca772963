"""Feeds: what anybody may subscribe to in a public club, and each member at a private address."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import feedparser
import pytest
from sqlalchemy import update

from bookclub.extensions import db
from bookclub.members.models import Club
from bookclub.readings.models import Reveal
from tests.factories import (
    make_book,
    make_comment,
    make_passage,
    make_reading,
    make_review,
    make_thread,
)

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def public(write):
    write(lambda: db.session.execute(update(Club).values(is_public=True)))


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def thread(save, book, bob):
    return save(make_thread(bob, book, "The picnic & what came of it"))


@pytest.fixture
def said(save, thread, bob):
    return save(
        make_comment(thread, bob, "Box Hill is ||no|| <hill>."),
        make_comment(thread, bob, "She marries him.", horizon=9000),
    )


@pytest.fixture
def mine(visit):
    """``mine(alice)`` is the path of a member's private feed."""

    def mine(member):
        assert visit(member).post("/settings/feed").status_code == 303
        page = visit(member).get("/settings/feed").text
        return (
            page.partition('id="address" type="url" value="')[2]
            .partition('"')[0]
            .removeprefix("http://localhost")
        )

    return mine


def check(answer):
    """A feed, checked with feedparser and by the rules of RFC 4287."""
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    parsed = feedparser.parse(answer.get_data())
    assert not parsed.bozo
    assert parsed.version == "atom10"
    feed = ElementTree.fromstring(answer.get_data())
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
            assert element.findtext(f"{ATOM}{name}")
    for entry in feed.iter(f"{ATOM}entry"):
        assert entry.find(f"{ATOM}author/{ATOM}name").text
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    assert feed.find(f"{ATOM}link[@rel='self']").get("href")
    return parsed


@pytest.mark.databases("sqlite", "postgresql")
def test_anybody_reads_what_is_safe_in_a_public_club(visitor, save, public, book, thread, said, bob):
    save(
        make_review(
            bob, book, title="Badly done", summary="A match-maker errs.", body="All of it.", horizon=9000
        )
    )
    for url in ("/feeds/club", f"/feeds/books/{book.slug}"):
        entries = check(visitor.get(url)).entries
        assert [entry.title for entry in entries] == [
            "Badly done, a review of Emma",
            "Bob in “The picnic & what came of it”",
        ]
        assert "A match-maker errs." in entries[0].content[0].value
        assert "Box Hill is" in entries[1].content[0].value
        assert "&lt;hill&gt;" in entries[1].content[0].value
        whole = visitor.get(url).get_data(as_text=True)
        assert "All of it." not in whole
        assert "marries" not in whole
    assert len(check(visitor.get(f"/feeds/threads/{thread.id}")).entries) == 1


def test_a_private_club_has_no_feed_for_anybody(visit, visitor, thread, said, book, alice):
    for url in ("/feeds/club", f"/feeds/books/{book.slug}", f"/feeds/threads/{thread.id}"):
        assert visitor.get(url).status_code == 303
        assert visit(alice).get(url).status_code == 404


@pytest.mark.databases("sqlite", "postgresql")
def test_passages_are_in_a_members_feed_as_far_as_they_have_read(
    visitor, save, mine, public, book, alice, bob
):
    save(
        make_passage(bob, book, "It was a <green> day.\nBox Hill.", "A *remark*.", horizon=3000),
        make_passage(bob, book, "Reader, it ended.", "A later remark.", horizon=9000),
        make_reading(alice, book, status="reading", position=4000),
    )
    (entry,) = check(visitor.get(mine(alice))).entries

    assert (entry.title, entry.author) == ("A passage from Emma, kept by Bob", "Bob")
    assert "It was a &lt;green&gt; day.<br>Box Hill." in entry.content[0].value.replace("<br />", "<br>")
    assert "<em>remark</em>" in entry.content[0].value
    assert not check(visitor.get("/feeds/club")).entries
    assert not check(visitor.get(f"/feeds/books/{book.slug}")).entries


@pytest.mark.parametrize("is_revealed", [False, True])
def test_a_member_reads_as_far_as_they_have_read(visitor, save, mine, book, thread, said, alice, is_revealed):
    save(make_reading(alice, book, status="reading", position=4000))
    if is_revealed:
        save(Reveal(member_id=alice.id, book_id=book.id))
    whole = visitor.get(mine(alice)).get_data(as_text=True)

    assert "Box Hill" in whole
    assert "marries" not in whole


def test_who_has_finished_reads_all_but_what_is_under_bars(visitor, save, mine, book, thread, said, alice):
    save(make_reading(alice, book, status="finished"))
    entries = check(visitor.get(mine(alice))).entries

    assert len(entries) == 2
    assert "spoiler, for people who have finished" in entries[1].content[0].value


def test_the_reviews_of_one_member(visitor, save, mine, book, alice, bob, olive):
    save(make_review(bob, book, title="Badly done"), make_review(olive, book, title="Well done"))
    feed = mine(alice)

    assert [entry.title for entry in check(visitor.get(f"{feed}/members/bob")).entries] == [
        "Badly done, a review of Emma"
    ]
    assert visitor.get(f"{feed}/members/nobody").status_code == 404


def test_a_program_that_has_it_gets_nothing(visitor, save, mine, thread, said, alice, bob):
    feed = mine(alice)
    first = visitor.get(feed)
    etag = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert visitor.get(feed, headers=etag).status_code == 304
    save(make_comment(thread, bob, "And more."))
    assert visitor.get(feed, headers=etag).status_code == 200


def test_an_address_dies_with_a_new_one_and_with_a_suspension(visit, visitor, mine, alice, olive):
    first = mine(alice)
    assert visitor.get(first).status_code == 200
    second = mine(alice)
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200
    assert visit(olive).post("/members/alice/suspension").status_code == 303
    assert visitor.get(second).status_code == 404
    assert visit(olive).post("/members/alice/suspension/deletion").status_code == 303
    assert visitor.get(second).status_code == 404
    assert visitor.get(second[:-1]).status_code == 404


def test_pages_of_a_public_club_say_what_may_be_shown_elsewhere(
    visitor, save, public, book, thread, said, bob
):
    review = save(make_review(bob, book, title="Badly done", summary="A match-maker errs.", horizon=9000))
    page = visitor.get(f"/reviews/{review.id}").text
    assert '<meta property="og:title" content="Badly done">' in page.replace("\u2068", "").replace(
        "\u2069", ""
    )
    assert '<meta property="og:description" content="A match-maker errs.">' in page
    assert f'<link rel="canonical" href="http://localhost/reviews/{review.id}">' in page
    assert f"/feeds/threads/{thread.id}" in visitor.get(f"/threads/{thread.id}").text
    assert "noindex" not in visitor.get(f"/books/{book.slug}").text


def test_a_private_club_says_nothing_anywhere(visit, visitor, book, thread, said, alice):
    assert "og:description" not in visitor.get("/").text
    for url in (f"/books/{book.slug}", f"/threads/{thread.id}"):
        page = visit(alice).get(url).text
        assert "og:" not in page
        assert "noindex" in page


def test_crawlers_are_told_where_to_go(visitor, public, book, thread, said):
    assert "Sitemap: http://localhost/sitemap.xml" in visitor.get("/robots.txt").text
    sitemap = ElementTree.fromstring(visitor.get("/sitemap.xml").get_data())
    places = {place.text for place in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    wanted = {f"/books/{book.slug}", f"/authors/{book.credits[0].author.slug}", f"/threads/{thread.id}"}
    assert {f"http://localhost{path}" for path in wanted} <= places


def test_crawlers_are_kept_from_a_private_club(visitor, book):
    assert visitor.get("/robots.txt").text.split() == ["User-agent:", "*", "Disallow:", "/"]
    assert visitor.get("/sitemap.xml").status_code == 404
