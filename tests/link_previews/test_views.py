"""The pictures that other sites show beside a link, and the tags by which they find them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from bookclub.extensions import db
from bookclub.link_previews import png, rules
from bookclub.members.models import Club
from tests.factories import make_ask, make_book, make_comment, make_review, make_round, make_thread
from tests.page import words_of


@pytest.fixture
def publish(write):
    """``publish()`` makes the club public."""

    def publish():
        write(lambda: db.session.execute(update(Club).values(is_public=True, name="The Thursday Club")))

    return publish


@pytest.fixture
def drawn(monkeypatch):
    """The SVG of each picture that was drawn."""
    drawn = []

    def render(svg):
        drawn.append(svg)
        return real(svg)

    real = png.render_png
    monkeypatch.setattr(png, "render_png", render)
    return drawn


@pytest.fixture
def book(save):
    return save(make_book("Emma", author="Jane Austen"))


@pytest.fixture
def review(save, bob, book):
    return save(
        make_review(
            bob, book, title="Badly done", summary="A match-maker errs.", body="She weds him.", horizon=9000
        )
    )


@pytest.fixture
def thread(save, book, bob):
    thread = save(make_thread(bob, book, "The picnic", floor=9000))
    save(make_comment(thread, bob, "Box Hill is where she insults her.", horizon=9000))
    return thread


@pytest.fixture
def addresses(book, review, thread):
    return {
        "club": "/preview.png",
        "book": f"/books/{book.slug}/preview.png",
        "author": f"/authors/{book.credits[0].author.slug}/preview.png",
        "review": f"/reviews/{review.id}/preview.png",
        "thread": f"/threads/{thread.id}/preview.png",
    }


def tags_of(page):
    """The tags of a page for other sites, by name."""
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]*)" content="([^"]*)">', page)
    return {name: words_of(content.replace("\u2068", "").replace("\u2069", "")) for name, content in found}


def words_in(svg):
    return words_of(re.sub(r"</?tspan[^>]*>|</?text[^>]*>", " ", svg))


def test_everybody_gets_the_picture_of_what_is_public(visit, visitor, addresses, publish, drawn, alice):
    publish()
    for address in addresses.values():
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert answer.content_type == "image/png"
        assert answer.get_data().startswith(b"\x89PNG")
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        # A member's is no other: it goes by what a visitor may see.
        assert visit(alice).get(address).headers["ETag"] == answer.headers["ETag"]
    assert len({visitor.get(address).headers["ETag"] for address in addresses.values()}) == len(addresses)


def test_a_picture_shows_what_its_page_shows_to_everybody(visitor, addresses, publish, drawn):
    publish()
    shown = {}
    for kind, address in addresses.items():
        assert visitor.get(address).status_code == 200
        shown[kind] = words_in(drawn[-1])

    assert "Badly done" in shown["review"]
    assert "A match-maker errs." in shown["review"]
    assert "Emma · Jane Austen" in shown["review"]
    assert "The picnic" in shown["thread"]
    assert "Jane Austen" in shown["author"]
    assert "Emma" in shown["author"]
    assert all("The Thursday Club" in words for words in shown.values())
    everything = " ".join(shown.values())
    assert "weds" not in everything
    assert "insults" not in everything
    assert "Bob" not in everything


def test_a_private_club_shows_its_name_and_nothing_else(visit, visitor, addresses, write, drawn, alice):
    write(lambda: db.session.execute(update(Club).values(name="The Thursday Club")))
    assert visitor.get("/preview.png").status_code == 200
    assert set(words_in(drawn[0]).split()) == {"The", "Thursday", "Club"}
    for address in list(addresses.values())[1:]:
        assert visitor.get(address).status_code == 303, address
        assert visit(alice).get(address).status_code == 404, address
    assert len(drawn) == 1


def test_what_visitors_cannot_open_has_no_picture(visitor, save, publish, review, alice, olive):
    publish()
    asked, voting_round = save(make_ask(alice)), save(make_round(olive))
    for thread_id in (asked.thread_id, voting_round.thread_id, review.thread_id, 4711):
        assert visitor.get(f"/threads/{thread_id}/preview.png").status_code == 404
    assert visitor.get("/reviews/4711/preview.png").status_code == 404
    assert visitor.get("/books/nothing/preview.png").status_code == 404


def test_a_removed_review_has_the_picture_of_its_book(visit, visitor, review, publish, drawn, mod):
    publish()
    assert visit(mod).post(f"/reviews/{review.id}/removal", data={"reason": "Rude."}).status_code == 303
    assert visitor.get(f"/reviews/{review.id}/preview.png").status_code == 200
    assert "Emma" in words_in(drawn[0])
    assert "Badly" not in drawn[0]
    assert "errs" not in drawn[0]


def test_a_picture_follows_a_book_and_a_review_that_were_merged(
    visitor, save, write, publish, bob, alice, book, review
):
    publish()
    other = save(make_review(alice, book, title="Well done"))
    write(lambda: db.session.merge(review).__setattr__("became_id", other.id))
    answer = visitor.get(f"/reviews/{review.id}/preview.png")
    assert answer.status_code == 302
    assert answer.location == f"/reviews/{other.id}/preview.png"


def test_who_has_a_picture_costs_nothing(visitor, addresses, publish, drawn, book, write):
    publish()
    first = visitor.get(addresses["book"])
    again = {"If-None-Match": first.headers["ETag"]}
    answer = visitor.get(addresses["book"], headers=again)
    assert answer.status_code == 304
    assert answer.get_data() == b""
    assert answer.headers["ETag"] == first.headers["ETag"]
    assert len(drawn) == 1
    write(lambda: db.session.merge(book).__setattr__("title", "Emma, or the match-maker"))
    assert visitor.get(addresses["book"], headers=again).status_code == 200
    assert len(drawn) == 2


def test_a_program_that_asks_for_everything_waits(visitor, publish, save, drawn):
    publish()
    slugs = [save(make_book(f"Volume {number}")).slug for number in range(rules.DRAWN_FOR_ADDRESS + 5)]

    answers = [visitor.get(f"/books/{slug}/preview.png") for slug in slugs]

    assert [answer.status_code for answer in answers] == [200] * rules.DRAWN_FOR_ADDRESS + [429] * 5
    assert answers[-1].headers["Retry-After"] == "60"
    assert "max-age" not in answers[-1].headers.get("Cache-Control", "")
    assert len(drawn) == rules.DRAWN_FOR_ADDRESS
    # One who has a picture is not made to wait, nor is somebody at another place.
    first = {"If-None-Match": answers[0].headers["ETag"]}
    assert visitor.get(f"/books/{slugs[0]}/preview.png", headers=first).status_code == 304
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    assert visitor.get(f"/books/{slugs[-1]}/preview.png", **elsewhere).status_code == 200


def test_many_programs_together_wait_too(visitor, publish, save, drawn):
    publish()
    slug = save(make_book("Emma")).slug
    found = [
        visitor.get(
            f"/books/{slug}/preview.png", environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"}
        ).status_code
        for number in range(1, rules.DRAWN + 4)
    ]

    assert found == [200] * rules.DRAWN + [429] * 3


def test_pages_name_the_picture_that_is_there(visitor, addresses, publish):
    publish()
    for kind, address in addresses.items():
        page = address.removesuffix("preview.png").rstrip("/") or "/"
        tags = tags_of(visitor.get(page).text)
        assert tags["og:image"] == f"http://localhost{address}"
        assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
        assert tags["og:image:type"] == "image/png"
        assert tags["og:image:alt"]
        assert tags["twitter:card"] == "summary_large_image"
        assert visitor.get(urlsplit(tags["og:image"]).path).status_code == 200, kind
    assert (
        tags_of(visitor.get(f"{addresses['author'].removesuffix('/preview.png')}").text)["og:title"]
        == "Jane Austen"
    )


def test_pages_of_a_private_club_name_the_club_alone(visit, visitor, addresses, write, save, alice):
    write(lambda: db.session.execute(update(Club).values(name="The Thursday Club", sign_up="open")))
    for page in ("/", "/sign-in", "/sign-up"):
        assert tags_of(visitor.get(page).text) == {
            "og:title": "The Thursday Club",
            "og:type": "website",
            "og:image": "http://localhost/preview.png",
            "og:image:type": "image/png",
            "og:image:width": "1200",
            "og:image:height": "630",
            "og:image:alt": "The Thursday Club",
            "twitter:card": "summary_large_image",
        }, page
        assert "noindex" in visitor.get(page).text
    for address in list(addresses.values())[1:]:
        assert tags_of(visit(alice).get(address.removesuffix("/preview.png")).text) == {}
