"""A full date poll: one screenful on a laptop, no sideways scrolling on a phone, and answered on both."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from bookclub.date_polls.models import Availability
from bookclub.date_polls.rules import ANSWERS, MOST_TIMES
from bookclub.extensions import utcnow
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_date_poll, make_member

MEMBERS = 60
BOX = "element => { const {top, bottom} = element.getBoundingClientRect(); return bottom - top; }"
WIDTH = "document.documentElement.scrollWidth"


def test_twenty_times_and_sixty_members_fit_a_laptop_and_a_phone(browse, save, bob, olive):
    start = utcnow().replace(hour=19, minute=30) + timedelta(days=20)
    poll = save(make_date_poll(olive, *(start + timedelta(days=day) for day in range(MOST_TIMES))))
    for number in range(MEMBERS - 2):
        member = save(make_member(f"member{number}", display_name=f"Wilhelmina Featherstone {number}"))
        save(
            *(
                Availability(
                    option_id=option.id, member_id=member.id, answer=ANSWERS[(number * option.id) % 7 % 3]
                )
                for option in poll.options
            )
        )
    first, second = (f"time-{option.id}" for option in poll.options[:2])

    laptop = browse(bob)
    laptop.goto(f"/date-polls/{poll.id}")
    expect(laptop.locator("#times > li")).to_have_count(MOST_TIMES)
    assert laptop.locator("#times").evaluate(BOX) < DESKTOP["height"]
    laptop.locator(f"#{first} label").filter(has_text="Yes").click()
    laptop.get_by_role("button", name="Save my answers").click()
    expect(laptop.get_by_text("Your answers are saved.").first).to_be_visible()

    phone = browse(bob, phone=True, javascript=False)
    phone.goto(f"/date-polls/{poll.id}")
    expect(phone.locator(f"#{first} [value=yes]")).to_be_checked()
    labels = phone.locator("#times label")
    expect(labels).to_have_count(3 * MOST_TIMES)
    assert min(label.evaluate(BOX) for label in labels.all()) >= 44
    phone.locator("summary").filter(has_text="Who?").first.click()
    expect(phone.get_by_text("Wilhelmina Featherstone 1,").first).to_be_visible()
    assert phone.evaluate(WIDTH) <= PHONE["width"]
    phone.locator(f"#{second} label").filter(has_text="Maybe").tap()
    phone.get_by_role("button", name="Save my answers").tap()
    expect(phone.get_by_text("Your answers are saved.").first).to_be_visible()
    expect(phone.locator(f"#{second} [value=maybe]")).to_be_checked()
    expect(phone.locator(f"#{first} [value=yes]")).to_be_checked()


def test_times_come_from_the_picker_of_the_device(browse, olive):
    page = browse(olive)
    page.goto("/date-polls/new")
    page.get_by_label("Title").fill("Tea")
    page.get_by_label("A time").fill("2031-05-31T19:30")
    for _ in range(2):
        page.get_by_role("button", name="Add it to the times").click()

    expect(page.get_by_label("Times", exact=True)).to_have_value("2031-05-31 19:30\n2031-06-01 19:30")
    page.get_by_role("button", name="Ask everybody").click()
    expect(page.get_by_role("heading", name="Tea")).to_be_visible()
    expect(page.locator("#times > li")).to_have_count(2)
