"""Copied cookies: what was taken from a browser is worth nothing once its owner has done something."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from flask.testing import FlaskClient

import bookclub
from bookclub.members import actions as members_actions
from bookclub.members.models import Member
from tests.factories import PASSWORD, make_member
from tests.jars import REMEMBER, SESSION, copy_of
from tests.page_forms import read_page

NEW_PASSWORD = "two lamps and a kettle"


class World(NamedTuple):
    """A member in their browser, the organiser in another, and what is needed beside them."""

    browser: FlaskClient
    olives: FlaskClient
    visit: Callable[..., FlaskClient]
    write: Callable[..., Any]
    owner: Member

    def post(self, path: str, **data: str) -> None:
        assert self.browser.post(path, data=data).status_code == 303

    def change_name(self) -> None:
        self.post("/settings", display_name=f"Al {self.owner.username}")

    def manage(self, power: str, **data: str) -> None:
        assert self.olives.post(f"/members/{self.owner.username}/{power}", data=data).status_code == 303

    def change_address(self) -> None:
        self.post("/settings", email=f"new-{self.owner.email}", current_password=PASSWORD)

    def sign_in_again(self) -> None:
        self.post("/sign-in", username=self.owner.username, password=PASSWORD)

    def set_by_link(self) -> None:
        link = self.write(lambda: members_actions.make_password_link(self.owner))
        assert self.visit().post(link, data={"password": NEW_PASSWORD}).status_code == 303

    def suspend_for_a_while(self) -> None:
        self.manage("suspension")
        self.manage("suspension/deletion")


class Event(NamedTuple):
    """An event, and who is signed in after it: the owner's browser, and a copy of its cookies."""

    act: Callable[[World], None]
    owner: bool
    copy: bool


EVENTS = {
    "a new password": Event(
        lambda world: world.post("/settings/password", current=PASSWORD, new=NEW_PASSWORD), True, False
    ),
    "another address": Event(World.change_address, True, False),
    "a password by a link": Event(World.set_by_link, False, False),
    "a higher role": Event(lambda world: world.manage("role", role="moderator"), False, False),
    "the same role": Event(lambda world: world.manage("role", role="member"), True, True),
    "suspension": Event(lambda world: world.manage("suspension"), False, False),
    "a lifted suspension": Event(World.suspend_for_a_while, False, False),
    "removal": Event(lambda world: world.manage("removal"), False, False),
    "departure": Event(lambda world: world.post("/settings/departure", password=PASSWORD), False, False),
    "signing out": Event(lambda world: world.post("/sign-out"), False, False),
    "signing in again": Event(World.sign_in_again, True, False),
    "another profile": Event(
        lambda world: world.post("/settings", display_name=f"Al {world.owner.id}"), True, True
    ),
}
# Every function that writes what somebody is known by or may do, with the event in which it is tried above.
# One that is added here without a line above is a door that a copied cookie may hold open.
WRITERS = {
    ("Member", "rename"): "removal",
    ("Member", "change_email"): "another address",
    ("Member", "forget"): "removal",
    ("sign_in", "set_password"): "a new password",
    ("sign_in", "settle_attempt"): "signing in again",
    ("actions", "change_role"): "a higher role",
    ("actions", "suspend"): "suspension",
    ("actions", "lift_suspension"): "a lifted suspension",
}
WRITTEN = {"username", "email", "password_hash", "role", "suspended_at", "removed_at"}
ASSIGNED = re.compile(rf"\.({'|'.join(WRITTEN)})\b[^\n]* = ")


def is_signed_in(client):
    return client.get("/mentions").status_code == 200


def sign_in(client, username="alice", **fields):
    answer = client.post("/sign-in", data={"username": username, "password": PASSWORD, **fields})
    assert answer.status_code == 303
    return client


def csrf_token(page):
    return read_page(page.text).forms[0].fields["csrf_token"]


def test_copies_die_and_owners_stay_as_the_table_says(visit, save, write, olive):
    olives, wrong = visit(olive), []
    for name, event in EVENTS.items():
        for remember in ("", "y"):
            owner = save(make_member())
            browser, elsewhere = (sign_in(visit(), owner.username, remember=remember) for _ in range(2))
            copies = [copy_of(browser, kind) for kind in (SESSION, REMEMBER)]
            usable = [True, bool(remember)]
            assert [is_signed_in(copy) for copy in copies] == usable

            event.act(World(browser, olives, visit, write, owner))

            survive = [event.copy and might for might in usable]
            if [is_signed_in(copy) for copy in copies] != survive or is_signed_in(browser) != event.owner:
                wrong.append((name, remember))
            # Signing in again is about this browser alone.
            if is_signed_in(elsewhere) != (event.copy or name in ("signing in again", "signing out")):
                wrong.append((name, remember, "elsewhere"))
            browser.delete_cookie(SESSION)
            if is_signed_in(browser) != (event.owner and bool(remember and name != "signing in again")):
                wrong.append((name, remember, "closed and opened again"))

    assert wrong == []


