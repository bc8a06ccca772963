"""The club's settings, and invitations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.members.models import Acceptance, Club, Invitation
from tests.cases import each
from tests.factories import PASSWORD, make_book, make_invitation

CLUB = {
    "name": "The Thursday Readers",
    "words": "",
    "sign_up": "invitation",
    "time_zone": "UTC",
    "current_book": "",
    "current_from": "",
    "current_until": "",
}


@pytest.mark.parametrize("path", ["/club/settings", "/club/invitations"])
def test_only_organisers_run_the_club(visit, visitor, public_club, rows, alice, mod, olive, path):
    assert visitor.get(path).status_code == 303
    assert visitor.post(path, data=CLUB).status_code == 401
    for member in (alice, mod):
        assert visit(member).get(path).status_code == 403
        assert visit(member).post(path, data=CLUB).status_code == 403
        assert visit(member).post(path, data={"name": "", "days": "x"}).status_code == 403
    assert visit(olive).get(path).status_code == 200
    assert rows(select(Invitation)) == []


# Settings


def test_an_organiser_sets_up_the_club(visit, rows, save, olive):
    book = save(make_book("Emma"))
    chosen = {
        "name": " The  Thursday Readers ",
        "words": "We meet on *Thursdays*.",
        "is_public": "y",
        "sign_up": "open",
        "time_zone": "Europe/London",
        "current_book": "emma",
        "current_from": "2026-11-01",
        "current_until": "2026-12-06",
    }

    answer = visit(olive).post("/club/settings", data=chosen)

    assert (answer.status_code, answer.location) == (303, "/club/settings")
    (club,) = rows(select(Club))
    assert (club.name, club.is_public, club.sign_up) == ("The Thursday Readers", True, "open")
    assert "<em>Thursdays</em>" in club.words_html
    assert club.time_zone == "Europe/London"
    assert club.current_book_id == book.id
    assert (club.current_from, club.current_until) == (date(2026, 11, 1), date(2026, 12, 6))
    page = visit(olive).get("/club/settings").text
    assert 'value="Emma"' in page
    assert 'value="2026-12-06"' in page


def test_no_book_means_no_dates(visit, rows, write, save, olive):
    book = save(make_book("Emma"))
    client = visit(olive)
    client.post("/club/settings", data={**CLUB, "current_book": book.slug, "current_from": "2026-11-01"})
    assert rows(select(Club.current_from)) == [date(2026, 11, 1)]

    assert client.post("/club/settings", data={**CLUB, "current_from": "2026-11-01"}).status_code == 303

    assert rows(select(Club.current_book_id)) == [None]
    assert rows(select(Club.current_from)) == [None]


def test_of_two_books_with_one_title_the_chosen_one_stays(visit, rows, save, olive):
    save(make_book("Emma"))
    second = save(make_book("Emma", slug="emma-again"))
    client = visit(olive)
    client.post("/club/settings", data={**CLUB, "current_book": second.slug})

    page = client.get("/club/settings").text

    assert f'value="{second.slug}"' in page
    assert rows(select(Club.current_book_id)) == [second.id]


def test_an_unknown_book_is_refused_with_the_near_ones_named(visit, rows, save, olive):
    save(make_book("Never Let Me Go"))

    answer = visit(olive).post("/club/settings", data={**CLUB, "current_book": "Never Let Him Go"})

    assert answer.status_code == 422
    assert "There is no “Never Let Him Go” in the catalogue" in answer.text
    assert "“Never Let Me Go”" in answer.text
    assert 'value="Never Let Him Go"' in answer.text
    assert rows(select(Club.name)) != ["The Thursday Readers"]


def test_a_book_like_no_other_is_to_be_added_first(visit, olive):
    answer = visit(olive).post("/club/settings", data={**CLUB, "current_book": "Ulysses"})

    assert answer.status_code == 422
    assert "Add the book first" in answer.text


@each(
    ("fields", "words"),
    [
        ({"name": " "}, "Type a name for the club"),
        ({"name": "\u200b"}, "can be seen"),
        ({"name": "x" * 81}, "at most 80"),
        ({"words": "x" * 5001}, "at most 5000"),
        ({"sign_up": "anybody"}, "error"),
        ({"time_zone": "Mars/Olympus"}, "error"),
        ({"current_from": "tomorrow"}, "Type a day such as"),
        ({"current_from": "2026-12-06", "current_until": "2026-11-01"}, "before the first"),
        ({"current_until": "0026-12-06"}, "Check the year"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(visit, rows, olive, fields, words):
    answer = visit(olive).post("/club/settings", data={**CLUB, **fields})

    assert answer.status_code == 422
    assert words in answer.text
    assert rows(select(Club.name)) != ["The Thursday Readers"]


def test_a_public_club_is_private_again_when_the_box_is_empty(visit, public_club, rows, olive):
    assert rows(select(Club.is_public)) == [True]

    visit(olive).post("/club/settings", data=CLUB)

    assert rows(select(Club.is_public)) == [False]


# Invitations


def link_on(page):
    return page.partition('value="http://localhost')[2].partition('"')[0]


def test_an_organiser_makes_an_invitation_and_sees_its_link_again_and_again(visit, visitor, rows, olive):
    client = visit(olive)

    answer = client.post("/club/invitations", data={"days": "3", "uses": "2"})

    assert (answer.status_code, answer.location) == (303, "/club/invitations")
    (invitation,) = rows(select(Invitation))
    assert (invitation.max_uses, invitation.uses) == (2, 0)
    assert timedelta(days=2, hours=23) < invitation.expires_at - utcnow() <= timedelta(days=3)
    link = link_on(client.get("/club/invitations").text)
    assert link == link_on(client.get("/club/invitations").text)
    assert invitation.code not in client.get("/club/invitations").text.replace(link, "")
    assert visitor.get(link).status_code == 200
    assert "How to join" not in visitor.get(link).text


def test_an_invitation_has_defaults_that_work(visit, rows, olive):
    assert visit(olive).post("/club/invitations").status_code == 303

    assert rows(select(Invitation.max_uses)) == [10]


@each(
    "fields",
    [
        {"days": "0"},
        {"days": "366"},
        {"days": "x"},
        {"days": ""},
        {"uses": "0"},
        {"uses": "101"},
        {"uses": "9" * 5000},
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused_in_words(visit, rows, olive, fields):
    answer = visit(olive).post("/club/invitations", data={"days": "7", "uses": "5", **fields})

    assert answer.status_code == 422
    assert "Choose between" in answer.text
    assert rows(select(Invitation)) == []


def test_an_organiser_sees_who_joined_by_an_invitation(visit, save, olive, alice):
    invitation = save(make_invitation(olive, uses=1))
    save(Acceptance(member_id=alice.id, invitation_id=invitation.id))

    page = visit(olive).get("/club/invitations").text

    assert "1 of 5 joined" in page
    assert "/members/alice" in page.partition("Joined with it")[2]


def test_an_invitation_is_withdrawn_and_whoever_joined_stays(visit, visitor, save, olive, alice):
    invitation = save(make_invitation(olive, uses=1))
    save(Acceptance(member_id=alice.id, invitation_id=invitation.id))
    client = visit(olive)
    link = link_on(client.get("/club/invitations").text)

    assert client.post(f"/club/invitations/{invitation.id}/revocation").status_code == 303

    data = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
    assert visitor.post(link, data=data).status_code == 403
    page = client.get("/club/invitations").text
    assert "withdrawn" in page
    assert link_on(page) == ""
    assert visit(alice).get("/settings").status_code == 200


def test_only_organisers_withdraw_invitations(visit, visitor, save, rows, olive, alice, mod):
    path = f"/club/invitations/{save(make_invitation(olive)).id}/revocation"

    assert visitor.post(path).status_code == 401
    assert visit(alice).post(path).status_code == 404
    assert visit(mod).post(path).status_code == 404
    assert rows(select(Invitation.revoked_at)) == [None]


@pytest.mark.parametrize("key", ["999", "9" * 30])
def test_an_invitation_that_is_not_there_is_404(visit, olive, key):
    assert visit(olive).post(f"/club/invitations/{key}/revocation").status_code == 404


def test_the_list_of_invitations_goes_on_by_key(visit, save, statements, olive, alice):
    client = visit(olive)
    first = save(make_invitation(olive))
    client.get("/club/invitations")
    with statements() as few:
        client.get("/club/invitations")
    made = save(*(make_invitation(olive) for _ in range(50)))
    with statements() as many:
        page = client.get("/club/invitations").text

    assert len(few) == len(many)
    assert f'id="invitation-{made[-1].id}"' in page
    assert f'id="invitation-{first.id}"' not in page
    assert f"before={made[0].id}" in page
    assert f'id="invitation-{first.id}"' in client.get(f"/club/invitations?before={made[0].id}").text
    assert client.get(f"/club/invitations?before={'9' * 30}").status_code == 200
