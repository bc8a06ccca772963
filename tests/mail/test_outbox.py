"""The outbox: each mail is sent once, tried again as long as that helps, and recorded as it went."""

from __future__ import annotations

import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import trustme
from sqlalchemy import select

from bookclub.cli.main import stop_old_mail
from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import Job
from bookclub.mail import actions, jobs
from bookclub.mail.models import Mail
from bookclub.mail_kinds import post
from bookclub.members.models import Member
from tests.mail.conftest import SENDER, PostOffice, free_port, receiving, scripted

MONTH = timedelta(days=31)


@pytest.fixture
def posted(write):
    """``posted(alice)`` puts a test mail for Alice into the outbox."""

    def posted(member, cause="test", kind="test", **arguments):
        sent = {"address": member.email, "member_id": member.id}
        return write(lambda: post(kind, cause=cause, **sent, **arguments))

    return posted


@pytest.fixture
def outbox(rows):
    """``outbox()`` is the state and the last error of each mail."""
    return lambda: [(mail.state, mail.last_error) for mail in rows(select(Mail).order_by(Mail.id))]


def test_a_cause_makes_one_mail_with_all_its_headers(posted, work, outbox, post_office, alice):
    assert posted(alice)
    assert not posted(alice)

    work()

    assert outbox() == [("sent", "")]
    (mail,) = post_office.arrived
    assert [each.addr_spec for each in mail["To"].addresses] == ["alice@example.org"]
    assert mail["To"].addresses[0].display_name == "Alice"
    assert mail["From"].addresses[0].addr_spec == SENDER
    assert mail["Message-ID"].endswith("@example.org>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"].endswith("<bookclub.books.example.org>")
    assert abs(mail["Date"].datetime - utcnow()) < timedelta(minutes=1)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "arrives" in post_office.text()
    page = mail.get_body(("html",)).get_content()
    assert "arrives" in page
    assert len(mail.as_bytes()) < 60_000
    assert "src=" not in page


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_temporary_refusal_is_tried_again_and_a_permanent_one_is_not(
    posted, work, outbox, write, rows, post_office, alice, stage
):
    post_office.answers[stage] = "451 greylisted, come back"
    posted(alice)
    work()
    assert outbox() == [("waiting", "451 greylisted, come back")]

    post_office.answers.clear()
    write(lambda: let_time_pass(timedelta(minutes=2)))
    work()
    assert outbox() == [("sent", "")]

    post_office.answers[stage] = "550 no such mailbox"
    posted(alice, "another")
    work()
    write(lambda: let_time_pass(timedelta(days=1)))
    work()
    assert outbox()[1] == ("failed", "550 no such mailbox")
    # The sender's own trouble is not the recipient's.
    (member,) = rows(select(Member))
    assert member.mail_refusals == (0 if stage == "MAIL" else 1)


def let_time_pass(time):
    """Move all that the outbox remembers into the past."""
    for mail in db.session.execute(select(Mail)).scalars():
        for name in ("created_at", "next_at", "claimed_at", "tried_at", "ended_at"):
            moment = getattr(mail, name)
            setattr(mail, name, moment and moment - time)
    for job in db.session.execute(select(Job)).scalars():
        job.due_at -= time


def test_a_mail_is_given_up_after_two_days(posted, work, outbox, write, through, alice):
    through(port=free_port())
    posted(alice)
    work()
    ((state, error),) = outbox()
    assert state == "waiting"
    assert "Connection refused" in error

    for _ in range(9):
        write(lambda: let_time_pass(timedelta(hours=8)))
        work()

    assert outbox()[0][0] == "failed"


def test_a_server_that_hangs_or_cuts_in_is_met_at_each_stage(
    posted, work, outbox, through, alice, post_office
):
    greeting = ["220 hello", "250 hello", "250 reset", "250 sender", "250 recipient"]
    with scripted() as port:
        through(port=port, mail_timeout=1)
        posted(alice, "hangs")
        work()
        assert outbox()[-1] == (
            "waiting",
            f"Connect to 127.0.0.1, port {port}: there was no answer in time",
        )
    with scripted(*greeting[:-1], None) as port:
        through(port=port)
        posted(alice, "cut at RCPT")
        work()
        assert outbox()[-1][0] == "waiting"
    with scripted(*greeting, "354 go on", None) as port:
        through(port=port)
        posted(alice, "cut inside DATA")
        work()
        assert outbox()[-1][0] == "unknown"

    through(port=post_office.port)
    work()
    assert outbox()[-1][0] == "unknown"


def test_starttls_is_wanted_and_its_certificate_checked(
    posted, work, outbox, through, write, monkeypatch, tmp_path, alice
):
    import smtplib

    def here(_smtp, _host, port, timeout):
        import socket

        return socket.create_connection(("127.0.0.1", port), timeout)

    monkeypatch.setattr(smtplib.SMTP, "_get_socket", here)
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("mail.example.net").configure_cert(context)
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(trusted)

    plain = PostOffice()
    with receiving(plain):
        through(host="mail.example.net", port=plain.port)
        posted(alice, "one")
        work()
        assert outbox()[0][0] == "waiting"
        assert "STARTTLS" in outbox()[0][1]
        assert plain.arrived == []
    safe = PostOffice()
    with receiving(safe, tls_context=context, require_starttls=True):
        through(port=safe.port)
        posted(alice, "two")
        work()
        assert "the certificate was refused" in outbox()[1][1]
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        write(lambda: let_time_pass(timedelta(minutes=2)))
        work()
        assert [state for state, _ in outbox()] == ["sent", "sent"]