def test_a_lower_role_signs_nobody_out_and_holds_at_once(visit, save, olive):
    oscar = save(make_member("oscar", role="organiser"))
    browser = visit(oscar)
    assert browser.get("/club/settings").status_code == 200

    visit(olive).post("/members/oscar/role", data={"role": "member"})

    assert is_signed_in(browser)
    assert browser.get("/club/settings").status_code == 403


def test_someone_with_more_rights_is_said_to_sign_in_again(visit, alice, olive):
    olives = visit(olive)
    page = olives.post("/members/alice/role", data={"role": "moderator"}, follow_redirects=True)
    assert "To use it they need to sign in again on every device." in page.text

    page = olives.post("/members/alice/role", data={"role": "member"}, follow_redirects=True)
    assert "sign in again" not in page.text


def test_every_writer_of_rights_stands_in_the_table():
    found = set()
    for path in Path(bookclub.__file__).parent.rglob("*.py"):
        source = path.read_text("utf-8")
        # Parsing them all would take seconds. The sample club is made before anybody has a session.
        if ASSIGNED.search(source) and "demo" not in path.parts:
            found.update(writers_in(ast.parse(source), path.stem))

    assert found == set(WRITERS)
    assert set(WRITERS.values()) <= set(EVENTS)


def writers_in(tree, name):
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from writers_in(node, node.name)
        elif isinstance(node, ast.FunctionDef) and any(map(is_right, ast.walk(node))):
            yield name, node.name


def is_right(node):
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and node.attr in WRITTEN
        and getattr(node.value, "id", "") in ("self", "member", "person", "row")
    )


# What else the cookies hold


def test_signing_in_renews_the_token_of_forms(strict_visit, alice):
    browser = strict_visit()
    before = csrf_token(browser.get("/sign-in"))
    planted = copy_of(browser)
    data = {"username": "alice", "password": PASSWORD, "csrf_token": before}

    assert browser.post("/sign-in", data=data).status_code == 303

    assert not is_signed_in(planted)
    assert browser.post("/sign-out", data={"csrf_token": before}).status_code == 400
    assert browser.post("/sign-out", data={"csrf_token": csrf_token(browser.get("/"))}).status_code == 303


def test_a_new_password_renews_the_token_of_forms(strict_visit, alice):
    browser = strict_visit(alice)
    before = csrf_token(browser.get("/settings"))
    data = {"current": PASSWORD, "new": NEW_PASSWORD, "csrf_token": before}

    assert browser.post("/settings/password", data=data).status_code == 303

    assert browser.post("/settings", data={"csrf_token": before}).status_code == 400
    assert "signed out everywhere else" in browser.get("/settings").text


def test_what_is_said_to_a_member_goes_with_their_session(visit, alice):
    browser = sign_in(visit())
    browser.post("/settings", data={"display_name": "Al"})
    assert copy_of(browser).get("/settings").text.count("Your settings are saved.") == 1

    browser.post("/sign-out")

    assert "Your settings are saved." not in browser.get("/sign-in").text


def test_a_request_that_raced_with_renewal_keeps_the_new_cookies(visit, save):
    for remember in ("", "y"):
        owner = save(make_member())
        browser = sign_in(visit(), owner.username, remember=remember)
        browser.get("/settings")
        late = copy_of(browser)
        browser.post("/settings/password", data={"current": PASSWORD, "new": NEW_PASSWORD})

        for answer in (late.get("/settings"), late.post("/settings")):
            # Had it brought a cookie, that would have replaced the new one, and signed every tab out.
            assert answer.status_code in (303, 401)
            assert not answer.headers.getlist("Set-Cookie")
        assert is_signed_in(browser)


def test_signing_in_without_being_remembered_drops_a_stale_cookie(visit, alice, bob):
    browser = sign_in(visit(), remember="y")

    sign_in(browser, username="bob")

    assert browser.get_cookie(REMEMBER) is None
    browser.post("/settings/password", data={"current": PASSWORD, "new": NEW_PASSWORD})
    assert browser.get_cookie(REMEMBER) is None
