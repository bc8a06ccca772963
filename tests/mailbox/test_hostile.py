"""Mails that try to do harm, or that nobody can read: bounded, answered or left, never in the way."""

from __future__ import annotations

import time
from base64 import b64encode

import pytest

from bookclub.mailbox import rules
from tests.factories import make_comment, make_thread


@pytest.fixture
def said(save, alice):
    return save(make_comment(save(make_thread(alice, None, "Cake")), alice, "Who brings it?"))


@pytest.fixture
def put(inbox, address_for, bob, said):
    """``put(body, header, …)`` is a mail of Bob's with these raw headers and this body."""

    def put(body: bytes, *headers: str) -> None:
        head = "\r\n".join((f"From: bob@example.org\r\nTo: {address_for(bob, said)}", *headers))
        inbox.put(head.encode() + b"\r\n\r\n" + body)

    return put


def nested(depth: int) -> bytes:
    begins = (f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    return "".join(begins).encode() + b"\r\nhello\r\n"


def many(parts: int) -> bytes:
    return b"--b\r\n\r\nx\r\n" * parts + b"--b--\r\n"


MIXED = 'Content-Type: multipart/mixed; boundary="b"'
BOMBS = {
    "nested": (b"--b\r\n" + nested(3000), MIXED),
    "a few levels": (b"--b\r\n" + nested(15), MIXED),
    "many parts": (many(100_000), MIXED),
    "some parts": (many(300), MIXED),
    "lines": (b"\r\n" * 300_000,),
    "no base64": (
        b"!" + b64encode(b"hello")[:-2],
        "Content-Type: text/plain",
        "Content-Transfer-Encoding: base64",
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_left_for_a_person_and_answered(put, fetch, comments, inbox, post_office, bomb):
    put(*BOMBS[bomb])
    put(b"I bring it.")

    began = time.monotonic()
    fetch()

    assert time.monotonic() - began < 5
    assert [comment.body for comment in comments()[1:]] == ["I bring it."]
    assert inbox.flags() == [{r"\Flagged"}, {r"\Seen"}]
    assert "could not read your e-mail" in post_office.text(0)


def test_a_large_mail_is_not_fetched_whole(put, fetch, comments, inbox, post_office, monkeypatch):
    fetched = []
    content = rules.LARGEST

    from bookclub.mailbox.imap import Folder

    whole = Folder.content

    def noted(folder, uid, most):
        came = whole(folder, uid, most)
        fetched.append(len(came))
        return came

    monkeypatch.setattr(Folder, "content", noted)
    photo = b64encode(b"\x89PNG" * (content // 4)).replace(b"AAAA", b"AAAB")
    body = b"--b\r\n\r\nSee my cake.\r\n--b\r\nContent-Type: image/png\r\n\r\n" + photo + b"\r\n--b--\r\n"
    put(body, MIXED)

    fetch()

    assert fetched == [rules.BEGINNING]
    assert len(comments()) == 1
    assert "larger than 5 megabytes" in post_office.text()
    assert "See my cake." in post_office.text()
    assert inbox.flags() == [{r"\Seen"}]


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("utf-8", "Süß".encode()),
        ("iso-8859-1", "Süß".encode("latin-1")),
        ("no-such-thing", "Süß".encode()),
        ("x" * 500, "Süß".encode("cp1252")),
        ("us-ascii", "Süß".encode("cp1252")),
        ("utf-16", "Süß".encode("utf-16")),
        ("punycode", "Süß".encode()),
        ("zlib", "Süß".encode()),
        ('"utf-8\r\n\tx"', "Süß".encode()),
    ],
)
def test_a_text_in_any_charset_arrives(put, fetch, comments, charset, content):
    put(
        b64encode(content),
        f"Content-Type: text/plain; charset={charset}",
        "Content-Transfer-Encoding: base64",
    )

    fetch()

    assert [comment.body for comment in comments()[1:]] == ["Süß"]


def test_no_header_of_theirs_comes_into_ours(put, fetch, comments, post_office):
    put(b"I do.\x07\x1b", "Subject: =?utf-8?q?Re=0D=0ABcc=3A_eve=40example=2Enet?=", "Message-ID: <a\r\n b>")

    fetch()

    assert comments()[1].body == "I do."
    (mail,) = post_office.arrived
    assert mail["Subject"] == "Your reply is posted"
    assert mail["Bcc"] is None
    assert post_office.recipients == ["bob@example.org"]


def test_a_mail_over_which_we_stumble_stops_none_behind_it(
    put, fetch, comments, inbox, monkeypatch, caplog, look
):
    from bookclub.mailbox import jobs

    def stumble(content):
        if b"trip" in content:
            raise RuntimeError("as never before")
        return read(content)

    read = jobs.read_message
    monkeypatch.setattr(jobs, "read_message", stumble)
    put(b"A trip wire.")
    put(b"I do.")

    fetch()
    fetch()

    assert [comment.body for comment in comments()[1:]] == ["I do."]
    assert inbox.flags() == [{r"\Flagged"}, {r"\Seen"}]
    assert caplog.text.count("cannot be taken") == 1
    assert look().problem == ""
