"""The club's picture: beside its name on the first page, and hidden from visitors of a private club."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from tests.factories import make_picture
from tests.pictures.samples import packed, picture, upload

EMBLEM = '<img class="emblem" src="/pictures/{}/80.webp"'


@pytest.fixture
def give(visit):
    """``give(olive)`` uploads a picture for the club; returns the answer."""
    return lambda member, width=600: visit(member).post(
        "/club/picture", data={"picture": upload(packed(picture(width, 400)), "club.jpg")}
    )


@pytest.mark.databases("sqlite", "postgresql")
def test_an_organiser_gives_the_club_a_picture(give, visit, olive, bob, pictures, status):
    answer = give(olive)

    (kept,) = pictures()
    assert (answer.status_code, answer.location) == (303, "/club/settings")
    assert (kept.of_club, kept.member_id) == (True, olive.id)
    assert EMBLEM.format(kept.id) in visit(bob).get("/").text
    assert EMBLEM.format(kept.id) in visit(olive).get("/club/settings").text
    assert status(bob, kept.id, 80) == 200


def test_visitors_of_a_public_club_see_it(give, visit, olive, public, pictures):
    give(olive)
    number = pictures()[0].id

    assert EMBLEM.format(number) in visit().get("/").text
    answer = visit().get(f"/pictures/{number}/240.webp")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_private_club_shows_visitors_its_name_alone(give, visit, olive, pictures):
    give(olive)

    for address in ("/", "/sign-in"):
        assert "/pictures/" not in visit().get(address).text
    assert visit().get(f"/pictures/{pictures()[0].id}/80.webp").status_code == 303


def test_only_organisers_change_it(give, visit, bob, pictures):
    assert give(bob).status_code == 403
    assert visit(bob).get("/club/picture").status_code == 403
    assert visit(bob).post("/club/picture/removal").status_code == 403
    assert pictures() == []


def test_another_takes_its_place_and_it_can_be_deleted(give, visit, olive, bob, pictures):
    give(olive)
    first = pictures()[0].id
    give(olive, 300)
    (second,) = pictures()
    assert second.id > first
    assert EMBLEM.format(second.id) in visit(bob).get("/").text

    assert visit(olive).post("/club/picture/removal").status_code == 303
    assert pictures() == []
    assert 'class="emblem"' not in visit(bob).get("/").text


def test_a_file_that_is_refused_says_why(visit, olive, pictures):
    page = visit(olive).post("/club/picture", data={"picture": upload(b"<svg/>", "club.svg")})

    assert page.status_code == 422
    assert "“club.svg” is not a picture that can be shown here." in page.text
    assert pictures() == []


@pytest.mark.databases("sqlite", "postgresql")
def test_the_club_has_one_picture(save, olive):
    """The database itself refuses a second one."""
    save(make_picture(olive, of_club=True))
    with pytest.raises(IntegrityError):
        save(make_picture(olive, of_club=True))
