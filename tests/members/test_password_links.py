"""A new password by a one-time link that an organiser made."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.members import actions as members_actions
from bookclub.members.models import OneTimeLink
from bookclub.members.queries import hash_token
from tests.factories import PASSWORD

NEW_PASSWORD = "two lamps and a kettle"


def sign_in(client, password):
    return client.post("/sign-in", data={"username": "alice", "password": password}).status_code


@pytest.fixture
def link(write, alice):
    """The path of a link for Alice."""
    return write(lambda: members_actions.make_password_link(alice))


def test_an_organiser_makes_a_link_that_is_shown_once(visit, rows, olive, alice):
    answer = visit(olive).post("/members/alice/password-link")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    token = re.search(r'value="http://localhost/sign-in/([^"]+)"', answer.text)[1]
    (kept,) = rows(select(OneTimeLink))
    assert kept.token_hash == hash_token(token)
    assert timedelta(hours=23) < kept.expires_at - utcnow() <= timedelta(hours=24)


def test_the_link_uses_the_clubs_public_address(app, visit, olive, alice):
    from dataclasses import replace

    app.extensions["bookclub"] = replace(app.extensions["bookclub"], url="https://books.example.org")

    assert "https://books.example.org/sign-in/" in visit(olive).post("/members/alice/password-link").text


def test_the_link_sets_a_new_password_and_ends_every_session(visit, visitor, link, alice, bob):
    alices, bobs = visit(alice), visit(bob)
    page = visitor.get(link)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert 'autocomplete="new-password"' in page.text

    answer = visitor.post(link, data={"password": NEW_PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert alices.get("/settings").status_code == 303
    assert bobs.get("/settings").status_code == 200
    assert visitor.get("/settings").status_code == 303
    assert sign_in(visit(), PASSWORD) == 422
    assert sign_in(visit(), NEW_PASSWORD) == 303


def test_the_link_works_once(visitor, link):
    assert visitor.post(link, data={"password": NEW_PASSWORD}).status_code == 303

    assert visitor.get(link).status_code == 404
    answer = visitor.post(link, data={"password": "yet another kettle"})
    assert answer.status_code == 404
    assert "Ask an organiser" in answer.text
    assert sign_in(visitor, NEW_PASSWORD) == 303


@pytest.mark.databases("sqlite", "postgresql")
def test_the_link_works_once_also_when_it_is_sent_twice_at_once(visit, link):
    together = Barrier(3)

    def use(number):
        client = visit()
        together.wait()
        return client.post(link, data={"password": f"{NEW_PASSWORD} {number}"}).status_code

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(use, range(3))) == [303, 404, 404]


def test_a_password_that_will_not_do_leaves_the_link_alive(visitor, link):
    for password in ("", "short", "password123", "alice@example.org"):
        assert visitor.post(link, data={"password": password}).status_code == 422

    assert visitor.post(link, data={"password": NEW_PASSWORD}).status_code == 303


def test_the_link_expires(visitor, rows, save, link):
    (row,) = rows(select(OneTimeLink))
    row.expires_at = utcnow()
    save(row)

    assert visitor.get(link).status_code == 404
    assert visitor.post(link, data={"password": NEW_PASSWORD}).status_code == 404
    assert sign_in(visitor, PASSWORD) == 303


def test_a_new_link_replaces_the_one_before(visitor, write, link, alice):
    later = write(lambda: members_actions.make_password_link(alice))

    assert visitor.get(link).status_code == 404
    assert visitor.get(later).status_code == 200


def test_a_link_forgives_the_failed_attempts(visit, link):
    for _ in range(10):
        sign_in(visit(), "not the password")
    assert sign_in(visit(), PASSWORD) == 429

    visit().post(link, data={"password": NEW_PASSWORD})

    assert sign_in(visit(), NEW_PASSWORD) == 303


@pytest.mark.parametrize("act", ["suspension", "removal"])
def test_the_link_dies_with_suspension_and_removal(visit, visitor, rows, link, olive, act):
    assert visit(olive).post(f"/members/alice/{act}").status_code == 303

    assert visitor.get(link).status_code == 404
    assert rows(select(OneTimeLink)) == []


@pytest.mark.parametrize("token", ["nonsense", "%00", "é", "x" * 3000])
def test_a_link_that_never_was_opens_nothing(visitor, alice, token):
    assert visitor.get(f"/sign-in/{token}").status_code == 404
    assert visitor.post(f"/sign-in/{token}", data={"password": NEW_PASSWORD}).status_code == 404


def test_a_setup_link_sets_no_password_and_a_password_link_no_club(visitor, write, link):
    setup = write(members_actions.make_setup_link).partition("setup=")[2]

    assert visitor.get(f"/sign-in/{setup}").status_code == 404
    page = visitor.get("/sign-up", query_string={"setup": link.rpartition("/")[2]})
    assert "Set up the club" not in page.text
