"""Rules of the outbox, and the settings and addresses of mail, as pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bookclub.config import MailServer, SettingError, Settings
from bookclub.lib.text.mail_addresses import is_this_machine, wire_address
from bookclub.mail import rules
from tests.cases import each

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_pauses_grow_until_two_days_are_over():
    created_at, moment, pauses = NOW, NOW, []
    for attempts in range(1, 100):
        again_at = rules.retry_at(created_at, attempts, moment)
        if again_at is None:
            break
        pauses.append(again_at - moment)
        moment = again_at

    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=1)
    assert timedelta(days=2) <= moment - created_at < timedelta(days=2, hours=8)


def test_one_cause_has_one_message_id_and_another_has_another():
    ids = [
        rules.message_id(cause, "https://b.example", "club@example.org") for cause in ("a 1", "a 1", "a 2")
    ]

    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@example.org>")


@each(
    ("address", "written"),
    [
        ("ada@example.org", "ada@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ädä@example.org", "ädä@example.org"),
        ("ada(tea)@example.org", None),
        ("ada@example.org\r\nBcc: eve@example.org", None),
        ("ada@example.org,eve@example.org", None),
        ("ada@" + "x" * 64 + ".org", None),
        ("Ada <ada@example.org>", None),
    ],
)
def test_an_address_is_written_so_that_it_is_one(address, written):
    assert wire_address(address) == written


@each(
    ("host", "is_here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("mail.localhost", True),
        ("localhost.example.org", False),
        ("192.168.1.2", False),
        ("mail", False),
    ],
)
def test_only_this_machine_is_this_machine(host, is_here):
    assert is_this_machine(host) == is_here


def read(tmp_path, mail, sender="club@example.org", **others):
    named = {"BOOKCLUB_DATA": str(tmp_path), "BOOKCLUB_MAIL": mail, "BOOKCLUB_MAIL_FROM": sender}
    return Settings.from_environ(named | others)


@each(
    ("value", "server"),
    [
        ("smtp://mail.example.org", MailServer(host="mail.example.org", port=587)),
        ("smtp://localhost", MailServer(host="localhost", port=25)),
        ("smtps://mail.example.org", MailServer(host="mail.example.org", port=465, is_tls=True)),
        (
            "smtp://club%40example.org:p%2F%23%25@mail.example.org:2525",
            MailServer(host="mail.example.org", port=2525, user="club@example.org", password="p/#%"),
        ),
        ("smtp://[::1]:1025/", MailServer(host="::1", port=1025)),
    ],
)
def test_a_server_is_read_from_its_address(tmp_path, value, server):
    settings = read(tmp_path, value)

    assert settings.mail == server
    assert server.password == "" or server.password not in repr(settings)


@each(
    "value",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:0",
        "smtp://mail.example.org:port",
        "smtp://user@mail.example.org",
        "smtp://user:sec/ret@mail.example.org",
        "smtp://user:sec#ret@mail.example.org",
        "smtp://user:secret@mail.example.org/?x=1",
        "smtp://user:se%0Acret@mail.example.org",
        "smtp://user:%FF@mail.example.org",
    ],
)
def test_a_malformed_server_is_refused_in_words_that_hold_no_password(tmp_path, value):
    with pytest.raises(SettingError, match="BOOKCLUB_MAIL") as refused:
        read(tmp_path, value)

    assert "ret" not in str(refused.value)


@each("sender", ["", "club", "club@example.org, eve@example.org", "A <b", "club@example.org>"])
def test_a_malformed_sender_is_refused(tmp_path, sender):
    with pytest.raises(SettingError, match="BOOKCLUB_MAIL_FROM"):
        read(tmp_path, "smtp://mail.example.org", sender)


def test_a_sender_has_a_name_or_is_the_servers_user(tmp_path):
    named = read(tmp_path, "smtp://mail.example.org", "The Readers <club@example.org>")
    assert (named.mail_from_name, named.mail_from) == ("The Readers", "club@example.org")
    assert read(tmp_path, "smtp://me%40example.org:x@mail.example.org", "").mail_from == "me@example.org"
    for name, value in (("PER_MINUTE", "0"), ("PER_MINUTE", "many"), ("TIMEOUT", "-1")):
        with pytest.raises(SettingError, match=f"BOOKCLUB_MAIL_{name}"):
            read(tmp_path, "smtp://mail.example.org", **{f"BOOKCLUB_MAIL_{name}": value})
