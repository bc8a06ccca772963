"""A copy of a picture: who gets it, how it is cached, and for how long a revealed one."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import Job, next_night
from bookclub.pictures import actions, signatures
from bookclub.pictures.jobs import delete_stale_pictures
from tests.factories import make_picture, make_reading
from tests.pictures.samples import upload


def test_a_copy_is_a_webp_of_its_width(say, visit, alice, bob, pictures):
    say(alice)
    (kept,) = pictures()
    answer = visit(bob).get(f"/pictures/{kept.id}/480.webp")

    assert answer.status_code == 200
    assert answer.mimetype == "image/webp"
    assert Image.open(BytesIO(answer.data)).size == (480, 320)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_browser_that_has_it_is_told_so(say, visit, alice, bob, pictures):
    say(alice)
    url = f"/pictures/{pictures()[0].id}/480.webp"
    tag = visit(bob).get(url).headers["ETag"]
    answer = visit(bob).get(url, headers={"If-None-Match": tag})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert visit(bob).get(url.replace("480", "600"), headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "path", ["1/481.webp", "1/0.webp", "2/480.webp", "99999999999999999999/480.webp", "1/480.png"]
)
def test_other_addresses_lead_nowhere(say, visit, alice, path):
    say(alice)
    assert visit(alice).get(f"/pictures/{path}").status_code == 404


def test_a_locked_picture_is_not_there(say, save, visit, alice, bob, book, pictures, status):
    say(alice, horizon="5000")
    number = pictures()[0].id
    url = f"/pictures/{number}/480.webp"
    tag = visit(alice).get(url).headers["ETag"]

    assert visit(alice).get(url).status_code == 200
    assert visit(bob).get(url).status_code == 404
    assert visit(bob).get(url, headers={"If-None-Match": tag}).status_code == 404
    assert visit(bob).get(url, headers={"If-None-Match": "*"}).status_code == 404
    save(make_reading(bob, book, position=5000))
    assert status(bob, number) == 200


def test_a_picture_in_bars_is_for_those_who_have_finished(
    say, save, visit, alice, bob, book, finished, pictures
):
    say(alice, "Look.", add_picture="1")
    (kept,) = pictures()
    url = f"/pictures/{kept.id}/480.webp"
    say(alice, f"||![A door](/pictures/{kept.id})||", (BytesIO(b""), ""), alt="")

    assert visit(bob).get(url).status_code == 404
    assert "A door" not in visit(bob).get("/comments/1").text
    finished(bob)
    assert visit(bob).get(url).status_code == 200
    assert f'<img src="/pictures/{kept.id}/' in visit(bob).get("/comments/1").text


def test_before_it_is_posted_only_its_uploader_sees_it(
    say, alice, bob, mod, olive, visitor, pictures, status
):
    say(alice, add_picture="1")
    number = pictures()[0].id

    assert status(alice, number) == 200
    assert {status(member, number) for member in (bob, mod, olive)} == {404}


def test_visitors_of_a_public_club_see_safe_pictures(say, visit, public, alice, pictures, status):
    say(alice)
    say(alice, horizon="3000")

    assert [status(None, each.id) for each in pictures()] == [200, 404]


def test_what_is_for_members_alone_keeps_its_pictures(
    app, save, visit, public, alice, bob, olive, pictures, status
):
    """A visitor sees no conversation under a round, however safe it is."""
    asked = {"question": "Which one next?"}
    location = visit(alice).post("/asks/new", data=asked).location
    page = visit(alice).get(location).text
    thread = re.search(r"/threads/(\d+)/comments", page)[1]
    sent = {"body": "Look.", "horizon": "0", "picture": upload(), "picture_alt": "A door"}
    visit(alice).post(f"/threads/{thread}/comments", data=sent)

    assert (status(bob, pictures()[0].id), status(None, pictures()[0].id)) == (200, 404)


# Revealed once


def addresses(page):
    return re.findall(r"/pictures/\d+/\d+\.webp\?revealed=[\w.-]+", page)


def test_a_revealed_post_shows_its_pictures_to_its_reader_alone(say, visit, alice, bob, mod, visitor, public):
    say(alice, horizon="5000")
    page = visit(bob).get("/comments/1/reveal").text

    signed = addresses(page)
    assert len(signed) == 3  # One in src, two in srcset.
    assert not re.findall(r"/pictures/\d+/\d+\.webp[\" ]", page)
    answer = visit(bob).get(signed[0])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert visit(mod).get(signed[0]).status_code == 404
    assert visitor.get(signed[0]).status_code == 404
    assert visit(bob).get(signed[0].partition("?")[0]).status_code == 404


def test_a_revealed_review_shows_its_pictures(visit, alice, bob, book):
    sent = {
        "title": "Fine",
        "body": "Good.",
        "horizon": "10000",
        "picture": upload(),
        "picture_alt": "A door",
    }
    visit(alice).post(f"/books/{book.slug}/reviews/new", data=sent)

    (signed, *_) = addresses(visit(bob).get("/reviews/1/reveal").text)
    assert visit(bob).get(signed).status_code == 200


def test_a_signature_is_for_one_picture(say, visit, alice, bob, pictures):
    say(alice, horizon="5000")
    say(alice, horizon="5000")
    one, two = pictures()
    (signed, *_) = addresses(visit(bob).get("/comments/1/reveal").text)

    assert visit(bob).get(signed.replace(f"/{one.id}/", f"/{two.id}/", 1)).status_code == 404
    assert visit(bob).get(signed + "x").status_code == 404


def test_a_signature_ends_after_ten_minutes(say, visit, alice, bob, monkeypatch):
    say(alice, horizon="5000")
    (signed, *_) = addresses(visit(bob).get("/comments/1/reveal").text)

    monkeypatch.setattr(signatures, "REVEALED_FOR_SECONDS", -1)
    assert visit(bob).get(signed).status_code == 404


# Deleted when nobody used it


@pytest.mark.databases("sqlite", "postgresql")
def test_what_nobody_used_is_deleted_after_a_day(app, say, alice, pictures):
    say(alice, add_picture="1")
    say(alice, "Look.", upload())
    loose, used = pictures()
    for hours, left in ((23, [loose.id, used.id]), (25, [used.id])):
        with app.app_context():
            begin_write()
            actions.delete_stale(utcnow() + timedelta(hours=hours))
            db.session.commit()
        assert [each.id for each in pictures()] == left


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("hours", [23, 1])
def test_the_job_comes_back_when_the_next_one_is_stale(app, save, alice, pictures, hours):
    loose_at = utcnow() - timedelta(hours=hours)
    loose = save(make_picture(alice, loose_at=loose_at))
    with app.app_context():
        begin_write()
        delete_stale_pictures()
        db.session.commit()
        due_at = db.session.scalars(select(Job.due_at).where(Job.kind == "stale_pictures")).one()

    assert due_at == min(next_night(utcnow()), loose_at + timedelta(days=1))
    assert [each.id for each in pictures()] == [loose.id]


def test_whoever_leaves_takes_along_what_they_did_not_use(say, visit, alice, bob, pictures, status):
    from tests.factories import PASSWORD

    say(alice, add_picture="1")
    say(alice, "Look.", upload())
    posted = pictures()[1]
    visit(alice).post("/settings/departure", data={"password": PASSWORD})

    assert [each.id for each in pictures()] == [posted.id]
    assert status(bob, posted.id) == 200


# Space


def test_organisers_see_the_space_that_pictures_take(say, visit, alice, olive, pictures):
    assert "Nobody has added a picture yet." in visit(olive).get("/club/settings").words
    say(alice)

    page = visit(olive).get("/club/settings").words
    assert "1 picture takes" in page
    assert "Each member has 300 MB." in page
    assert "Alice" in page
