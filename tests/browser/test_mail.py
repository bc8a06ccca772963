"""Somebody who lives in their mail: sign-up, a forgotten password, an answer, and the letter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from bookclub.config import MailServer, Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import enqueue, run_due_jobs
from bookclub.members.models import Club
from bookclub.notices.mail_rules import WEEKLY, letter_moment
from tests.clocks import clock_off_by
from tests.factories import make_book, make_comment, make_thread
from tests.mail.conftest import SENDER, PostOffice, post_office  # noqa: F401
from tests.mailbox.conftest import PATTERN, Inbox, imap_server, inbox  # noqa: F401

FIRST, SECOND = "two lamps and a kettle", "three lamps and a kettle"
WAIT = timedelta(minutes=3, seconds=1)


@pytest.fixture
def settings(database: str, tmp_path: Path, post_office: PostOffice, inbox: Inbox) -> Settings:  # noqa: F811
    """A club that sends mail and takes replies, at whatever address the site has."""
    server = MailServer(host="127.0.0.1", port=post_office.port)
    return Settings.for_folder(
        tmp_path, database_url=database, testing=True, mail=server, mail_from=SENDER, mail_timeout=5,
        mail_reply=PATTERN, mailbox=inbox.setting,
    )  # fmt: skip


@pytest.fixture
def wait(app):
    """``wait(WAIT)`` lets time pass, and does the jobs that are due then; ``jobs`` are looked at now."""

    def wait(span: timedelta, *jobs: str) -> None:
        with clock_off_by(span):
            with app.app_context():
                begin_write()
                for job in jobs:
                    enqueue(job, key=job)
                db.session.commit()
            for _ in range(3):
                run_due_jobs(app, utcnow() + timedelta(seconds=1))

    return wait


def link_in(text: str, site: str, path: str) -> str:
    """The first link in a text that leads to a path like this."""
    found = re.search(rf"{re.escape(site)}({path}\S*)", text)
    assert found, text
    return found[1]


def test_a_member_who_lives_in_their_mail(
    app,
    site,
    browse,
    save,
    write,
    wait,
    post_office,  # noqa: F811
    inbox,  # noqa: F811
    bob,
):
    app.extensions["bookclub"] = replace(app.extensions["bookclub"], url=site)
    write(lambda: db.session.execute(update(Club).values(sign_up="open")))
    book = save(make_book("Emma"))

    # Signs up, and confirms the address.
    page = browse(phone=True, javascript=False)
    page.goto("/sign-up")
    page.get_by_label("Username").fill("carol")
    page.get_by_label("E-mail").fill("carol@example.org")
    page.get_by_label("Password", exact=True).fill(FIRST)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("link", name="Home")).to_be_visible()
    wait(timedelta(0))
    page.goto(link_in(post_office.text(), site, "/confirmations/"))
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.get_by_text("Your e-mail address is confirmed.")).to_be_visible()

    # Forgets the password, on another machine.
    other = browse(javascript=False)
    other.goto("/sign-in")
    other.get_by_role("link", name="Forgotten your password?").click()
    other.get_by_label("E-mail").fill("carol@example.org")
    other.get_by_role("button", name="Send me a link").click()
    wait(timedelta(0))
    other.goto(link_in(post_office.text(), site, "/sign-in/"))
    other.get_by_label("New password").fill(SECOND)
    other.get_by_role("button", name="Set the password").click()
    other.goto("/sign-in")
    other.get_by_label("Username or e-mail").fill("carol")
    other.get_by_label("Password", exact=True).fill(SECOND)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("link", name="Home")).to_be_visible()

    # Writes something, and gets the answer by mail.
    other.goto("/threads/new")
    other.get_by_label("Title").fill("Which translation?")
    other.locator("#thread-body").fill("I cannot choose.")
    other.get_by_role("button", name="Start the conversation").click()
    expect(other.get_by_role("heading", name="Which translation?", level=1)).to_be_visible()
    thread_path = other.url.removeprefix(site)
    his = browse(bob)
    his.goto(thread_path)
    his.get_by_label("Reply").fill("The old one, I say.")
    his.get_by_role("button", name="Post reply").click()
    expect(his.get_by_text("The old one, I say.")).to_be_visible()
    wait(WAIT)
    mail = post_office.arrived[-1]
    assert "The old one, I say." in post_office.text()

    # Answers from the mail program, and Bob sees it in the conversation.
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Message-ID"] = (
        "carol@example.org",
        mail["Reply-To"],
        "<1@phone.example>",
    )
    answer["In-Reply-To"], answer["Subject"] = mail["Message-ID"], f"Re: {mail['Subject']}"
    quoted = "\n".join(f"> {line}" for line in post_office.text().splitlines())
    answer.set_content(f"Then the old one it is.\n\nOn Monday the club wrote:\n{quoted}\n")
    inbox.put(answer)
    wait(timedelta(0), "mailbox")
    his.reload()
    comment = his.locator(".comment", has_text="Then the old one it is.").last
    expect(comment).to_contain_text("carol")
    expect(comment).not_to_contain_text("On Monday")
    assert "Your reply" in post_office.arrived[-1]["Subject"]
    # Mail programs show the confirmation in the conversation that it is about.
    assert post_office.arrived[-1]["References"] == mail["References"]

    # And on Sunday comes the letter.
    save(make_comment(save(make_thread(bob, book, "The picnic")), bob, "Badly done, Emma."))
    now = utcnow()
    wait(letter_moment(WEEKLY, now, "UTC") + timedelta(days=7, minutes=1) - now, "letters")
    assert post_office.arrived[-1]["To"].addresses[0].addr_spec == "carol@example.org"
    assert "Badly done, Emma." in post_office.text()
    other.goto(link_in(post_office.text().partition("Badly done, Emma.")[2], site, "/comments/"))
    expect(other.get_by_text("Badly done, Emma.")).to_be_visible()
