"""The members, their profiles, and what organisers may do about them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from bookclub.members.models import Invitation, Member, MemberSession
from tests.cases import each
from tests.factories import PASSWORD, make_book, make_invitation, make_member, make_reading, make_review

POWERS = {
    "role": {"role": "moderator"},
    "suspension": {},
    "suspension/deletion": {},
    "removal": {},
    "password-link": {},
}


def sign_in(client, name, password=PASSWORD):
    return client.post("/sign-in", data={"username": name, "password": password})


def is_signed_in(client):
    return client.get("/settings").status_code == 200


# Seeing


def test_members_see_the_members_with_their_roles(visit, alice, mod, olive):
    page = visit(alice).get("/members").text

    for name in ("Alice", "Mo", "Olive", "moderator", "organiser"):
        assert name in page
    assert "alice@example.org" not in page


def test_visitors_never_see_members_even_of_a_public_club(visitor, public_club, alice):
    for path in ("/members", "/members/alice", "/members/nobody"):
        assert visitor.get(path).location.startswith("/sign-in?next=")


def test_who_is_suspended_only_organisers_see(visit, save, alice, bob, olive):
    alice.suspended_at = alice.joined_at
    save(alice)

    for path in ("/members", "/members/alice"):
        assert "suspended" not in visit(bob).get(path).text
        assert "suspended" in visit(olive).get(path).text


def test_the_list_goes_on_by_key(visit, save, alice):
    save(*(make_member(f"reader{number:03}") for number in range(120)))
    client = visit(alice)

    first = client.get("/members").text
    assert "reader098" in first
    assert "reader099" not in first
    assert "/members?after=reader098" in first
    second = client.get("/members?after=reader098").text
    assert "reader099" in second
    assert "More members" not in second
    assert client.get("/members?after=%00").status_code == 200


def test_the_list_asks_the_database_as_often_for_many_as_for_few(visit, save, statements, alice):
    client = visit(alice)
    client.get("/members")
    with statements() as few:
        client.get("/members")
    save(*(make_member() for _ in range(90)))
    with statements() as many:
        client.get("/members")

    assert len(few) == len(many)


def test_a_profile_shows_words_reviews_and_reading(visit, save, alice, bob):
    alice.about_html = "<p>I like <em>cats</em>.</p>"
    save(alice)
    book = save(make_book("Emma"))
    save(make_reading(alice, book, position=3800))
    save(make_review(alice, book, title="Handsome, clever and rich"))

    page = visit(bob).get("/members/ALICE").text

    for words in ("I like <em>cats</em>", "Handsome, clever and rich", "Emma", "joined"):
        assert words in page
    assert "alice@example.org" not in page


def test_a_profile_asks_the_database_as_often_for_many_books_as_for_few(visit, save, statements, alice, bob):
    def read_and_review(count):
        for book in [save(make_book()) for _ in range(count)]:
            save(make_reading(alice, book, position=3800))
            save(make_review(alice, book))

    client = visit(bob)
    read_and_review(1)
    client.get("/members/alice")
    with statements() as few:
        client.get("/members/alice")
    read_and_review(12)
    with statements() as many:
        client.get("/members/alice")

    assert len(few) == len(many)


def test_a_review_ahead_of_the_reader_stays_locked_on_a_profile(visit, save, alice, bob):
    book = save(make_book())
    save(make_review(alice, book, "The zyzzyva dies.", horizon=9000))

    assert "zyzzyva" not in visit(bob).get("/members/alice").text


@each("username", ["nobody", "%00", "é", "a" * 200, "..", "a%2Fb"])
def test_a_profile_that_is_not_there_is_404(visit, alice, username):
    assert visit(alice).get(f"/members/{username}").status_code == 404


@pytest.mark.parametrize("after", ["9" * 30, "-1", "x", "%00"])
def test_a_key_that_makes_no_sense_is_left_aside(visit, alice, after):
    assert visit(alice).get(f"/members/alice?after={after}").status_code == 200


# Organisers


@pytest.mark.parametrize("power", POWERS)
def test_only_an_organiser_has_powers_over_others(visit, visitor, rows, alice, bob, mod, power):
    path, data = f"/members/alice/{power}", POWERS[power]

    assert visitor.post(path, data=data).status_code == 401
    assert visit(alice).post(path, data=data).status_code == 403
    assert visit(bob).post(path, data=data).status_code == 403
    assert visit(mod).post(path, data=data).status_code == 403
    assert rows(select(Member.role).where(Member.id == alice.id)) == ["member"]
    assert rows(select(Member.suspended_at).where(Member.id == alice.id)) == [None]
    assert rows(select(Member.removed_at).where(Member.id == alice.id)) == [None]


@pytest.mark.parametrize("power", POWERS)
def test_an_organiser_has_no_such_power_over_themselves(visit, rows, save, olive, power):
    save(make_member("oscar", role="organiser"))

    assert visit(olive).post(f"/members/olive/{power}", data=POWERS[power]).status_code == 403
    assert set(rows(select(Member.role))) == {"organiser"}


@pytest.mark.parametrize("power", POWERS)
def test_powers_over_nobody_are_404(visit, olive, power):
    assert visit(olive).post(f"/members/nobody/{power}", data=POWERS[power]).status_code == 404


def test_controls_show_to_organisers_on_others_pages_only(visit, alice, bob, olive):
    assert "As an organiser" in visit(olive).get("/members/alice").text
    assert "As an organiser" not in visit(olive).get("/members/olive").text
    assert "As an organiser" not in visit(bob).get("/members/alice").text


def test_an_organiser_changes_roles(visit, rows, alice, olive):
    answer = visit(olive).post("/members/alice/role", data={"role": "organiser"})

    assert (answer.status_code, answer.location) == (303, "/members/alice")
    assert rows(select(Member.role)) == ["organiser", "organiser"]
    assert visit(alice).get("/club/settings").status_code == 200


@pytest.mark.parametrize("role", ["", "king", "\0"])
def test_a_role_that_is_none_is_refused(visit, rows, alice, olive, role):
    assert visit(olive).post("/members/alice/role", data={"role": role}).status_code == 422
    assert rows(select(Member.role).where(Member.id == alice.id)) == ["member"]


def test_whoever_is_an_organiser_no_longer_invites_nobody_any_more(visit, save, rows, olive):
    oscar = save(make_member("oscar", role="organiser"))
    save(make_invitation(oscar))

    visit(olive).post("/members/oscar/role", data={"role": "member"})

    assert all(rows(select(Invitation.revoked_at)))


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("act", ["suspension", "removal"])
def test_sessions_and_invitations_die_at_once_with_suspension_and_removal(visit, save, rows, olive, act):
    oscar = save(make_member("oscar", role="organiser"))
    save(make_invitation(oscar))
    oscars = visit(oscar)
    sign_in(staying := visit(), "oscar")
    assert is_signed_in(oscars)

    assert visit(olive).post(f"/members/oscar/{act}").status_code == 303

    assert not is_signed_in(oscars)
    assert not is_signed_in(staying)
    assert rows(select(MemberSession).where(MemberSession.member_id == oscar.id)) == []
    assert all(rows(select(Invitation.revoked_at)))
    assert sign_in(visit(), "oscar").status_code == 422


def test_a_session_of_somebody_suspended_is_worth_nothing_even_if_it_were_kept(visit, save, alice):
    client = visit(alice)
    assert is_signed_in(client)

    alice.suspended_at = alice.joined_at
    save(alice)

    assert not is_signed_in(client)


def test_a_suspension_is_lifted_and_what_died_with_it_stays_dead(visit, save, rows, alice, olive):
    save(make_invitation(alice))
    before = visit(alice)
    organisers = visit(olive)
    organisers.post("/members/alice/suspension")
    assert "Lift the suspension" in organisers.get("/members/alice").text

    assert organisers.post("/members/alice/suspension/deletion").status_code == 303

    assert sign_in(visit(), "alice").status_code == 303
    assert not is_signed_in(before)
    assert all(rows(select(Invitation.revoked_at)))


def test_a_removed_members_words_stay_under_a_former_member(visit, save, alice, bob, olive):
    review = save(make_review(alice, save(make_book()), title="Handsome, clever and rich"))

    answer = visit(olive).post("/members/alice/removal")

    assert answer.location == "/members"
    page = visit(bob).get(f"/reviews/{review.id}").text
    assert "Handsome, clever and rich" in page
    assert "a former member" in page
    assert "Alice" not in page
    assert "Alice" not in visit(bob).get("/members").text


@pytest.mark.databases("sqlite", "postgresql")
def test_two_organisers_who_demote_each_other_at_once_leave_one(visit, save, rows, olive):
    oscar = save(make_member("oscar", role="organiser"))
    clients = {"oscar": visit(olive), "olive": visit(oscar)}
    together = Barrier(2)

    def demote(name):
        together.wait()
        return clients[name].post(f"/members/{name}/role", data={"role": "member"}).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(demote, clients))

    assert answers == [303, 403]
    assert sorted(rows(select(Member.role))) == ["member", "organiser"]


@pytest.mark.databases("sqlite", "postgresql")
def test_two_organisers_who_leave_at_once_leave_one(visit, save, rows, olive):
    oscar = save(make_member("oscar", role="organiser"))
    clients = [visit(olive), visit(oscar)]
    together = Barrier(2)

    def leave(client):
        together.wait()
        return client.post("/settings/departure", data={"password": PASSWORD}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, clients)) == [303, 422]
    assert len(rows(select(Member).where(Member.removed_at.is_(None)))) == 1
