"""The mailbox itself: how it is reached, what organisers read of it, and its settings."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread
from urllib.parse import quote

import pytest
from imap_tools.mailbox import MailBoxUnencrypted
from sqlalchemy import select

from bookclub.config import Mailbox, SettingError, Settings
from bookclub.extensions import utcnow
from bookclub.jobs import Job, run_worker
from bookclub.mail.transport import MailServerError
from bookclub.mailbox.imap import open_folder
from tests.factories import make_comment, make_thread
from tests.mail.conftest import free_port, scripted
from tests.mailbox.dovecot import PASSWORD
from tests.running import running


@pytest.fixture
def said(save, alice):
    return save(make_comment(save(make_thread(alice, None, "Cake")), alice))


def test_tls_is_wanted_and_its_certificate_checked(imap_server, inbox, monkeypatch):
    wanted = replace(inbox.setting, host="localhost", port=imap_server.tls, is_tls=True)
    with pytest.raises(MailServerError, match="certificate"), open_folder(wanted, 5):
        pass
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.authority))
    with open_folder(wanted, 5) as folder:
        assert folder.unseen_after(0) == []


@contextmanager
def bare_server() -> Iterator[int]:
    """A server that can do nothing more than say so. Yields its port."""

    class Bare(StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"* OK hello\r\n")
            for line in self.rfile:
                tag = line.split()[0]
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")

    with TCPServer(("127.0.0.1", 0), Bare) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        yield server.server_address[1]
        thread.join()


def test_another_machine_without_starttls_is_not_signed_in_to(monkeypatch, imap_server, inbox):
    import imaplib
    import socket

    def here(box, timeout):
        return socket.create_connection(("127.0.0.1", box.port), timeout)

    monkeypatch.setattr(imaplib.IMAP4, "_create_socket", here)
    far = replace(inbox.setting, host="mail.example.net")
    with (
        bare_server() as port,
        pytest.raises(MailServerError, match="TLS not supported"),
        open_folder(replace(far, port=port), 2),
    ):
        pass
    with (
        pytest.raises(MailServerError, match="certificate"),
        open_folder(replace(far, port=imap_server.plain), 5),
    ):
        pass


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"password": "wrong"}, "Sign in as club"),
        ({"folder": "Nowhere"}, "Open the folder Nowhere"),
        ({"host": "no-such-host.invalid"}, "Connect to no-such-host.invalid"),
        ({"port": 1}, "Connect to 127.0.0.1, port 1"),
        ({"password": "pässword"}, "Sign in as club"),
    ],
)
def test_organisers_read_what_is_wrong_until_it_is_mended(
    inbox, configure, fetch, visit, olive, look, rows, reply, comments, bob, said, change, problem
):
    assert "has not been looked into" in visit(olive).get("/club/settings").text
    configure(mailbox=replace(inbox.setting, **change))
    fetch()

    assert look().failures >= 1
    page = visit(olive).get("/club/settings").text
    assert problem in page
    assert PASSWORD not in page
    # It is tried less and less often.
    for _ in range(5):
        fetch()
    (job,) = rows(select(Job).where(Job.kind == "mailbox"))
    assert job.due_at - utcnow() > timedelta(minutes=14)

    configure(mailbox=inbox.setting)
    reply(bob, said)
    fetch()
    page = visit(olive).get("/club/settings").text
    assert problem not in page
    assert "Mail was last fetched" in page
    assert len(comments()) == 2
    (job,) = rows(select(Job).where(Job.kind == "mailbox"))
    assert job.due_at - utcnow() < timedelta(seconds=61)


def test_a_server_that_hangs_up_or_says_nothing_is_met(inbox, configure, fetch, look):
    with scripted("* OK hello", None) as port:
        configure(mailbox=replace(inbox.setting, port=port), mail_timeout=1)
        fetch()
        assert look().problem.startswith("Connect to 127.0.0.1")
    with scripted() as port:
        configure(mailbox=replace(inbox.setting, port=port))
        fetch()
        assert "no answer in time" in look().problem


def test_a_worker_looks_at_once_when_it_starts(app, reply, comments, bob, said):
    reply(bob, said, "Here I am.")
    with run_worker(app):
        deadline = utcnow() + timedelta(seconds=20)
        while len(comments()) < 2 and utcnow() < deadline:
            pass
    assert comments()[1].body == "Here I am."


def test_nothing_of_others_in_the_folder_is_touched(imap_server, inbox, reply, fetch, comments, bob, said):
    inbox.put(b"From: a@example.net\r\nTo: b@example.net\r\n\r\nFor somebody else.\r\n")
    inbox.box.client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
    reply(bob, said)

    fetch()

    assert len(comments()) == 2
    assert inbox.flags() == [{r"\Deleted"}, {r"\Seen"}]


def test_another_folder_is_begun_from_its_first_mail(
    imap_server, inbox, configure, reply, fetch, comments, bob, said
):
    reply(bob, said, "One.")
    fetch()
    inbox.box.folder.create("Talk")
    other = replace(inbox.setting, folder="Talk")
    with MailBoxUnencrypted("127.0.0.1", imap_server.plain) as box:
        box.login(other.user, PASSWORD)
        mail = next(iter(box.fetch(mark_seen=False)))
        box.append(mail.obj.as_bytes().replace(b"One.", b"Two.").replace(b"Message-ID", b"X-Was"), "Talk")
    configure(mailbox=other)
    fetch()

    assert [comment.body for comment in comments()[1:]] == ["One.", "Two."]


def settings_of(tmp_path, mailbox, reply="talk+{token}@example.org"):
    given = {"BOOKCLUB_MAILBOX": mailbox, "BOOKCLUB_MAIL_REPLY": reply}
    return Settings.from_environ({"BOOKCLUB_DATA": str(tmp_path), **given})


def test_a_mailbox_is_given_as_one_address(tmp_path):
    found = settings_of(
        tmp_path, f"imaps://club%40example.org:{quote(PASSWORD, '')}@imap.example.org/Club/Talk"
    )
    assert found.mailbox == Mailbox(
        host="imap.example.org", port=993, is_tls=True, user="club@example.org", password=PASSWORD,
        folder="Club/Talk",
    )  # fmt: skip
    assert PASSWORD not in repr(found)
    plain = settings_of(tmp_path, "imap://club:secret@localhost:1143").mailbox
    assert (plain.port, plain.is_tls, plain.is_local, plain.folder) == (1143, False, True, "INBOX")


@pytest.mark.parametrize(
    "value",
    ["pop3://a:b@host", "imaps://host/INBOX", "imaps://user@host", "imaps://a:secret/pass@host", "imaps://",
     "imaps://a:secret@host:99999", "imaps://a:secret@host/IN BOX", "imaps://a:secret@host/x#y"],
)  # fmt: skip
def test_an_unusable_mailbox_is_refused_in_words(tmp_path, value):
    with pytest.raises(SettingError, match="BOOKCLUB_MAILBOX") as refused:
        settings_of(tmp_path, value)
    assert "secret" not in str(refused.value)


def test_neither_setting_is_of_use_without_the_other(tmp_path):
    with pytest.raises(SettingError, match="BOOKCLUB_MAIL_REPLY"):
        settings_of(tmp_path, "imaps://a:b@host", "")
    with pytest.raises(SettingError, match="BOOKCLUB_MAILBOX"):
        settings_of(tmp_path, "")


def test_the_start_says_what_is_wrong_and_goes_on(tmp_path):
    port = free_port()
    given = {
        "BOOKCLUB_MAILBOX": f"imap://club:secret@127.0.0.1:{port}/INBOX",
        "BOOKCLUB_MAIL_REPLY": "talk+{token}@example.org",
    }
    with running("serve", "--port", "0", BOOKCLUB_DATA=str(tmp_path), **given) as server:
        assert server.browser().get("/healthz").status == 200
        time.sleep(1)
        _, errors = server.end()
    assert f"Mail cannot be fetched now. Connect to 127.0.0.1, port {port}: Connection refused" in errors
    assert "secret" not in errors
