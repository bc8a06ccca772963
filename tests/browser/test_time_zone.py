"""The browser's time zone is offered to members who have not chosen one."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from bookclub.members.models import Member
from tests.factories import PASSWORD

OFFER = "#notice form"


def test_a_member_takes_the_time_zone_of_their_device(browse, rows, alice):
    page = browse(alice, time_zone="America/New_York")
    page.goto("/books?sort=rating")
    expect(page.locator(OFFER)).to_contain_text("New York")

    page.get_by_role("button", name="Use my time zone").click()

    page.wait_for_url("**/books?sort=rating")
    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    expect(page.locator(OFFER)).to_have_count(0)
    assert rows(select(Member.time_zone)) == ["America/New_York"]


def test_a_member_who_declines_is_not_asked_again(browse, rows, alice):
    page = browse(alice, time_zone="America/New_York")
    page.goto("/books")
    page.get_by_role("button", name="No, thanks").click()
    expect(page.locator(OFFER)).to_have_count(0)

    page.locator(".top summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in")
    page.get_by_label("Username or e-mail").fill("alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.goto("/books")

    expect(page.get_by_role("heading", name="Books", level=1)).to_be_visible()
    expect(page.locator(OFFER)).to_have_count(0)
    assert rows(select(Member.time_zone)) == [None]


def test_nothing_is_offered_where_the_clocks_agree(browse, alice):
    page = browse(alice, time_zone="Africa/Abidjan")
    page.goto("/books")

    expect(page.get_by_role("heading", name="Books", level=1)).to_be_visible()
    expect(page.locator(OFFER)).to_have_count(0)


def test_without_javascript_nothing_is_offered(browse, alice):
    page = browse(alice, time_zone="America/New_York", javascript=False)
    page.goto("/books")

    expect(page.locator(OFFER)).to_have_count(0)
    expect(page.get_by_text("Use my time zone")).to_have_count(0)
