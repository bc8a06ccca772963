"""Bounces to the signed return address of a mail mark its member's address, and nothing else does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.mail.models import Mail
from bookclub.mail_kinds import post
from bookclub.members.models import Member

REPORT = """From: Mail Delivery Subsystem <mailer-daemon@example.net>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; alice@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such mailbox

--b
Content-Type: message/rfc822

Subject: A test e-mail

Words.
--b--
"""


@pytest.fixture
def sent(write, work, rows, alice):
    """``sent()`` is a mail to Alice that her server has taken."""

    def sent(cause="test"):
        write(lambda: post("test", cause=cause, address=alice.email, member_id=alice.id))
        work()
        return rows(select(Mail).where(Mail.cause == cause))[0]

    return sent


@pytest.fixture
def bounce(inbox, fetch, bounce_address):
    """``bounce(mail)`` lets a mail come back."""

    def bounce(mail, action="failed", status="5.1.1", to=None):
        to = to or bounce_address(mail.id)
        inbox.put(REPORT.format(to=to, action=action, status=status).replace("\n", "\r\n").encode())
        fetch()

    return bounce


@pytest.fixture
def refusals(rows):
    return lambda: rows(select(Member.mail_refusals))


def test_a_permanent_bounce_counts_once(sent, bounce, refusals, rows, inbox, alice):
    mail = sent()
    assert mail.state == "sent"

    bounce(mail)
    bounce(mail)

    assert refusals() == [1]
    (mail,) = rows(select(Mail))
    assert (mail.state, mail.last_error) == ("failed", "550 5.1.1 no such mailbox")
    assert inbox.flags() == [{r"\Seen"}] * 2


def test_three_bounces_mark_an_address_and_a_mail_that_stays_forgives(sent, bounce, refusals, visit, alice):
    for number in range(3):
        bounce(sent(f"test {number}"))
    assert refusals() == [3]
    assert "was refused three times" in visit(alice).get("/settings").text


def test_a_mail_between_that_does_not_come_back_forgives(sent, bounce, refusals, alice):
    bounce(sent("one"))
    sent("two")
    bounce(sent("three"))
    assert refusals() == [1]


@pytest.mark.parametrize(
    ("action", "status"),
    [("delayed", "4.4.7"), ("failed", "4.4.7"), ("failed", "5.7.1"), ("delivered", "2.0.0")],
)
def test_what_may_yet_arrive_or_is_policy_counts_nothing(sent, bounce, refusals, rows, alice, action, status):
    bounce(sent(), action, status)
    assert refusals() == [0]
    assert rows(select(Mail.state)) == ["failed" if action == "failed" else "sent"]


def test_a_bounce_from_a_former_address_counts_nothing(sent, bounce, refusals, save, alice):
    mail = sent()
    alice.change_email("alice@example.net")
    save(alice)

    bounce(mail)

    assert refusals() == [0]


def test_a_bounce_to_an_address_of_another_kind_counts_nothing(
    sent, bounce, refusals, bounce_address, address_for, save, alice
):
    from tests.factories import make_comment, make_thread

    said = save(make_comment(save(make_thread(alice, None)), alice))
    mail = sent()
    token = bounce_address(mail.id)
    forged = token[: len("talk+")] + ("a" if token[len("talk+")] != "a" else "b") + token[len("talk+") + 1 :]
    for to in (address_for(alice, said), forged):
        bounce(mail, to=to)
    assert refusals() == [0]
