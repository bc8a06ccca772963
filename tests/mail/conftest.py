"""A real server for mail in a thread of the test, and a club that sends through it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from bookclub.config import MailServer, Settings
from bookclub.extensions import utcnow
from bookclub.jobs import run_due_jobs

SITE = "https://books.example.org"
SENDER = "club@example.org"


@dataclass
class PostOffice:
    """A server's handler: it keeps what arrives, and answers at a stage (MAIL, RCPT, DATA) as it is told."""

    port: int = 0
    arrived: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if "MAIL" not in self.answers:
            envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if "DATA" not in self.answers:
            self.arrived.append(BytesParser(policy=default).parsebytes(envelope.content))
            self.recipients += envelope.rcpt_tos
        return self.answers.get("DATA", "250 kept")

    def text(self, number: int = -1) -> str:
        body = self.arrived[number].get_body(("plain",))
        return body.get_content()

    def link(self, number: int = -1) -> str:
        """The path of the one link of its own line in a mail."""
        lines = self.text(number).splitlines()
        return next(line.removeprefix(SITE) for line in lines if line.startswith(f"{SITE}/"))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def receiving(office: PostOffice, **options: Any) -> Iterator[PostOffice]:
    """Run a real server for mail as long as this block lasts."""
    office.port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with receiving(PostOffice()) as office:
        yield office


@pytest.fixture
def settings(database: str, tmp_path: Any, post_office: PostOffice) -> Settings:
    """A club that sends mail."""
    server = MailServer(host="127.0.0.1", port=post_office.port)
    return Settings.for_folder(
        tmp_path, database_url=database, testing=True, url=SITE, mail=server, mail_from=SENDER, mail_timeout=5
    )


@pytest.fixture
def through(app: Any) -> Callable[..., None]:
    """``through(port=…)`` lets the club send through another server, or otherwise."""

    def through(**changes: Any) -> None:
        settings = app.extensions["bookclub"]
        names = {name for name in changes if name in ("host", "port", "is_tls", "user", "password")}
        server = replace(settings.mail, **{name: changes.pop(name) for name in names})
        app.extensions["bookclub"] = replace(settings, mail=server, **changes)

    return through


@pytest.fixture
def work(app: Any) -> Callable[..., None]:
    """``work()`` does the jobs that are due now, or later on."""

    def work(later: timedelta = timedelta(seconds=1)) -> None:
        for _ in range(3):  # One job may leave work to the next.
            run_due_jobs(app, utcnow() + later)

    return work


@contextmanager
def scripted(*answers: str | None) -> Iterator[int]:
    """A server that says a line for each that it reads, the greeting first; None hangs up.

    After its last answer it says nothing more. Yields its port.
    """
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError), listener.accept()[0] as connection, connection.makefile("rb") as lines:
            for answer in answers:
                if answer is None:
                    # RST, and not the polite end.
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    return
                connection.sendall(answer.encode() + b"\r\n")
                lines.readline()
            while lines.readline():
                pass

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(5)
