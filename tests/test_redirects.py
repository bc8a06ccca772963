"""Nobody is led elsewhere: what counts as an address of ours, and who asks that."""

from __future__ import annotations

import pytest
from flask import Flask

from bookclub.addresses import local_path
from tests.factories import PASSWORD, make_book, make_thread
from tests.page_forms import form_to

EVIL = [
    "//evil.example",
    "///evil.example",
    "////evil.example/books",
    "https://evil.example",
    "https://evil.example/books",
    "http:evil.example",
    "http:/evil.example",
    "http:///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/books\\..\\evil",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "\r\n//evil.example",
    " //evil.example",
    " /books",
    "/books\r\nSet-Cookie: a=b",
    "/books\x00",
    "\x00/books",
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "data:text/html,evil",
    "http://localhost@evil.example/",
    "http://me:secret@localhost/",
    "http://localhost:81/",
    "http://localhost:80@evil.example/",
    "https://localhost/",
    "ftp://localhost/",
    "http://localhost.evil.example/",
    "http://localhost//evil.example",
    "http://localhost\\@evil.example/",
    "http://[::1/",
    "//localhost/",
    "books",
    "?q=emma",
    "#main",
    "",
]
FINE = {
    "/books": "/books",
    "/": "/",
    "/books?q=a%26b&sort=year": "/books?q=a%26b&sort=year",
    "/reviews/3#comment-9": "/reviews/3",
    "http://localhost/books?q=emma": "/books?q=emma",
    "http://localhost/": "/",
    "/books/雪国": "/books/雪国",
    "/books?next=https://evil.example": "/books?next=https://evil.example",
}


@pytest.fixture
def asked():
    """A request for http://localhost/."""
    with Flask("anything").test_request_context():
        yield


@pytest.mark.parametrize("address", EVIL)
def test_an_address_that_leads_elsewhere_is_no_local_path(asked, address):
    assert local_path(address) is None


def test_no_address_is_no_local_path(asked):
    assert local_path(None) is None


@pytest.mark.parametrize("address", FINE)
def test_an_address_of_ours_is_a_local_path(asked, address):
    assert local_path(address) == FINE[address]


def test_where_the_club_is_reached_decides_what_is_ours():
    with Flask("anything").test_request_context(base_url="https://books.example.org:8443"):
        assert local_path("https://books.example.org:8443/books") == "/books"
        assert local_path("https://books.example.org/books") is None
        assert local_path("http://books.example.org:8443/books") is None


def leads_home(location, asked):
    """Whether a redirect goes to the home page, or to one of ours that was asked for with stray signs."""
    return location == "/" or (location.startswith("/books") and "evil" not in asked)


@pytest.mark.parametrize("where", ["address", "form"])
def test_signing_in_never_leads_elsewhere(app, visit, alice, where):
    form = {"username": "alice", "password": PASSWORD}
    for evil in EVIL:
        if where == "form":
            answer = visit().post("/sign-in", data={**form, "next": evil})
        else:
            answer = visit().post("/sign-in", query_string={"next": evil}, data=form)
        assert answer.status_code == 303
        assert leads_home(answer.location, evil), evil


def test_nobody_who_is_signed_in_already_is_led_elsewhere(visit, alice):
    client = visit(alice)
    for evil in EVIL:
        assert leads_home(client.get("/sign-in", query_string={"next": evil}).location, evil), evil


def test_the_sign_in_page_does_not_pass_on_where_it_must_not_lead(visitor):
    assert "/books?q=emma" in visitor.get("/sign-in", query_string={"next": "/books?q=emma"}).text

    for evil in EVIL:
        if "evil" in evil:
            assert "evil" not in visitor.get("/sign-in", query_string={"next": evil}).text, evil


def test_signing_in_leads_to_where_one_wanted_to_go(visitor, alice):
    sign_in = visitor.get("/books?q=emma").location
    carried = form_to(visitor.get(sign_in).text, "/sign-in").fields["next"]
    answer = visitor.post("/sign-in", data={"username": "alice", "password": PASSWORD, "next": carried})

    assert answer.location == "/books?q=emma"


@pytest.mark.parametrize(
    "referrer", ["https://evil.example/", "//evil.example/", "http://localhost@evil.example/"]
)
def test_a_wish_to_see_everything_is_never_answered_by_leading_elsewhere(save, visit, alice, referrer):
    book = save(make_book("Emma"))
    thread = save(make_thread(alice, book))
    for address in (f"/books/{book.slug}", f"/threads/{thread.id}"):
        answer = visit(alice).post(f"{address}/reveal", headers={"Referer": referrer})
        assert answer.location == address
