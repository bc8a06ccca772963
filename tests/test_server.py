"""What a server puts together before anybody asks for it."""

from __future__ import annotations

import threading

import pytest

from bookclub import server
from bookclub.extensions import db
from bookclub.recommendations import cache_queries
from tests.factories import make_author, make_book


@pytest.fixture
def emma(save):
    return save(make_book("Emma", author=save(make_author("Jane Austen"))))


def test_a_server_knows_the_catalogue_before_anybody_asks(app, emma):
    with server.recommending(app), app.app_context():
        assert cache_queries._STOCKS[db.engine].library.ids.tolist() == [emma.id]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_rebuild_ends_with_the_server(app, emma, monkeypatch):
    monkeypatch.setattr(app, "testing", False)
    has_begun, waits = threading.Event(), threading.Event()

    def make(pause):
        has_begun.set()
        while True:
            waits.wait(0.01)
            pause()

    monkeypatch.setattr(cache_queries, "_remake", make)
    monkeypatch.setattr("bookclub.recommendations.rebuilds.FIRST", 0.01)
    with server.recommending(app):
        assert has_begun.wait(20)

    assert not [thread for thread in threading.enumerate() if thread.name == "rebuild"]
    with app.app_context():
        assert db.engine not in cache_queries._STOCKS
