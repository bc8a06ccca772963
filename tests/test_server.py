"""What a server looks up before anybody asks."""

from __future__ import annotations

import logging
import threading

import pytest

from bookclub import server
from bookclub.accounts.models import Member
from bookclub.extensions import begin_write, db, utcnow
from bookclub.recommendations.queries import stored
from bookclub.recommendations.queries.kept import kept
from bookclub.recommendations.queries.stock import state_of_stock
from tests.factories import make_author, make_book, make_reading


@pytest.fixture
def read(save, alice, bob, monkeypatch):
    """Alice and Bob have each read a book, in a club with a large catalogue."""
    monkeypatch.setattr(stored, "LIVE", 0)
    books = [save(make_book(title, author=save(make_author(title)))) for title in ("Emma", "Dune")]
    save(*(make_reading(*pair, status="finished") for pair in zip((alice, bob), books, strict=True)))
    return books


def seen(app, *members):
    """The members were here, one after the other."""
    for member in members:
        with app.app_context():
            begin_write()
            db.session.get_one(Member, member.id).seen_at = utcnow()
            db.session.commit()


def test_what_suggestions_for_those_who_were_here_last_go_by_is_looked_up(app, read, bob, monkeypatch):
    emma, dune = read
    seen(app, bob)
    monkeypatch.setattr(server, "EXPECTED", 1)
    server.get_ready(app)

    with app.app_context():
        known = kept(state_of_stock())
    assert dune.id in known.books
    assert emma.id not in known.books


def test_it_is_over_as_soon_as_the_server_is(app, read, monkeypatch):
    looked_up, has_begun = [], threading.Event()

    def look_up(member_id):
        looked_up.append(member_id)
        has_begun.set()

    monkeypatch.setattr(server, "look_up_for", look_up)
    monkeypatch.setattr(server, "BREATH", 60)
    with server.getting_ready(app):
        assert has_begun.wait(20)

    assert len(looked_up) == 1
    assert not [thread for thread in threading.enumerate() if thread.name == "ready"]


def test_where_the_database_is_busy_nothing_is_looked_up_and_nobody_is_turned_away(
    app, read, monkeypatch, caplog
):
    has_failed = threading.Event()

    def stumble(member_id):
        has_failed.set()
        raise OSError("the database is away")

    monkeypatch.setattr(server, "look_up_for", stumble)
    with caplog.at_level(logging.ERROR), server.getting_ready(app):
        assert has_failed.wait(20)

    assert "nothing is looked up ahead" in caplog.text