@pytest.mark.databases("sqlite", "postgresql")
def test_two_workers_at_once_send_each_mail_once(app, posted, outbox, post_office, alice):
    causes = [f"mail {number}" for number in range(12)]
    for cause in causes:
        posted(alice, cause)

    def send(_):
        with app.app_context():
            begin_write()
            jobs.send_mails()
            db.session.commit()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(send, range(3)))

    assert [state for state, _ in outbox()] == ["sent"] * len(causes)
    assert (
        len({mail["Message-ID"] for mail in post_office.arrived}) == len(post_office.arrived) == len(causes)
    )


def test_no_more_go_than_the_limit_per_minute(posted, work, outbox, through, write, alice):
    through(mail_per_minute=2)
    for cause in ("one", "two", "three"):
        posted(alice, cause)

    work()
    assert [state for state, _ in outbox()] == ["sent", "sent", "waiting"]

    write(lambda: let_time_pass(timedelta(minutes=1)))
    work()
    assert [state for state, _ in outbox()] == ["sent"] * 3


@pytest.mark.databases("sqlite", "postgresql")
def test_a_claim_that_a_crash_left_is_unknown_and_a_password_link_goes_again(
    app, posted, work, write, outbox, rows, post_office, alice
):
    from bookclub.members.mails import post_password_link

    posted(alice)
    write(lambda: actions.claim_next(utcnow(), 60))
    write(lambda: post_password_link(db.session.get(Member, alice.id), "https://books.example.org"))
    write(lambda: actions.claim_next(utcnow(), 60))
    assert [state for state, _ in outbox()] == ["claimed", "claimed"]

    work()
    assert post_office.arrived == []

    # The link itself works for an hour.
    write(lambda: let_time_pass(timedelta(minutes=10)))
    work()
    write(lambda: let_time_pass(timedelta(minutes=10)))
    work()
    assert [state for state, _ in outbox()] == ["unknown", "sent"]
    assert [mail["Subject"] for mail in post_office.arrived] == ["Set a new password"]


def test_nothing_is_sent_to_who_is_not_wanted_any_more(
    posted, work, write, save, outbox, post_office, alice, bob
):
    for cause in ("suspended", "moved", "refused"):
        posted(alice if cause == "suspended" else bob, cause)
    alice.suspended_at = utcnow()
    save(alice)
    bob.mail_refusals = 3
    save(bob)

    work()

    assert post_office.arrived == []
    assert outbox() == [
        ("failed", "The member is suspended or has left."),
        *[("failed", "Mail to this address was refused three times.")] * 2,
    ]

    bob.change_email("bob@example.net")
    save(bob)
    posted(alice, "readmitted")
    write(lambda: db.session.get(Member, alice.id).__setattr__("suspended_at", None))
    posted(bob, "to the new address")
    bob.change_email("bob@example.com")
    save(bob)
    work()
    assert [state for state, _ in outbox()[3:]] == ["sent", "failed"]


def test_a_relay_that_is_not_ours_marks_nobodys_address(posted, work, rows, outbox, post_office, alice):
    post_office.answers["RCPT"] = "554 5.7.1 Relay access denied"
    posted(alice)
    work()

    assert outbox() == [("failed", "554 5.7.1 Relay access denied")]
    (member,) = rows(select(Member))
    assert member.mail_refusals == 0


def test_three_refusals_mark_an_address_and_a_success_forgives(posted, work, rows, visit, post_office, alice):
    post_office.answers["RCPT"] = "550 no such mailbox"
    for cause in ("one", "two", "three"):
        posted(alice, cause)
        work()
    (member,) = rows(select(Member))
    assert member.is_unreachable
    for page in ("/", "/settings"):
        assert "was refused three times" in visit(member).get(page).text

    post_office.answers.clear()
    assert visit(member).post("/settings/confirmation").status_code == 303
    work()
    (member,) = rows(select(Member))
    assert member.mail_refusals == 0
    assert [mail["Subject"] for mail in post_office.arrived] == ["Confirm your e-mail address"]
    assert "was refused" not in visit(member).get("/").text


def test_a_club_from_a_backup_sends_nothing_that_waited_in_it(app, posted, work, outbox, post_office, alice):
    posted(alice)
    stop_old_mail(app)

    work()

    assert [state for state, _ in outbox()] == ["unknown"]
    assert post_office.arrived == []


def test_what_ended_a_month_ago_is_deleted(posted, work, write, outbox, alice):
    posted(alice)
    work()
    write(lambda: let_time_pass(MONTH))
    posted(alice, "later")

    write(jobs.tidy_outbox)

    assert [state for state, _ in outbox()] == ["waiting"]
