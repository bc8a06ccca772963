"""The client of Open Library against a server that is slow, huge, garbled, elsewhere or gone."""

from __future__ import annotations

import gzip
import time

import pytest

from bookclub.openlibrary.client import (
    AT_ONCE,
    BUSY,
    MAX_BYTES,
    NO_ANSWER,
    UNREADABLE,
    OpenLibrary,
    OpenLibraryReply,
)
from tests.openlibrary.stand_in import Mood, serving

LONG, SHORT = 10.0, 0.4
PACKED = {"Content-Encoding": "gzip"}


@pytest.fixture
def library():
    """The stand-in."""
    with serving() as library:
        yield library


@pytest.fixture
def ask(library):
    """``ask("/path")`` asks the stand-in."""
    client = OpenLibrary(library.address, "https://books.example.org")
    return lambda path="/anything", seconds=LONG: client.ask(path, seconds)


def test_a_record_comes_back_through_a_redirect_on_the_same_site(library, ask):
    reply = ask("/isbn/9780141354910.json")

    assert (reply.status, reply.record["number_of_pages"]) == (200, 247)
    assert library.asked == ["/isbn/9780141354910.json", "/books/OL26884131M.json"]


def test_it_says_who_asks(library, ask):
    ask()

    (agent,) = library.agents
    assert agent.startswith("Bookclub/")
    assert agent.endswith(" (+https://books.example.org)")


def test_it_is_not_sent_elsewhere(library, ask):
    with serving() as elsewhere:
        for location in (
            f"{elsewhere.address}/books/OL26884131M.json",
            f"//127.0.0.1:{elsewhere.server_port}/",
            "file:///etc/passwd",
            "http://[",
        ):
            library.mood = Mood(302, {"Location": location})
            assert ask().status in (UNREADABLE, NO_ANSWER)
        assert elsewhere.asked == []


def test_it_does_not_run_in_circles(library, ask):
    library.mood = Mood(301, {"Location": "/round"})

    assert ask() == OpenLibraryReply(NO_ANSWER)
    assert len(library.asked) == 3


SENT = {
    "not there": (Mood(404, body=b"{}"), OpenLibraryReply(404)),
    "too many": (Mood(429, {"Retry-After": "7"}, b"{}"), OpenLibraryReply(429, retry_after="7")),
    "its own trouble": (Mood(500, body=b"<html>"), OpenLibraryReply(500)),
    "a page": (Mood(body=b"<!DOCTYPE html>"), OpenLibraryReply(UNREADABLE)),
    "a list": (Mood(body=b"[1, 2]"), OpenLibraryReply(UNREADABLE)),
    "nothing": (Mood(body=b""), OpenLibraryReply(UNREADABLE)),
    "no text": (Mood(body=b'{"a": "\xff"}'), OpenLibraryReply(UNREADABLE)),
    "too deep": (Mood(body=b'{"a": ' + b"[" * 100_000), OpenLibraryReply(UNREADABLE)),
    "too many digits": (Mood(body=b'{"a": ' + b"9" * 5000 + b"}"), OpenLibraryReply(UNREADABLE)),
    "no number": (Mood(body=b'{"a": NaN, "b": 1e999}'), OpenLibraryReply(200, {"a": "NaN", "b": "1e999"})),
    "huge": (Mood(body=b'{"a": "' + b"x" * MAX_BYTES + b'"}'), OpenLibraryReply(UNREADABLE)),
    "a bomb": (
        Mood(headers=PACKED, body=gzip.compress(b" " * 100 * MAX_BYTES, 1)),
        OpenLibraryReply(UNREADABLE),
    ),
    "unpacked": (Mood(headers=PACKED, body=b"no gzip"), OpenLibraryReply(NO_ANSWER)),
    "packed": (Mood(headers=PACKED, body=gzip.compress(b'{"a": 1}')), OpenLibraryReply(200, {"a": 1})),
}


@pytest.mark.parametrize("sent", SENT)
def test_what_is_sent_is_taken_for_what_it_is(library, ask, sent):
    library.mood, reply = SENT[sent]

    assert ask() == reply


def test_a_server_that_sends_a_byte_now_and_then_is_left(library, ask):
    library.mood = Mood(body=b"{" + b" " * 50 + b"}", seconds_before_each_byte=SHORT / 4)
    begun = time.monotonic()

    assert ask(seconds=SHORT) == OpenLibraryReply(NO_ANSWER)
    assert time.monotonic() - begun < 10 * SHORT  # All of it would take 13.


def test_a_server_that_never_ends_its_headers_is_left_and_takes_no_more_than_the_places_that_there_are():
    with serving() as library:
        library.mood = Mood(headers_last=True)
        client = OpenLibrary(library.address)

        assert [client.ask("/", SHORT).status for _ in range(AT_ONCE)] == [NO_ANSWER] * AT_ONCE
        begun = time.monotonic()
        assert client.ask("/", LONG).status == BUSY
        assert time.monotonic() - begun < SHORT
    # They are free again as soon as the server lets go.
    until = time.monotonic() + LONG
    while (status := client.ask("/", SHORT).status) == BUSY and time.monotonic() < until:
        time.sleep(0.02)
    assert status == NO_ANSWER


@pytest.mark.parametrize(
    "site", ["http://127.0.0.1:1", "http://nowhere.invalid", "https://127.0.0.1:1", "http://a..b"]
)
def test_nobody_there_is_no_answer(site):
    assert OpenLibrary(site).ask("/search.json?q=emma", 2).status == NO_ANSWER


def test_a_server_without_a_certificate_is_not_believed(library):
    assert OpenLibrary(library.address.replace("http://", "https://")).ask("/", 2).status == NO_ANSWER
