"""A member's own settings."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.members import actions as members_actions
from bookclub.members.models import FailedAttempt, Invitation, Member, MemberSession, OneTimeLink
from tests.cases import each
from tests.factories import PASSWORD, make_book, make_invitation, make_member, make_review, make_thread

NEW_PASSWORD = "two lamps and a kettle"
PROFILE = {
    "display_name": "Alice",
    "about": "",
    "email": "alice@example.org",
    "theme": "auto",
    "time_zone": "",
}


def is_signed_in(client):
    return client.get("/settings").status_code == 200


def sign_in(client, name, password):
    return client.post("/sign-in", data={"username": name, "password": password}).status_code


# Profile


def test_settings_are_for_members(visitor):
    assert visitor.get("/settings").location.startswith("/sign-in?next=")
    assert visitor.post("/settings", data=PROFILE).status_code == 401


def test_a_member_changes_their_profile(visit, rows, alice):
    client = visit(alice)
    profile = {
        "display_name": " Alice  Liddell ",
        "about": "I *like* cats.",
        "theme": "dark",
        "time_zone": "Europe/London",
    }

    answer = client.post("/settings", data={**PROFILE, **profile})

    assert (answer.status_code, answer.location) == (303, "/settings")
    (alice,) = rows(select(Member))
    assert (alice.display_name, alice.theme, alice.time_zone) == ("Alice Liddell", "dark", "Europe/London")
    assert "<em>like</em>" in alice.about_html
    page = client.get("/settings").text
    assert 'data-theme="dark"' in page
    assert "I *like* cats." in page


def test_what_is_not_sent_stays_as_it_is(visit, rows, alice):
    assert visit(alice).post("/settings", data={"theme": "light"}).status_code == 303

    (after,) = rows(select(Member))
    assert (after.display_name, after.email, after.theme) == ("Alice", "alice@example.org", "light")


@pytest.mark.parametrize(
    ("size", "said"),
    [("normal", ""), ("large", ' data-text="large"'), ("largest", ' data-text="largest"')],
)
def test_a_member_chooses_how_large_their_text_is(visit, alice, size, said):
    client = visit(alice)

    assert client.post("/settings", data={"text_size": size}).status_code == 303

    assert f'<html lang="en-GB"{said}>' in client.get("/books").text


def test_a_member_takes_the_time_zone_that_a_page_offers(visit, rows, alice):
    client = visit(alice)
    page = client.get("/books?sort=rating").text
    assert 'id="time-zone-offer"' in page
    assert 'name="next" value="/books?sort=rating"' in page
    offered = {"time_zone": "Asia/Tokyo", "next": "/books?sort=rating"}

    for wrong in ({}, {"time_zone": ""}, {"time_zone": "Mars/Olympus"}):
        refused = client.post("/settings/time-zone", data=wrong)
        assert refused.status_code == 422
        assert "Choose your time zone from the list." in refused.text
    assert rows(select(Member.time_zone)) == [None]
    assert client.post("/settings/time-zone", data=offered).location == "/books?sort=rating"
    assert rows(select(Member.time_zone)) == ["Asia/Tokyo"]
    assert "time-zone-offer" not in client.get("/books").text
    elsewhere = {"time_zone": "Asia/Tokyo", "next": "https://example.org/"}
    assert client.post("/settings/time-zone", data=elsewhere).location == "/settings"


def test_an_empty_time_zone_is_the_clubs(visit, rows, save, alice):
    alice.time_zone = "Asia/Tokyo"
    save(alice)

    visit(alice).post("/settings", data=PROFILE)

    assert rows(select(Member.time_zone)) == [None]


@each(
    ("fields", "words"),
    [
        ({"display_name": ""}, "can be seen"),
        ({"display_name": "\u200b"}, "can be seen"),
        ({"display_name": "x" * 61}, "at most 60"),
        ({"about": "x" * 5001}, "at most 5000"),
        ({"theme": "pink"}, "error"),
        ({"text_size": "huge"}, "error"),
        ({"time_zone": "Mars/Olympus"}, "error"),
        ({"email": "nonsense", "current_password": PASSWORD}, "does not look like"),
        ({"email": "", "current_password": PASSWORD}, "Type your e-mail"),
        ({"email": "new@example.org"}, "Type your password"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(visit, rows, alice, fields, words):
    answer = visit(alice).post("/settings", data={**PROFILE, "about": "My own words.", **fields})

    assert answer.status_code == 422
    assert words in answer.text
    if "about" not in fields:
        assert "My own words." in answer.text
    assert rows(select(Member.about)) == [""]


def test_another_address_takes_the_password(visit, rows, alice):
    client, changed = visit(alice), {**PROFILE, "email": "new@example.org"}
    assert (
        client.post("/settings", data={**changed, "current_password": "not the password"}).status_code == 422
    )
    assert rows(select(Member.email)) == ["alice@example.org"]

    assert client.post("/settings", data={**changed, "current_password": PASSWORD}).status_code == 303
    assert sign_in(visit(), "NEW@example.org", PASSWORD) == 303


def test_an_address_in_use_is_refused_without_saying_whose_it_is(visit, rows, alice, bob):
    changed = {**PROFILE, "display_name": "Alicia", "email": "BOB@example.org", "current_password": PASSWORD}

    answer = visit(alice).post("/settings", data=changed)

    assert answer.status_code == 422
    assert "in use here already" in answer.text
    assert "Bob" not in answer.text
    assert set(rows(select(Member.display_name))) == {"Alice", "Bob"}


def test_guessing_the_password_in_the_settings_counts_like_signing_in(visit, rows, alice):
    client = visit(alice)
    wrong = {"current": "not the password", "new": NEW_PASSWORD}
    assert [client.post("/settings/password", data=wrong).status_code for _ in range(10)] == [422] * 10
    assert len(rows(select(FailedAttempt))) == 30
    assert sign_in(visit(), "alice", PASSWORD) == 429

    assert client.post("/settings/password", data={**wrong, "current": PASSWORD}).status_code == 429
    changed = {**PROFILE, "email": "new@example.org", "current_password": PASSWORD}
    assert client.post("/settings", data=changed).status_code == 429
    assert client.post("/settings/departure", data={"password": PASSWORD}).status_code == 429


# Password


def test_a_new_password_ends_every_other_session_and_keeps_this_one(visit, rows, alice, bob):
    here, there, bobs = visit(alice), visit(alice), visit(bob)
    assert is_signed_in(there)

    answer = here.post("/settings/password", data={"current": PASSWORD, "new": NEW_PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/settings")
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert is_signed_in(bobs)
    assert sign_in(visit(), "alice", PASSWORD) == 422
    assert sign_in(visit(), "alice", NEW_PASSWORD) == 303


def test_a_new_password_takes_away_the_links_that_set_another(visit, write, rows, alice):
    write(lambda: members_actions.make_password_link(alice))

    visit(alice).post("/settings/password", data={"current": PASSWORD, "new": NEW_PASSWORD})

    assert rows(select(OneTimeLink)) == []


@each(
    ("fields", "words"),
    [
        ({"current": ""}, "Type your current password"),
        ({"current": "not the password"}, "not your current password"),
        ({"new": ""}, "Choose a new password"),
        ({"new": "short"}, "at least 10"),
        ({"new": "password123"}, "guessed first"),
        ({"new": "alice@example.org"}, "too much like"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(visit, rows, alice, fields, words):
    before = rows(select(Member.password_hash))

    answer = visit(alice).post(
        "/settings/password", data={"current": PASSWORD, "new": NEW_PASSWORD, **fields}
    )

    assert answer.status_code == 422
    assert words in answer.text
    assert rows(select(Member.password_hash)) == before


# Leaving


def test_a_member_leaves_and_nothing_says_any_more_who_it_was(visit, rows, save, alice, olive):
    alice.about, alice.time_zone = "I like cats.", "Asia/Tokyo"
    save(alice)
    here, there = visit(alice), visit(alice)

    answer = here.post("/settings/departure", data={"password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/")
    assert not is_signed_in(here)
    assert not is_signed_in(there)
    (former,) = rows(select(Member).where(Member.id == alice.id))
    assert former.removed_at
    assert (former.display_name, former.username) == ("a former member", f"former-{alice.id}")
    assert (former.email, former.email_key, former.password_hash, former.time_zone) == (None,) * 4
    assert former.about == former.about_html == ""
    assert sign_in(visit(), "alice", PASSWORD) == 422
    assert visit(olive).get("/members/alice").status_code == 404
    assert visit(olive).get(f"/members/former-{alice.id}").status_code == 404


def test_the_name_of_a_former_member_is_free_again(visit, open_club, alice):
    visit(alice).post("/settings/departure", data={"password": PASSWORD})

    data = {"username": "alice", "email": "alice@example.org", "password": NEW_PASSWORD}
    assert visit().post("/sign-up", data=data).status_code == 303


@pytest.mark.parametrize("password", ["", "not the password"])
def test_leaving_takes_the_password(visit, rows, alice, password):
    client = visit(alice)

    assert client.post("/settings/departure", data={"password": password}).status_code == 422
    assert rows(select(Member.removed_at)) == [None]
    assert is_signed_in(client)


def test_the_last_organiser_cannot_leave(visit, rows, olive, alice):
    answer = visit(olive).post("/settings/departure", data={"password": PASSWORD})

    assert answer.status_code == 422
    assert "needs an organiser" in answer.text
    assert rows(select(Member.removed_at)) == [None, None]


def test_an_organiser_leaves_where_there_is_another_and_their_invitations_with_them(visit, save, rows, olive):
    save(make_member("oscar", role="organiser"))
    save(make_invitation(olive))

    assert visit(olive).post("/settings/departure", data={"password": PASSWORD}).status_code == 303

    assert all(rows(select(Invitation.revoked_at)))


def test_a_suspended_organiser_does_not_count(visit, save, olive, write):
    other = save(make_member("oscar", role="organiser"))
    other.suspended_at = other.joined_at
    save(other)

    assert visit(olive).post("/settings/departure", data={"password": PASSWORD}).status_code == 422


def test_others_sessions_outlive_somebody_who_leaves(visit, rows, alice, bob):
    bobs = visit(bob)

    visit(alice).post("/settings/departure", data={"password": PASSWORD})

    assert is_signed_in(bobs)
    assert [session.member_id for session in rows(select(MemberSession))] == [bob.id]


# Spoilers that they do not mind


def test_a_member_sees_where_they_do_not_mind_spoilers_and_takes_that_back(visit, save, alice, bob):
    book, other = save(make_book("Emma")), save(make_book("Persuasion"))
    thread = save(make_thread(bob, other, "The letter"))
    review = save(make_review(bob, other))
    client = visit(alice)
    assert "are hidden everywhere" in client.get("/settings").text
    wishes = [f"/books/{book.slug}/reveal", *(f"/threads/{row.id}/reveal" for row in (thread, review.thread))]
    for wish in wishes:
        assert client.post(wish).status_code == 303

    page = client.get("/settings").text

    assert 'href="/books/emma"><em>Emma</em></a>' in page
    assert f'href="/threads/{thread.id}">The letter</a> on <em>Persuasion</em>' in page
    assert f'href="/threads/{review.thread.id}">Bob’s review</a> on <em>Persuasion</em>' in page
    for wish in wishes:
        assert f'action="{wish}/deletion"' in page
        answer = client.post(f"{wish}/deletion", headers={"Referer": "http://localhost/settings"})
        assert (answer.status_code, answer.location) == (303, "/settings")
    assert "are hidden everywhere" in client.get("/settings").text
    assert "are hidden everywhere" in visit(bob).get("/settings").text
