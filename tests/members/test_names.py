"""Names of members: to be seen, and told apart from every other member's name and username."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from bookclub.app import create_app
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.text.confusables import name_keys
from bookclub.members import actions as members_actions
from bookclub.members import rules as members_rules
from bookclub.members.actions import change_display_name
from bookclub.members.models import Member
from bookclub.members.name_models import MemberName
from bookclub.members.queries import member_by_username
from bookclub.members.rules import TakenError
from bookclub.schema import close, create_upgraded_app
from tests.cases import each
from tests.factories import PASSWORD, make_book, make_member, make_review
from tests.processes import run_at_once

DISGUISES = [
    "olive", "OLIVE", " Olive ", "ol\u200bive", "Ol\u3164ive", "Оlivе", "O1ive", "OIive", "0live",
    "Ｏｌｉｖｅ", "Olive.", "o.l.i.v.e", "O live", "Olivé", "Oli\u0301ve", "𝐎𝐥𝐢𝐯𝐞",
    "ΟLΙVE", "Olive\ufe0f", "\u202dOlive", "Ol\u00adive",
]  # fmt: skip
UNSEEN = [
    "\u3164",
    "\u115f\u1160",
    "\uffa0",
    "\u2800",
    "\u200b",
    "\ufeff",
    "\u0301",
    "\u00ad\u034f",
    "\ufffc",
    "",
]


def settings_of(client, **fields):
    known = {"display_name": "Bob", "email": "bob@example.org", "theme": "auto", "time_zone": "", "about": ""}
    return client.post("/settings", data=known | fields)


# Rules


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguised_name_has_a_key_of_the_name(name):
    assert name_keys("Olive") & name_keys(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lia", "Ila"), ("Ann", "Anna"), ("Bob", "Rob"), ("!", "?"), ("🌿", "🌸"), ("海", "月"), ("m1", "m2")],
)
def test_names_that_differ_have_no_key_in_common(one, other):
    assert not name_keys(one) & name_keys(other)


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_of_which_nothing_is_drawn_is_refused(name):
    assert "can be seen" in members_rules.display_name_problem(name)


@pytest.mark.parametrize(
    "name",
    ["organiser", "Οrganiser", "Admin", "a former member", "Former Member", "former-12", "mod\u200berator"],
)
def test_a_name_that_would_pass_for_the_club_or_for_nobody_is_refused(name):
    assert members_rules.display_name_problem(name)


def test_a_reserved_username_may_be_a_display_name_of_its_own():
    assert members_rules.display_name_problem("Admin", "admin") is None


# Settings


@each("name", DISGUISES)
def test_nobody_takes_a_name_like_another_members(visit, alice, bob, olive, name):
    page = settings_of(visit(bob), display_name=name, about="I read at night.")

    assert page.status_code == 422
    said = page.text
    assert "too much like the name or the username of another member" in said or "cannot be shown" in said
    assert "I read at night." in said


def test_nobody_takes_the_username_of_another_member(visit, save, bob):
    save(make_member("wren77", display_name="Dana"))

    assert settings_of(visit(bob), display_name="Wren77").status_code == 422


def test_a_member_may_respell_their_own_name(visit, bob):
    assert settings_of(visit(bob), display_name="BOB").status_code == 303


def test_a_name_given_up_is_free_again(visit, alice, bob):
    settings_of(visit(alice), display_name="Ada", email="alice@example.org")

    # The username stays hers.
    assert settings_of(visit(bob), display_name="Alice").status_code == 422
    assert settings_of(visit(alice), display_name="Lina", email="alice@example.org").status_code == 303
    assert settings_of(visit(bob), display_name="Ada").status_code == 303


def test_the_name_of_somebody_who_left_is_free_again(app, visit, save, write, bob):
    gone = save(make_member("wren", display_name="Wren"))
    write(lambda: members_actions.remove(db.session.get(Member, gone.id)))

    assert settings_of(visit(bob), display_name="Wren").status_code == 303
    with app.app_context():
        assert not db.session.execute(select(MemberName).where(MemberName.member_id == gone.id)).all()


# Signing up, and the shell


def test_nobody_joins_under_a_name_like_another_members(write, save, olive):
    save(make_member("wren", display_name="The Owl"))
    for username in ("o1ive", "0live", "theowl", "the.owl", "vvren"):
        with pytest.raises(TakenError, match="too much like"):
            write(
                lambda username=username: members_actions.add_member(
                    username, f"{username}@example.org", PASSWORD
                )
            )


def test_a_sign_up_says_which_rule_and_keeps_the_words(app, visit, write, olive):
    write(lambda: db.session.execute(text("UPDATE club SET sign_up = 'open'")) and None)

    page = visit(None).post(
        "/sign-up", data={"username": "o1ive", "email": "someone@example.org", "password": PASSWORD}
    )

    assert page.status_code == 422
    assert "too much like the name or the username of another member" in page.text
    assert "someone@example.org" in page.text


# Names of before


@pytest.fixture
def older(app, settings, save, olive):
    """Two more members called Olive, whom an older Bookclub let be called so."""
    save(make_member("dana"), make_member("olive2"), make_member("olive3"))
    with app.app_context():
        begin_write()
        db.session.execute(text("DELETE FROM member_name"))
        sharing = Member.username.in_(["olive2", "olive3"])
        db.session.execute(update(Member).where(sharing).values(display_name="Olive", shares_name=False))
        db.session.execute(update(Member).where(Member.username == "dana").values(display_name="olive2"))
        db.session.commit()
    close(create_upgraded_app(settings))


@pytest.mark.databases("sqlite", "postgresql")
def test_names_of_before_stay_and_stand_with_their_username(app, older):
    with app.app_context():
        shown = dict(db.session.execute(select(Member.username, Member.display_name)).all())
        members = db.session.execute(select(Member)).scalars().all()

        assert shown == {
            "olive": "Olive", "olive2": "Olive (olive2)", "olive3": "Olive (olive3)", "dana": "olive2 (dana)",
        }  # fmt: skip
        assert {member.username: member.display_name for member in members} == shown
        assert {member.own_name for member in members} == {"Olive", "olive2"}


def test_pages_tell_two_of_one_name_apart(visit, save, older, app):
    with app.app_context():
        second = db.session.execute(select(Member).where(Member.username == "olive2")).scalar_one()
    book = save(make_book("Salt"))
    save(make_review(second, book, title="Grains"))

    client = visit(second)
    for path in ("/members", "/members/olive2", "/books/salt"):
        assert "Olive (olive2)" in client.get(path).text, path


def test_a_shared_name_stays_until_it_is_changed(app, visit, older):
    with app.app_context():
        second = db.session.execute(select(Member).where(Member.username == "olive2")).scalar_one()
    client, address = visit(second), "olive2@example.org"

    assert 'value="Olive"' in client.get("/settings").text
    assert settings_of(client, display_name="Olive", email=address, about="Still me.").status_code == 303
    assert "Olive (olive2)" in client.get("/members/olive2").text

    assert settings_of(client, display_name="Olivia", email=address).status_code == 303
    page = client.get("/members/olive2").text
    assert "Olivia" in page
    assert "(olive2)" not in page


def test_opening_the_club_again_changes_no_name(app, settings, older):
    def held():
        with app.app_context():
            return sorted(db.session.execute(select(MemberName.key, MemberName.member_id)).all())

    before = held()
    close(create_upgraded_app(settings))

    assert held() == before


# At once


def rename(wait, url: str, username: str) -> str:
    """Call this member Wren, in a process of its own; say whether the name was taken."""
    app = create_app(Settings(data=Path(), database_url=url, secret_key="a secret of these tests"))
    wait()
    with app.app_context():
        begin_write()
        try:
            change_display_name(member_by_username(username, lock=True), "Wren")
            db.session.commit()
        except TakenError:
            return "taken"
    return "renamed"


@pytest.mark.databases("sqlite", "postgresql")
def test_several_processes_that_take_one_name_at_once_do_not_all_get_it(app, settings, save):
    save(make_member("ada"), make_member("ben"), make_member("cleo"))
    ends = run_at_once(rename, *((settings.database_url, name) for name in ("ada", "ben", "cleo")))

    assert sorted(ends) == ["renamed", "taken", "taken"]
    with app.app_context():
        names = db.session.execute(select(Member.display_name)).scalars().all()
        assert names.count("Wren") == 1


@pytest.mark.databases("sqlite", "postgresql")
def test_whoever_is_quicker_by_a_moment_keeps_the_name(app, write, save, bob, alice, monkeypatch):
    monkeypatch.setattr("bookclub.members.queries.is_name_held", lambda *_, **__: False)

    with pytest.raises(TakenError, match="too much like"):
        write(lambda: change_display_name(db.session.get(Member, bob.id), "A1ice"))
    with app.app_context():
        assert db.session.get(Member, bob.id).display_name == "Bob"
    assert utcnow()
