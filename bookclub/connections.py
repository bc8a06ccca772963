"""Connections of `bookclub serve`: Waitress with deadlines, and with large bodies refused unread.

Waitress waits for a request as long as a byte arrives now and then, and receives whatever is sent. Here each
phase of a connection has a deadline, and the size of a body is decided as soon as its headers are there.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask

from .body_limits import REFUSED

LargestBody = Callable[[Mapping[str, Any]], int]


@dataclass(frozen=True)
class Deadlines:
    """Seconds that a connection has for each of its phases.

    Bodies and answers may take as long as their size needs, but in each span of that many seconds ``rate``
    bytes a second must go over the wire: a phone on a train can do that.
    """

    headers: float = 20
    body: float = 30
    answer: float = 30
    rest: float = 120  # Between two requests; proxies keep their connections open for about a minute.
    goodbye: float = 2
    rate: float = 4096


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """A request that decides the largest size of its body once its headers are there."""

    largest_body: LargestBody
    refused = False
    largest: int | None = None

    def received(self, data: bytes) -> int:
        """Take in bytes. Everything after the headers of a refused body is dropped."""
        consumed: int = super().received(data)
        too_large = self.largest is not None and self.body_bytes_received > self.largest
        # A body in chunks does not say beforehand how large it is.
        if self.chunked and too_large and not self.refused:
            self._refuse()
        return len(data) if self.refused else consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, and refuse a body that is too large."""
        super().parse_header(header_plus)
        if not self.chunked and not self.content_length:
            return
        # limit_for() reads nothing else of a request.
        self.largest = self.largest_body({
            "REQUEST_METHOD": self.command,
            "PATH_INFO": self.path,
            "HTTP_COOKIE": self.headers.get("COOKIE", ""),
            "CONTENT_TYPE": self.headers.get("CONTENT_TYPE", ""),
        })  # fmt: skip
        if self.content_length > self.largest:
            self._refuse()

    def _refuse(self) -> None:
        """Let the application answer at once, without a body, and close the connection afterwards."""
        self.close()
        self.refused = self.completed = self.connection_close = True
        self.body_rcv, self.error = None, None
        self.chunked, self.content_length, self.expect_continue = False, 0, False
        # The application must not wait for a body that nobody receives.
        self.headers["CONTENT_LENGTH"] = "0"


class Task(WSGITask):  # type: ignore[misc]
    """The application's answer, which knows whether the body was refused."""

    def execute(self) -> None:
        """Answer, and close the connection if the body was not received."""
        if self.request.refused:
            self.set_close_on_finish()
        super().execute()

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[REFUSED] = self.request.refused
        return environ


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection, with the times from which its deadlines count."""

    task_class = Task
    close_when_flushed: bool
    has_answered = False
    is_last = False
    said_goodbye_at: float | None = None
    began_at: float | None = None
    sent = 0
    # The measured phase, its start, and the number of bytes that had gone over the wire by then.
    span = "", 0.0, 0

    def __init__(self, server: Any, sock: socket.socket, *more: Any, **options: Any) -> None:
        self.rests_since = monotonic()
        super().__init__(server, sock, *more, **options)

    @property
    def is_waiting(self) -> bool:
        """Return whether the connection waits for the other side."""
        return not (self.requests or self.total_outbufs_len > 0 or self.will_close)

    @property
    def waits_since(self) -> float:
        """The time of the present request's first byte; without one, the time since the connection rests."""
        return self.began_at or self.rests_since

    def is_overdue(self, now: float, deadlines: Deadlines) -> bool:
        """Return whether the other side has used up the time of its phase."""
        if self.said_goodbye_at is not None:
            return now > self.said_goodbye_at + deadlines.goodbye
        if self.total_outbufs_len:
            return self._has_stalled(
                "answer", self.sent, now, deadlines.answer * deadlines.rate, deadlines.answer
            )
        if self.requests:
            return False
        request = self.request
        if request is not None and request.headers_finished:
            received = request.body_bytes_received
            return self._has_stalled("body", received, now, deadlines.body * deadlines.rate, deadlines.body)
        # A connection without a request yet has to send one soon; between two it may rest longer.
        is_resting = request is None and self.has_answered and self.began_at is None
        return now > self.waits_since + (deadlines.rest if is_resting else deadlines.headers)

    def _has_stalled(self, phase: str, done: int, now: float, least: float, seconds: float) -> bool:
        """Return whether fewer than ``least`` bytes went over the wire in a span of ``seconds``."""
        known, since, before = self.span
        # A phase that has just begun, or went fast enough, gets another span.
        if phase != known or (now > since + seconds and done >= before + least):
            self.span = phase, now, done
            return False
        return now > since + seconds

    def received(self, data: bytes) -> bool:
        """Take in bytes. The clock runs from a request's first byte to its last, blank lines included."""
        if self.is_last:
            return False
        self.began_at = self.began_at or monotonic()
        went_on: bool = super().received(data)
        if self.requests:
            self.began_at, self.span = None, ("", 0.0, 0)
            self.is_last = self.requests[-1].refused or self.requests[-1].error is not None
        return went_on

    def readable(self) -> bool:
        return bool(self.connected and (self.said_goodbye_at is not None or super().readable()))

    def writable(self) -> bool:
        # A connection that was closed a moment ago must not be polled any more.
        return bool(self.connected and super().writable())

    def handle_read(self) -> None:
        """Read. After the goodbye, discard what is still arriving until the other side hangs up."""
        if self.said_goodbye_at is None:
            super().handle_read()
        elif not self._discard_input():
            self.handle_close()

    def _discard_input(self) -> bool:
        try:
            return bool(self.recv(self.adj.recv_bytes))
        except OSError:
            return False

    def handle_write(self) -> None:
        """Write, and say goodbye before closing on someone who is still sending.

        If the connection were closed at once, the answer would be lost with what was not read (RFC 9112,
        section 9.6).
        """
        is_over = self.is_last and self.close_when_flushed
        if is_over:
            self.close_when_flushed = False
        super().handle_write()
        if is_over and self.connected:
            self.close_when_flushed = bool(self.total_outbufs_len)
            if not self.close_when_flushed:
                self.said_goodbye_at = monotonic()
                with suppress(OSError):
                    self.socket.shutdown(socket.SHUT_WR)

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close=do_close)
        self.sent += sent
        return sent

    def write_soon(self, data: Any) -> int:
        if not self.total_outbufs_len:
            # A new answer starts, and its bytes count from zero.
            self.sent, self.span = 0, ("", 0.0, 0)
        return int(super().write_soon(data))

    def service(self) -> None:
        super().service()
        self.has_answered, self.rests_since = True, monotonic()

    def handle_close(self) -> None:
        """Close the connection, and the file of a body that was only partly received."""
        if self.request is not None:
            self.request.close()
        super().handle_close()

    close = handle_close
