"""The club on a home screen: its manifest, service worker, and the page for when there is no connection."""

from __future__ import annotations

import struct

from sqlalchemy import update

from bookclub.extensions import begin_write, db
from bookclub.members.models import Club
from tests.factories import make_book, make_meeting, make_nomination, make_reading, make_round


def test_a_page_for_when_one_is_offline_says_when_the_club_meets(visit, save, alice, olive):
    emma = save(make_book("Emma"))
    secret = {"title": "At mine", "place": "12 Canal Street", "notes": "Bring cake"}
    save(make_meeting(olive, emma, horizon=4000, read_until="40", **secret))

    page = visit(alice).get("/offline").words
    assert "We meet at" in page
    assert "Emma · Read up to 40" in page
    assert not any(words in page for words in secret.values())


def test_the_manifest_names_the_club_and_its_icons(app, visit):
    with app.app_context():
        begin_write()
        db.session.execute(update(Club).values(name="Les lecteurs du jeudi é"))
        db.session.commit()
    visitor = visit()

    answer = visitor.get("/manifest.webmanifest")

    assert answer.mimetype == "application/manifest+json"
    assert answer.json["name"] == "Les lecteurs du jeudi é"
    assert (answer.json["scope"], answer.json["display"]) == ("/", "standalone")
    for icon in answer.json["icons"]:
        image = visitor.get(icon["src"], buffered=True).data
        width, height = struct.unpack(">II", image[16:24])
        assert icon["sizes"] == f"{width}x{height}"
    assert {icon["purpose"] for icon in answer.json["icons"]} == {"any", "maskable"}
    assert '<link rel="manifest" href="/manifest.webmanifest">' in visitor.get("/sign-in").text


def test_the_service_worker_is_checked_at_each_visit(visit):
    answer = visit().get("/service-worker.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_offline_page_shows_what_is_ones_own(visit, save, alice, bob, olive):
    emma, dracula = save(make_book("Emma"), make_book("Dracula"))
    save(make_reading(alice, emma, position=4_000, is_private=True), make_reading(bob, dracula))
    voting_round = save(make_round(olive, title="Olive's title", voting=True))
    save(make_nomination(voting_round, dracula, bob, "Bob's pitch."))

    page = visit(alice).get("/offline")

    assert "Emma" in page.text
    assert "at 40 %" in page.text
    assert "Voting ends at" in page.text
    for others in ("Dracula", "Olive", "Bob"):
        assert others not in page.text
    assert page.headers["Reader"]
    assert page.headers["Reader"] != visit(bob).get("/offline").headers["Reader"]


def test_a_visitor_has_no_offline_page(visit):
    assert visit().get("/offline").status_code == 303


def test_the_offline_page_takes_as_many_statements_for_many_books(visit, save, statements, alice):
    client = visit(alice)
    save(make_reading(alice, save(make_book("Emma"))))
    client.get("/offline")
    with statements() as few:
        client.get("/offline")
    for number in range(12):
        save(make_reading(alice, save(make_book(f"Book {number}"))))
    with statements() as many:
        assert "Book 11" in client.get("/offline").text

    assert len(many) == len(few)
