"""Mails about accounts: forgotten passwords, confirmed addresses, invitations, and the trial of it all."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.jobs import Job
from bookclub.mail.models import Mail
from bookclub.members.models import Invitation, Member, OneTimeLink
from tests.factories import PASSWORD

NEW_PASSWORD = "two lamps and a kettle"


def ask(client, email="alice@example.org"):
    return client.post("/forgotten-password", data={"email": email})


def test_a_forgotten_password_is_set_by_a_link_that_works_once(
    visit, visitor, work, rows, post_office, alice, bob
):
    alices = visit(alice)
    page = visitor.get("/sign-in")
    assert page.link("Forgotten your password?") == "/forgotten-password"

    assert ask(visitor, " ALICE@example.org").status_code == 303
    work()

    assert post_office.recipients == ["alice@example.org"]
    link = post_office.link()
    assert link.startswith("/sign-in/")
    # Neither a copy of the outbox nor of the links holds the token.
    token = link.rpartition("/")[2]
    assert token not in str([mail.__dict__ for mail in rows(select(Mail))])
    (kept,) = rows(select(OneTimeLink))
    assert timedelta(minutes=59) < kept.expires_at - utcnow() <= timedelta(hours=1)
    assert visitor.post(link, data={"password": NEW_PASSWORD}).status_code == 303
    assert alices.get("/settings").status_code == 303
    used = visitor.get(link)
    assert used.status_code == 404
    assert used.link("Ask for a new one") == "/forgotten-password"
    signed_in = visit().post("/sign-in", data={"username": "alice", "password": NEW_PASSWORD})
    assert signed_in.status_code == 303


def test_the_answer_tells_nobody_who_is_a_member(
    visit, visitor, work, save, statements, rows, post_office, alice, bob
):
    bob.suspended_at = utcnow()
    save(bob)
    answers, costs = [], []
    for email in ("alice@example.org", "nobody@example.org", "bob@example.org"):
        with statements() as sent:
            answer = ask(visit(), email)
        answers.append((answer.status_code, answer.get_data(), answer.location))
        costs.append(sent)
        page = visit().get("/sign-in")
        assert page.status_code == 200
    assert answers[0] == answers[1] == answers[2]
    assert costs[0] == costs[1] == costs[2]

    work()

    assert post_office.recipients == ["alice@example.org"]
    assert rows(select(Job).where(Job.kind == "password_request")) == []


def test_a_link_ends_with_its_hour_and_with_a_suspension(visitor, work, save, rows, post_office, alice):
    ask(visitor)
    work()
    first = post_office.link()
    ask(visitor)
    work()
    # A stranger who asks again spoils no link.
    assert visitor.get(first).status_code == 200
    for link in rows(select(OneTimeLink)):
        link.expires_at = utcnow()
        save(link)
    assert visitor.get(first).status_code == 404

    ask(visitor)
    work()
    alice.suspended_at = utcnow()
    save(alice)
    assert visitor.get(post_office.link()).status_code == 404


def test_links_can_be_asked_for_as_often_as_passwords_be_guessed(visit, work, post_office, alice):
    asked = [ask(visit(), email).status_code for email in ["alice@example.org"] * 11]
    assert asked == [303] * 10 + [429]
    assert ask(visit(), "nobody@example.org").status_code == 303
    # Who asks for links locks nobody out.
    signed_in = visit().post("/sign-in", data={"username": "alice", "password": PASSWORD})
    assert signed_in.status_code == 303


def test_what_is_no_address_is_refused_beside_the_field(visitor, alice):
    for email in ("", "alice", "alice(tea)@example.org", "alice@example.org, bob@example.org"):
        answer = ask(visitor, email)
        assert answer.status_code == 422
        assert "Type" in answer.text


def test_a_new_address_is_confirmed_once_and_the_old_one_told(visit, visitor, work, rows, post_office, alice):
    client = visit(alice)
    changed = {"email": "alice@bücher.example", "current_password": PASSWORD}
    assert client.post("/settings", data=changed).status_code == 303
    work()

    assert sorted(post_office.recipients) == ["alice@example.org", "alice@xn--bcher-kva.example"]
    told = post_office.recipients.index("alice@example.org")
    assert "another e-mail address" in post_office.text(told)
    assert "bücher" not in post_office.text(told)
    link = post_office.link(1 - told)
    page = visitor.get(link)
    assert "alice@bücher.example" in page.words
    assert "is not confirmed yet" in client.get("/settings").text
    (member,) = rows(select(Member))
    assert member.email_confirmed_at is None

    assert visitor.post(link).status_code == 303
    (member,) = rows(select(Member))
    assert member.email_confirmed_at is not None
    assert "is confirmed" in client.get("/settings").text
    assert visitor.get(link).status_code == visitor.post(link).status_code == 404


def test_who_signs_up_confirms_by_a_link_of_three_days(visit, work, rows, post_office, olive, monkeypatch):
    invited = visit(olive).post("/club/invitations", data={"email": "zoe@example.org", "submission": "a"})
    assert invited.status_code == 303
    visit(olive).post("/club/invitations", data={"email": "zoe@example.org", "submission": "a"})
    work()
    assert post_office.recipients == ["zoe@example.org"]
    assert post_office.arrived[0]["Subject"].startswith("Olive invites you to")
    (invitation,) = rows(select(Invitation))
    assert invitation.max_uses == 1
    assert "Sent to zoe@example.org" in visit(olive).get("/club/invitations").words

    newcomer, invite = visit(), post_office.link().partition("invite=")[2]
    account = {"invite": invite, "username": "zoe", "email": "zoe@example.org", "password": NEW_PASSWORD}
    assert newcomer.post("/sign-up", data=account).status_code == 303
    work()
    link = post_office.link()
    assert newcomer.post("/settings/confirmation").status_code == 303
    work()
    # They are sent once an hour, and the mail is on its way already.
    assert len(post_office.arrived) == 2
    with monkeypatch.context() as later:
        later.setattr("bookclub.members.rules.CONFIRMATION_LIFETIME", timedelta(seconds=-1))
        assert newcomer.get(link).status_code == 404
    assert newcomer.get(link).status_code == 200


def test_an_invitation_that_was_withdrawn_is_not_sent(visit, work, save, rows, post_office, olive):
    visit(olive).post("/club/invitations", data={"email": "zoe@example.org"})
    (invitation,) = rows(select(Invitation))
    invitation.revoked_at = utcnow()
    save(invitation)

    work()

    assert post_office.arrived == []


def test_organisers_try_the_mail_and_see_what_went_wrong(visit, work, through, post_office, olive, bob):
    assert visit(bob).post("/club/mail-test").status_code == 403
    organiser = visit(olive)
    post_office.answers["DATA"] = "554 5.7.1 This looks like an advertisement"
    assert organiser.post("/club/mail-test").status_code == 303
    work()

    page = organiser.get("/club/settings")
    assert "554 5.7.1 This looks like an advertisement" in page.words
    assert "Mail comes from club@example.org" in page.words


def test_without_a_server_the_site_works_and_says_whom_to_ask(app, visit, visitor, rows, through, olive):
    from dataclasses import replace

    app.extensions["bookclub"] = replace(app.extensions["bookclub"], mail=None)

    assert "Ask an organiser" in visitor.get("/forgotten-password").text
    assert ask(visitor).status_code == 403
    assert "nobody can be told" in visit(olive).get("/club/settings").text
    assert "Invite by e-mail" not in visit(olive).get("/club/invitations").text
    assert visit(olive).post("/club/invitations", data={"days": "7", "uses": "3"}).status_code == 303
    changed = {"email": "olive@example.net", "current_password": PASSWORD}
    assert visit(olive).post("/settings", data=changed).status_code == 303
    assert rows(select(Mail)) == []


def test_without_a_public_address_no_strangers_host_gets_into_a_mail(app, visit, rows, alice):
    from dataclasses import replace

    app.extensions["bookclub"] = replace(app.extensions["bookclub"], url=None)

    asked = {"data": {"email": "alice@example.org"}}
    assert visit().post("/forgotten-password", **asked, base_url="http://192.168.1.66").status_code == 403
    assert visit().post("/forgotten-password", **asked, base_url="http://127.0.0.1:5000").status_code == 303


NAMES = [
    'Ada, Countess <of> "Lovelace"; (x@y.z)',
    "Bcc: eve@example.org\r\nX-Evil: yes",
    '石黒 一雄, "quoted" <eve@example.org>',
    "Žofie " * 20,
    "Zoë (née Ådám); Søn, Jr.",
]


def test_no_name_or_title_gets_into_the_headers(app, visit, work, save, rows, post_office, alice):
    from bookclub.mail.messages import address_header
    from bookclub.members.models import Club

    (club,) = rows(select(Club))
    for name in NAMES:
        alice.display_name, club.name = name[:60], name[:80]
        save(alice)
        save(club)
        ask(visit())
        work()
        mail = post_office.arrived[-1]
        assert [each.addr_spec for each in mail["To"].addresses] == ["alice@example.org"], name
        assert [each.addr_spec for each in mail["From"].addresses] == ["club@example.org"], name
        assert set(mail.keys()) == {
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Id", "MIME-Version",
            "Content-Type",
        }, name  # fmt: skip
        assert mail["List-Id"].endswith("<bookclub.books.example.org>")
        message = EmailMessage()
        message["To"] = address_header(name, "a@b.cd")
        assert len(message["To"].addresses) == 1
    assert len(post_office.arrived) == len(NAMES)


def test_the_mails_of_a_member_leave_with_them(visit, work, rows, post_office, alice, olive):
    ask(visit())
    work()
    assert [mail.member_id for mail in rows(select(Mail))] == [alice.id]
    own = ZipFile(BytesIO(visit(alice).get("/my-data.zip").data)).read("mails.json").decode()
    assert '"password_link"' in own
    assert "example.org" not in own

    assert visit(olive).post("/members/alice/removal").status_code == 303

    assert rows(select(Mail)) == []


@pytest.mark.parametrize("answer", [None, "550 no such mailbox"])
def test_the_command_says_each_step_and_the_servers_words(settings, post_office, monkeypatch, answer):
    from click.testing import CliRunner

    from bookclub.cli.main import main

    if answer:
        post_office.answers["RCPT"] = answer
    environ = {
        "BOOKCLUB_DATA": str(settings.data),
        "BOOKCLUB_MAIL": f"smtp://127.0.0.1:{post_office.port}",
        "BOOKCLUB_MAIL_FROM": "The Readers <club@example.org>",
    }

    done = CliRunner().invoke(main, ["mail", "test", "ada@example.org"], env=environ)

    assert f"Connect to 127.0.0.1, port {post_office.port}" in done.output
    if answer:
        assert (done.exit_code, post_office.arrived) == (1, [])
        assert answer in done.output
    else:
        assert done.exit_code == 0, done.output
        assert "The server took it: 250 kept" in done.output
        assert post_office.arrived[0]["From"].addresses[0].display_name == "The Readers"


def test_an_unreachable_server_is_said_at_the_start(capsys, settings):
    from dataclasses import replace
    from threading import enumerate as threads

    from bookclub.cli.mail import say_mail_problem
    from tests.mail.conftest import free_port

    say_mail_problem(replace(settings, mail=replace(settings.mail, port=free_port())))
    for thread in threads():
        if thread.name == "mail":
            thread.join(10)

    assert "Mail cannot be sent now" in capsys.readouterr().err
