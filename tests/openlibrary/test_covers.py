"""Where a cover may come from, and what is asked for one: by ISBN, then by the work that a search finds."""

from __future__ import annotations

import pytest

from bookclub.openlibrary.client import (
    MAX_COVER_BYTES,
    NO_ANSWER,
    UNREADABLE,
    OpenLibrary,
    OpenLibraryReply,
    leads_to_cover,
)
from tests.cases import each
from tests.openlibrary.stand_in import Mood, serving

SITE = "https://covers.openlibrary.org"


@pytest.fixture
def library():
    """The stand-in."""
    with serving() as library:
        yield library


@pytest.fixture
def ask(library):
    """``ask("/path")`` asks the stand-in for a cover."""
    client = OpenLibrary("http://127.0.0.1:9", covers=library.address)
    return lambda path="/b/id/1-L.jpg", seconds=10.0: client.ask_cover(path, seconds)


@each(
    ("address", "leads"),
    {
        "the site itself": (f"{SITE}/b/id/1-L.jpg", True),
        "the archive": ("https://archive.org/download/l_covers_0013/1.zip/1-L.jpg", True),
        "a store of the archive": ("https://ia902309.us.archive.org/view_archive.php?file=1.jpg", True),
        "the archive by its port": ("https://archive.org:443/1.jpg", True),
        "unencrypted": ("http://archive.org/1.jpg", False),
        "another port": ("https://archive.org:8443/1.jpg", False),
        "another host": ("https://example.org/1.jpg", False),
        "a host with the archive's end": ("https://notarchive.org/1.jpg", False),
        "the archive as somebody's name": ("https://archive.org@10.0.0.1/1.jpg", False),
        "the archive as a path": ("https://10.0.0.1/archive.org", False),
        "this machine": ("http://127.0.0.1/", False),
        "a file": ("file:///etc/passwd", False),
        "the site unencrypted": ("http://covers.openlibrary.org/b/id/1-L.jpg", False),
    }.values(),
)
def test_a_cover_is_fetched_from_open_library_or_the_archive_alone(address, leads):
    assert leads_to_cover(address, SITE) is leads


def test_a_cover_comes_as_bytes_also_through_a_redirect(library, ask):
    library.records |= {"/b/id/1-L.jpg": "/b/elsewhere.jpg", "/b/elsewhere.jpg": b"\xff\xd8\xff"}

    assert ask() == OpenLibraryReply(200, image=b"\xff\xd8\xff")
    assert library.asked == ["/b/id/1-L.jpg", "/b/elsewhere.jpg"]


def test_a_redirect_into_the_club_s_own_network_is_not_followed(library, ask):
    with serving() as inside:
        library.records["/b/id/1-L.jpg"] = f"{inside.address}/secret"
        assert ask().status == UNREADABLE
        assert inside.asked == []


@each(
    ("mood", "status"),
    {
        "none": (Mood(404), 404),
        "too large": (Mood(body=b"x" * (MAX_COVER_BYTES + 1)), UNREADABLE),
        "empty": (Mood(), UNREADABLE),
        "a circle": (Mood(302, {"Location": "/again"}), NO_ANSWER),
        "a pause": (Mood(429, {"Retry-After": "60"}), 429),
    }.values(),
)
def test_what_is_no_cover(library, ask, mood, status):
    library.mood = mood

    reply = ask()
    assert (reply.status, reply.image) == (status, b"")


def test_a_slow_cover_is_given_up(library, ask):
    library.mood = Mood(body=b"x" * 100, seconds_before_each_byte=0.05)

    assert ask(seconds=0.3) == OpenLibraryReply(NO_ANSWER)
