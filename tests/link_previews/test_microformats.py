"""Microformats of public pages, as a program reads them: names that are shown, and no more than is shown."""

from __future__ import annotations

import json

import mf2py
import pytest
from sqlalchemy import update

from bookclub.extensions import db
from bookclub.members.models import Club
from tests.factories import make_book, make_comment, make_meeting, make_reading, make_review, make_thread


@pytest.fixture
def club(write):
    write(lambda: db.session.execute(update(Club).values(is_public=True, shows_meetings=True)))


@pytest.fixture
def read(visitor, club):
    """``read("/threads/1")`` is all that a program finds on a visitor's page."""

    def read(path):
        answer = visitor.get(path)
        assert answer.status_code == 200
        return mf2py.parse(doc=answer.get_data(as_text=True), url=f"http://localhost{path}")["items"]

    return read


@pytest.fixture
def book(save):
    return save(make_book("Emma", author="Jane Austen"))


def of_kind(kind, items):
    """All items of a kind, those inside others, too."""
    for item in items:
        if kind in item["type"]:
            yield item
        yield from of_kind(kind, item.get("children", ()))


def moment(when):
    """A time in UTC as the parser writes it."""
    return f"{when:%Y-%m-%dT%H:%M:%S}+0000"


def author_of(item):
    (author,) = item["properties"]["author"]
    return author


@pytest.fixture
def thread(save, book, bob):
    return save(make_thread(bob, book, "The picnic"))


def test_a_conversation_is_a_feed_of_its_comments(read, save, thread, alice, bob):
    first = save(make_comment(thread, bob, "Box Hill is *not* far."))
    reply = save(make_comment(thread, alice, "It is for Emma.", parent=first))

    (feed,) = of_kind("h-feed", read(f"/threads/{thread.id}"))

    assert feed["properties"]["name"] == ["The picnic"]
    entries = feed["children"]
    assert [entry["type"] for entry in entries] == [["h-entry"], ["h-entry"]]
    for entry, comment, name in zip(entries, (first, reply), ("Bob", "Alice"), strict=True):
        assert entry["properties"]["url"] == [f"http://localhost/comments/{comment.id}"]
        assert entry["properties"]["published"] == [moment(comment.created_at)]
        # The display name, and no way to a profile.
        assert author_of(entry)["type"] == ["h-card"]
        assert author_of(entry)["properties"] == {"name": [name]}
    assert entries[0]["properties"]["content"][0]["value"] == "Box Hill is not far."
    assert "<em>not</em>" in entries[0]["properties"]["content"][0]["html"]


def test_what_is_locked_or_gone_is_no_entry(visit, read, save, thread, bob, mod):
    save(make_comment(thread, bob, "She weds Knightley.", horizon=9000))
    save(make_comment(thread, bob, "Box Hill ||is where she insults her||."))
    removed = save(make_comment(thread, bob, "Rude words."))
    assert visit(mod).post(f"/comments/{removed.id}/removal", data={"reason": "Rude."}).status_code == 303

    items = read(f"/threads/{thread.id}")

    (entry,) = of_kind("h-entry", items)
    assert entry["properties"]["content"][0]["value"].startswith("Box Hill")
    found = json.dumps(items)
    for words in ("weds", "insults", "Rude"):
        assert words not in found


def test_a_review_says_of_which_book_it_is_and_how_it_rates_it(read, save, book, bob):
    save(make_reading(bob, book, status="finished", rating=9))
    review = save(
        make_review(bob, book, title="Badly done", summary="A match-maker errs.", body="I *laughed*.")
    )
    save(make_comment(review.thread, bob, "So did I."))

    items = read(f"/reviews/{review.id}")

    (found,) = of_kind("h-review", items)
    said = found["properties"]
    assert said["name"] == ["Badly done"]
    assert said["summary"] == ["A match-maker errs."]
    assert said["rating"] == ["4.5"]
    assert said["url"] == [f"http://localhost/reviews/{review.id}"]
    assert said["published"] == [moment(review.created_at)]
    assert said["content"][0]["value"] == "I laughed."
    assert author_of(found)["properties"] == {"name": ["Bob"]}
    (item,) = said["item"]
    assert item["properties"] == {"name": ["Emma"], "url": [f"http://localhost/books/{book.slug}"]}
    assert len(list(of_kind("h-entry", items))) == 1


def test_a_private_rating_is_not_said(read, save, book, bob):
    save(make_reading(bob, book, status="finished", rating=9, is_private=True))
    review = save(make_review(bob, book, title="Badly done"))

    (found,) = of_kind("h-review", read(f"/reviews/{review.id}"))

    assert "rating" not in found["properties"]


@pytest.mark.parametrize("path", ["/reviews/{review.id}", "/books/{book.slug}"])
def test_a_locked_review_says_what_is_safe(read, save, book, bob, path):
    review = save(
        make_review(
            bob, book, title="Badly done", summary="A match-maker errs.", body="She weds him.", horizon=9000
        )
    )

    items = read(path.format(review=review, book=book))

    (found,) = of_kind("h-review", items)
    assert found["properties"]["name"] == ["Badly done"]
    assert found["properties"]["summary"] == ["A match-maker errs."]
    assert "content" not in found["properties"]
    assert "weds" not in json.dumps(items)
    item = found["properties"]["item"][0]
    assert (item if isinstance(item, str) else item["value"]) == "Emma"


def test_a_meeting_that_is_announced_is_an_event(read, save, book, alice):
    meeting = save(make_meeting(alice, book, title="Emma, at last", place="Alice’s kitchen"))

    items = read("/meetings")

    (event,) = of_kind("h-event", items)
    assert event["properties"] == {
        "name": ["Emma, at last"],
        "start": [moment(meeting.starts_at)],
    }
    assert "kitchen" not in json.dumps(items)


def test_nobody_is_named_with_an_address_anywhere(read, save, book, bob):
    save(make_review(bob, book, title="Badly done"))
    for path in ("/", f"/books/{book.slug}", "/threads"):
        assert "/members/" not in json.dumps(read(path))
