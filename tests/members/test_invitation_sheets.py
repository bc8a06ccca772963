"""The sheet of an invitation: a code that phones read, and the same link in words."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import numpy
import pytest
import zxingcpp

from bookclub.extensions import utcnow
from bookclub.members.pages import draw_code
from tests.factories import make_invitation


def modules_of(page):
    """The code of a page as its drawing says: dark modules True, the quiet zone included."""
    side = int(re.search(r'<svg viewBox="0 0 (\d+) \1">', page)[1])
    modules = numpy.zeros((side, side), bool)
    x = y = 0.0
    # Runs of modules: M and m move to the middle of the first, h draws.
    for command, numbers in re.findall(
        r"([Mmh])([-\d. ]+)", re.search(r'stroke="#000" d="([^"]*)"', page)[1]
    ):
        given = [float(number) for number in numbers.split()]
        if command == "h":
            modules[int(y), int(x) : int(x + given[0])] = True
            x += given[0]
        else:
            x, y = (given[0], given[1]) if command == "M" else (x + given[0], y + given[1])
    return modules


def read_code(modules):
    """The text that a phone reads off a code."""
    picture = numpy.where(modules, 0, 255).astype(numpy.uint8).repeat(6, axis=0).repeat(6, axis=1)
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


@pytest.fixture
def invitation(save, olive):
    return save(make_invitation(olive, max_uses=3, uses=1))


def test_a_phone_reads_the_link_that_the_list_shows(visit, visitor, invitation, olive):
    link = unescape(re.search(r'readonly value="([^"]*)"', visit(olive).get("/club/invitations").text)[1])

    page = visit(olive).get(f"/club/invitations/{invitation.id}/sheet")

    assert page.status_code == 200
    modules = modules_of(page.text)
    assert read_code(modules) == link
    assert link in unescape(page.text)
    assert not modules[:4].any()
    assert not modules[-4:].any()
    assert not modules[:, :4].any()
    assert not modules[:, -4:].any()
    assert "For 2 people" in page.words
    assert visitor.get(link.removeprefix("http://localhost")).status_code == 200


def test_a_code_can_be_read_with_a_stain_on_it():
    modules = modules_of(draw_code("https://books.example.org/sign-up?invite=" + "a1B2" * 20))
    middle = len(modules) // 2
    modules[middle : middle + 5, middle : middle + 5] = True

    assert read_code(modules).startswith("https://books.example.org/sign-up?invite=a1B2")


def test_a_sheet_is_kept_nowhere(visit, invitation, olive):
    answer = visit(olive).get(f"/club/invitations/{invitation.id}/sheet")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_only_organisers_see_a_sheet(visit, visitor, invitation, alice, mod):
    path = f"/club/invitations/{invitation.id}/sheet"
    assert visitor.get(path).status_code == 303
    for member in (alice, mod):
        answer = visit(member).get(path)
        assert answer.status_code == 404
        assert "<svg viewBox" not in answer.text or "stroke" not in answer.text


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"revoked_at": utcnow()}, "This invitation has been withdrawn."),
        ({"expires_at": utcnow() - timedelta(hours=1)}, "This invitation has expired."),
        ({"max_uses": 1, "uses": 1}, "This invitation has been used up."),
    ],
)
def test_an_invitation_that_has_ended_has_no_code(visit, save, olive, columns, why):
    invitation = save(make_invitation(olive, **columns))

    page = visit(olive).get(f"/club/invitations/{invitation.id}/sheet")

    assert why in page.words
    assert "sign-up?invite" not in page.text
    assert 'stroke="#000"' not in page.text
