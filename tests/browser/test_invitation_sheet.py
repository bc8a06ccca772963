"""An invitation on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories import make_invitation


@pytest.mark.parametrize("dark", [False, True])
def test_an_invitation_prints_on_one_page(browse, save, olive, dark):
    invitation = save(make_invitation(olive, max_uses=5))
    page = browse(olive, dark=dark)
    page.goto("/club/invitations")
    page.add_init_script("window.print = () => { document.body.dataset.printed = 'yes'; };")
    page.get_by_text("Print a sheet with a code to scan").click()
    page.wait_for_url(re.compile(rf"/invitations/{invitation.id}/sheet$"))
    page.get_by_role("button", name="Print").click()
    expect(page.locator("body")).to_have_attribute("data-printed", "yes")

    for size in ("A4", "A5", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format=size))) == 1, size
    page.emulate_media(media="print")
    expect(page.get_by_role("img", name="The invitation link as a QR code")).to_be_visible()
    expect(page.get_by_text("Who has this sheet can join")).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    ground = page.locator(".code path").first.evaluate("path => getComputedStyle(path).fill")
    assert ground == "rgb(255, 255, 255)"
