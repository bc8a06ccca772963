"""Joining the club: by invitation, openly, and as its first organiser."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.members import actions as members_actions
from bookclub.members import queries as members_queries
from bookclub.members.models import Acceptance, Invitation, Member, MemberSession, OneTimeLink
from bookclub.members.queries import hash_token
from tests.cases import each
from tests.factories import PASSWORD, make_invitation, make_member

ADA = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}


def link_to(app, invitation):
    with app.app_context():
        return f"/sign-up?invite={members_actions.sign_code(invitation.code)}"


def is_signed_in(client):
    return client.get("/settings").status_code == 200


# By invitation


def test_whoever_has_an_invitation_joins_and_is_signed_in(app, visitor, save, rows, olive):
    invitation = save(make_invitation(olive))
    link = link_to(app, invitation)
    page = visitor.get(link)
    assert page.status_code == 200
    assert 'autocomplete="new-password"' in page.text

    answer = visitor.post(link, data=ADA)

    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(visitor)
    (ada,) = rows(select(Member).where(Member.username == "ada"))
    assert (ada.display_name, ada.email, ada.role) == ("ada", "ada@example.org", "member")
    assert ada.password_hash.startswith("$argon2id$")
    assert [(row.member_id, row.invitation_id) for row in rows(select(Acceptance))] == [
        (ada.id, invitation.id)
    ]
    assert [row.uses for row in rows(select(Invitation))] == [1]


def test_the_form_carries_the_invitation_by_itself(app, visitor, save, olive):
    form = visitor.get(link_to(app, save(make_invitation(olive)))).form("username")

    assert form.fields["invite"]
    assert visitor.post(form.action, data={**form.fields, **ADA}).status_code == 303


def test_the_database_alone_opens_no_door(visitor, save, olive):
    invitation = save(make_invitation(olive))

    for token in (invitation.code, f"{invitation.code}.", f'"{invitation.code}".AAAA', "\0", "é" * 500):
        assert "How to join" in visitor.get("/sign-up", query_string={"invite": token}).text
        assert visitor.post("/sign-up", query_string={"invite": token}, data=ADA).status_code == 403


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"uses": 5}, "used up"),
        ({"expires_at": utcnow() - timedelta(seconds=1)}, "has expired"),
        ({"revoked_at": utcnow()}, "withdrawn"),
    ],
)
def test_an_invitation_that_is_over_says_so(app, visitor, save, rows, olive, columns, words):
    link = link_to(app, save(make_invitation(olive, **columns)))

    assert words in visitor.get(link).text
    answer = visitor.post(link, data=ADA)

    assert answer.status_code == 403
    assert words in answer.text
    assert len(rows(select(Member))) == 1


def test_an_invitation_lets_in_as_many_as_it_says(app, visit, save, olive):
    link = link_to(app, save(make_invitation(olive, max_uses=2)))

    answers = [
        visit().post(link, data={**ADA, "username": name, "email": f"{name}@example.org"}).status_code
        for name in ("ada", "ben", "cem")
    ]

    assert answers == [303, 303, 403]


@pytest.mark.databases("sqlite", "postgresql")
def test_an_invitation_lets_in_no_more_when_all_come_at_once(app, visit, save, rows, olive):
    link = link_to(app, save(make_invitation(olive, max_uses=2)))
    together = Barrier(6)

    def join(name):
        client = visit()
        together.wait()
        return client.post(link, data={**ADA, "username": name, "email": f"{name}@example.org"}).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(join, ["ada", "ben", "cem", "dee", "eve", "fay"]))

    assert answers == [303, 303, 403, 403, 403, 403]
    assert [row.uses for row in rows(select(Invitation))] == [2]
    assert len(rows(select(Member))) == 3


def test_a_failed_attempt_uses_nothing_up(app, visitor, save, rows, olive):
    link = link_to(app, save(make_invitation(olive)))

    assert visitor.post(link, data={**ADA, "password": "short"}).status_code == 422
    assert visitor.post(link, data={**ADA, "username": "Olive"}).status_code == 422

    assert [row.uses for row in rows(select(Invitation))] == [0]


# Without one


def test_a_club_by_invitation_says_how_one_joins(visitor, olive):
    page = visitor.get("/sign-up")

    assert page.status_code == 200
    assert "need an invitation" in page.text
    assert "<form" not in page.text.partition("<main")[2]
    assert visitor.post("/sign-up", data=ADA).status_code == 403


def test_everybody_may_join_an_open_club(visitor, open_club, olive):
    assert visitor.post("/sign-up", data=ADA).status_code == 303
    assert is_signed_in(visitor)


def test_a_dead_invitation_does_not_shut_an_open_club(visitor, open_club, olive):
    assert visitor.post("/sign-up?invite=nonsense", data=ADA).status_code == 303


@each(
    ("fields", "words"),
    [
        ({"username": ""}, "Choose a username"),
        ({"username": "x"}, "2 to 30 letters"),
        ({"username": "a da"}, "2 to 30 letters"),
        ({"username": "Organiser"}, "Nobody can have"),
        ({"email": ""}, "Type your e-mail"),
        ({"email": "ada"}, "does not look like"),
        ({"password": ""}, "Choose a password"),
        ({"password": "short"}, "at least 10"),
        ({"password": "password123"}, "guessed first"),
        ({"password": "Our book club"}, "too much like"),
        ({"password": "ada@example.org"}, "too much like"),
        ({"password": "tea" + "\0" * 9 + "x" * 2000}, "at most 1,000"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(visitor, open_club, fields, words):
    answer = visitor.post("/sign-up", data={**ADA, **fields})

    assert answer.status_code == 422
    assert words in answer.text
    assert PASSWORD not in answer.text
    if "email" not in fields:
        assert 'value="ada@example.org"' in answer.text


def test_white_space_around_names_is_dropped_and_kept_in_passwords(visitor, visit, open_club):
    data = {"username": "  ada ", "email": "\tada@example.org\n", "password": f" {PASSWORD} "}
    assert visitor.post("/sign-up", data=data).status_code == 303

    assert visit().post("/sign-in", data={**ADA}).status_code == 422
    assert visit().post("/sign-in", data={**ADA, "password": f" {PASSWORD} "}).status_code == 303


def test_a_password_may_be_in_every_script_and_typed_in_either_form(visit, open_club):
    composed, decomposed = "caf\u00e9 au lait \U0001f422", "cafe\u0301 au lait \U0001f422"
    visit().post("/sign-up", data={**ADA, "password": composed})

    assert visit().post("/sign-in", data={**ADA, "password": decomposed}).status_code == 303


@pytest.mark.databases("sqlite", "postgresql")
@each(
    ("fields", "words"),
    [
        ({"username": "ALICE"}, "Somebody has this username already"),
        ({"email": "Alice@EXAMPLE.org"}, "in use here already"),
    ],
)
def test_names_and_addresses_are_unique_whatever_their_case(visitor, open_club, alice, fields, words):
    answer = visitor.post("/sign-up", data={**ADA, **fields})

    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.databases("sqlite", "postgresql")
def test_two_who_choose_one_name_at_the_same_moment_are_both_answered_in_words(visit, open_club, rows):
    together = Barrier(4)

    def join(number):
        client = visit()
        together.wait()
        return client.post("/sign-up", data={**ADA, "email": f"ada{number}@example.org"})

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(join, range(4)), key=lambda answer: answer.status_code)

    assert [answer.status_code for answer in answers] == [303, 422, 422, 422]
    assert all("Somebody has this username already" in answer.text for answer in answers[1:])
    assert len(rows(select(Member))) == 1


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("blind_to", ["is_username_taken", "is_email_taken"])
def test_the_database_itself_refuses_a_second_of_the_same_name(
    visitor, monkeypatch, open_club, alice, blind_to
):
    """What a race looks like: the name was free when it was looked up, and is taken when it is written."""
    look = getattr(members_queries, blind_to)
    first_answers = iter([False])
    monkeypatch.setattr(members_queries, blind_to, lambda text, *rest: next(first_answers, look(text, *rest)))
    is_name = blind_to == "is_username_taken"
    fields = {"username": "alice"} if is_name else {"email": "alice@example.org"}

    answer = visitor.post("/sign-up", data={**ADA, **fields})

    assert answer.status_code == 422
    said = "Somebody has this username already." if is_name else "This e-mail address is in use here already."
    assert said in answer.text


def test_a_member_who_opens_the_page_is_led_home(visit, alice):
    assert visit(alice).get("/sign-up").location == "/"


# The first organiser


def test_the_first_organiser_sets_up_the_club_by_a_link_that_works_once(visit, write, rows):
    link = write(members_actions.make_setup_link)
    assert "Set up the club" in visit().get(link).text

    first = visit()
    assert first.post(link, data={**ADA, "username": "admin"}).status_code == 303

    assert is_signed_in(first)
    assert [(member.username, member.role) for member in rows(select(Member))] == [("admin", "organiser")]
    assert rows(select(OneTimeLink)) == []
    assert visit().post(link, data={**ADA, "username": "bob", "email": "bob@example.org"}).status_code == 403
    assert "has been used" in visit().get(link).text


def test_only_the_hash_of_the_setup_link_is_kept(write, rows):
    token = write(members_actions.make_setup_link).partition("setup=")[2]

    assert [link.token_hash for link in rows(select(OneTimeLink))] == [hash_token(token)]
    assert len(token) >= 43


def test_a_new_setup_link_replaces_the_one_before(visitor, write):
    earlier, later = write(members_actions.make_setup_link), write(members_actions.make_setup_link)

    assert visitor.post(earlier, data=ADA).status_code == 403
    assert visitor.post(later, data=ADA).status_code == 303


def test_a_setup_link_runs_out(visitor, write, save, rows):
    link = write(members_actions.make_setup_link)
    (row,) = rows(select(OneTimeLink))
    row.expires_at = utcnow()
    save(row)

    assert visitor.post(link, data=ADA).status_code == 403


@pytest.mark.databases("sqlite", "postgresql")
def test_two_who_open_the_setup_link_at_once_do_not_both_become_organiser(visit, write, rows):
    link = write(members_actions.make_setup_link)
    together = Barrier(3)

    def join(name):
        client = visit()
        together.wait()
        return client.post(link, data={**ADA, "username": name, "email": f"{name}@example.org"}).status_code

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(join, ["ada", "ben", "cem"]))

    assert answers == [303, 403, 403]
    assert len(rows(select(Member))) == 1


def test_a_club_with_an_organiser_makes_no_setup_link_and_honours_none(visitor, write, save):
    link = write(members_actions.make_setup_link)
    save(make_member("olive", role="organiser"))

    assert write(members_actions.make_setup_link) is None
    assert visitor.post(link, data=ADA).status_code == 403


# From the command line


def test_a_member_is_added_from_the_command_line(visitor, write, rows):
    write(lambda: members_actions.add_member(" Olive ", "olive@example.org", PASSWORD, "organiser"))

    (olive,) = rows(select(Member))
    assert (olive.username, olive.role) == ("Olive", "organiser")
    assert visitor.post("/sign-in", data={"username": "olive", "password": PASSWORD}).status_code == 303


@each(
    ("given", "words"),
    [
        (("x", "x@example.org", PASSWORD, "member"), "2 to 30 letters"),
        (("ada", "nonsense", PASSWORD, "member"), "e-mail address"),
        (("ada", "ada@example.org", "short", "member"), "at least 10"),
        (("ada", "ada@example.org", PASSWORD, "king"), "not a role"),
        (("alice", "ada@example.org", PASSWORD, "member"), "this username already"),
        (("ada", "alice@example.org", PASSWORD, "member"), "in use here"),
    ],
)
def test_the_command_line_refuses_in_words(write, alice, given, words):
    with pytest.raises(ValueError, match=words):
        write(lambda: members_actions.add_member(*given))


def test_a_member_added_without_a_password_sets_it_by_a_link(visitor, write):
    link = write(
        lambda: members_actions.make_password_link(members_actions.add_member("ada", "ada@example.org", None))
    )

    assert visitor.post(link, data={"password": PASSWORD}).status_code == 303
    assert visitor.post("/sign-in", data=ADA).status_code == 303


def test_nobody_is_signed_in_by_a_sign_up_that_failed(visitor, open_club, rows, alice):
    visitor.post("/sign-up", data={**ADA, "username": "alice"})

    assert rows(select(MemberSession)) == []
    assert not is_signed_in(visitor)
