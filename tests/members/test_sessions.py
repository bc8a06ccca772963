"""Signing in and out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.members import rules as members_rules
from bookclub.members import sign_in as members_sign_in
from bookclub.members.models import FailedAttempt, Member, MemberSession
from bookclub.members.queries import hash_token
from tests.cases import each
from tests.factories import PASSWORD, hashed, make_member


def sign_in(client, username="alice", password=PASSWORD, **fields):
    return client.post("/sign-in", data={"username": username, "password": password, **fields})


def is_signed_in(client):
    return client.get("/settings").status_code == 200


def without_token(page):
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


@pytest.mark.parametrize("name", ["alice", "ALICE", " alice ", "alice@example.org", "Alice@Example.ORG"])
def test_a_member_signs_in_with_username_or_address(visitor, alice, name):
    assert not is_signed_in(visitor)

    answer = sign_in(visitor, name)

    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(visitor)


def test_the_form_has_the_labels_that_people_go_by(visitor):
    page = visitor.get("/sign-in").text

    for words in ("Username or e-mail", "Password", "Sign in</button>"):
        assert words in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_only_the_hash_of_a_sessions_token_is_kept(visitor, rows, alice):
    sign_in(visitor)

    with visitor.session_transaction() as session:
        token = session["_user_id"]
    (kept,) = rows(select(MemberSession))
    assert kept.token_hash == hash_token(token)
    assert token not in kept.token_hash
    assert len(token) >= 43


def test_unknown_and_known_names_get_the_same_answer(visit, alice):

    known, unknown = (
        sign_in(visit(), "alice", "not the password"),
        sign_in(visit(), "alicf", "not the password"),
    )

    assert known.status_code == unknown.status_code == 422
    assert without_token(known.text.replace("alice", "…")) == without_token(
        unknown.text.replace("alicf", "…")
    )
    assert "do not match" in known.text


def test_a_password_is_compared_for_an_unknown_name_too(visitor, monkeypatch, alice):
    compared = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: compared.append(given[1]) or verify(*given))

    sign_in(visitor, "alice", "not the password")
    sign_in(visitor, "nobody at all", "not the password")

    assert len(compared) == 2
    parameters = {hashed.rpartition("$")[0].rpartition("$")[0] for hashed in compared}
    assert len(parameters) == 1


def test_a_member_without_a_password_cannot_sign_in(visitor, save, alice):
    alice.password_hash = None
    save(alice)

    assert sign_in(visitor, "alice", PASSWORD).status_code == 422


def test_a_wrong_password_keeps_the_name_and_not_the_password(visitor, alice):

    page = sign_in(visitor, "alice", "not the password").text

    assert 'value="alice"' in page
    assert "not the password" not in page


@pytest.mark.parametrize(
    "fields", [{"username": ""}, {"password": ""}, {"username": "a\0b"}, {"username": "x" * 300}]
)
def test_a_form_that_makes_no_sense_is_answered_in_words(visitor, fields):
    assert sign_in(visitor, **{"username": "alice", **fields}).status_code == 422


def test_the_eleventh_attempt_at_an_account_must_wait(visitor, rows, alice):
    assert [sign_in(visitor, password="wrong wrong").status_code for _ in range(10)] == [422] * 10

    answer = sign_in(visitor)

    assert answer.status_code == 429
    assert "quarter of an hour" in answer.text
    assert 'value="alice"' in answer.text
    assert not is_signed_in(visitor)
    assert len(rows(select(FailedAttempt))) == 20


def test_an_unknown_name_must_wait_alike(visitor):
    answers = [sign_in(visitor, "nobody", "wrong wrong").status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_waiting_is_over_after_a_quarter_of_an_hour_and_old_failures_are_swept_away(
    visitor, rows, save, alice
):
    long_ago = utcnow() - timedelta(minutes=15, seconds=1)
    subject = members_rules.account_subject(alice.id)
    save(*(FailedAttempt(subject=subject, failed_at=long_ago) for _ in range(10)))

    assert sign_in(visitor, password="wrong wrong").status_code == 422
    assert len(rows(select(FailedAttempt))) == 2
    assert sign_in(visitor).status_code == 303


def test_success_forgets_the_failures_of_the_account_but_not_of_the_address(visitor, rows, alice):
    sign_in(visitor, password="wrong wrong")

    sign_in(visitor)

    assert [attempt.subject for attempt in rows(select(FailedAttempt))] == ["address 127.0.0.1"]


def test_fifty_failures_from_an_address_shut_it_out_for_every_account(visitor, save, bob):
    save(*(FailedAttempt(subject="address 127.0.0.1") for _ in range(49)))
    assert sign_in(visitor, "somebody", "wrong wrong").status_code == 422

    assert sign_in(visitor, "bob").status_code == 429


def test_a_whole_club_signs_in_from_one_living_room(visit, save):
    members = save(*(make_member() for _ in range(60)))

    assert {sign_in(visit(), member.username).status_code for member in members} == {303}


@pytest.mark.databases("sqlite", "postgresql")
def test_guesses_that_were_compared_at_once_are_counted_one_by_one(app, write, alice):
    with app.app_context():
        attempts = [members_sign_in.try_password("alice", "wrong wrong", "192.0.2.1") for _ in range(11)]
        right = members_sign_in.try_password("alice", PASSWORD, "192.0.2.2")
    assert not any(attempt.must_wait for attempt in [*attempts, right])

    verdicts = [
        write(lambda attempt=attempt: members_sign_in.settle_attempt(attempt)[0]) for attempt in attempts
    ]

    assert verdicts == [members_sign_in.Verdict.WRONG] * 10 + [members_sign_in.Verdict.MUST_WAIT]
    assert write(lambda: members_sign_in.settle_attempt(right)) == (members_sign_in.Verdict.MUST_WAIT, None)


def test_a_password_that_changed_while_it_was_compared_is_wrong(app, save, write, alice):
    with app.app_context():
        attempt = members_sign_in.try_password("alice", PASSWORD, None)
    alice.password_hash = hashed("another one entirely")
    save(alice)

    assert write(lambda: members_sign_in.settle_attempt(attempt)) == (members_sign_in.Verdict.WRONG, None)


def test_a_suspended_member_learns_so_only_by_the_right_password(visitor, save, alice):
    alice.suspended_at = utcnow()
    save(alice)

    assert "suspended" not in sign_in(visitor, password="wrong wrong").text
    answer = sign_in(visitor)

    assert answer.status_code == 422
    assert "suspended" in answer.text
    assert not is_signed_in(visitor)


def test_a_hash_made_with_other_parameters_is_made_anew(visitor, save, rows, alice):
    alice.password_hash = old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    save(alice)

    assert sign_in(visitor).status_code == 303

    (new,) = rows(select(Member.password_hash))
    assert new != old
    assert new.startswith("$argon2id$")
    assert sign_in(visitor).status_code == 303


@each(
    ("wish", "way"),
    [
        ("/settings", "/settings"),
        ("/books?q=emma", "/books?q=emma"),
        ("http://localhost/settings", "/settings"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\nevil", "/"),
    ],
)
def test_signing_in_leads_on_only_within_the_site(visitor, alice, wish, way):

    assert sign_in(visitor, next=wish).location == way


def test_the_wish_survives_a_wrong_password(visitor, alice):

    assert 'name="next" value="/settings"' in visitor.get("/sign-in?next=/settings").text
    assert 'name="next" value="/settings"' in sign_in(visitor, password="wrong wrong", next="/settings").text
    assert "evil" not in visitor.get("/sign-in?next=//evil.example/").text


def test_staying_signed_in_survives_the_browser_being_closed(visit, alice):
    staying, passing = visit(), visit()
    sign_in(staying, remember="y")
    sign_in(passing)

    for client in (staying, passing):
        client.delete_cookie("bookclub_session")

    assert is_signed_in(staying)
    assert not is_signed_in(passing)


def test_signing_out_ends_the_session_on_the_server(visitor, rows, alice):
    sign_in(visitor, remember="y")
    kept = visitor.get_cookie("bookclub_remember").value

    answer = visitor.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/")
    assert rows(select(MemberSession)) == []
    visitor.set_cookie("bookclub_remember", kept)
    assert not is_signed_in(visitor)


def test_signing_out_takes_a_post(visit, alice):
    client = visit(alice)

    assert client.get("/sign-out").status_code == 405
    assert is_signed_in(client)


def test_signing_in_anew_ends_the_earlier_session_of_the_browser(visit, rows, alice, bob):
    client = visit(alice)

    sign_in(client, "bob")

    assert [session.member_id for session in rows(select(MemberSession))] == [bob.id]


def test_somebody_who_is_signed_in_is_led_on(visit, alice):
    assert visit(alice).get("/sign-in?next=/settings").location == "/settings"


def test_a_session_unused_for_a_year_is_over_and_swept_a_year_later(visit, save, rows, alice):
    client = visit(alice)
    (session,) = rows(select(MemberSession))
    session.used_at = utcnow() - timedelta(days=365, minutes=1)
    save(session)
    assert not is_signed_in(client)

    sign_in(visit())
    assert len(rows(select(MemberSession))) == 2
    session.used_at = utcnow() - timedelta(days=730, minutes=1)
    save(session)
    sign_in(visit())

    assert session.id not in [row.id for row in rows(select(MemberSession))]


def test_a_form_without_its_token_signs_nobody_in(strict_visit, alice):

    assert sign_in(strict_visit()).status_code == 400
