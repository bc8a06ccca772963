"""A server in a thread of the test, and raw sockets to send it what no browser would."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

from waitress.wasyncore import close_all

SECONDS = 30


@contextmanager
def serving(create: Callable[..., Any]) -> Iterator[Any]:
    """Run the server that ``create()`` makes as long as this block lasts."""
    server = create()
    sockets = server._map
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.trigger.pull_trigger(lambda: close_all(sockets))
        thread.join(SECONDS)
        server.task_dispatcher.shutdown()
        assert not thread.is_alive()


def connect(server: Any) -> socket.socket:
    """A connection to a server that listens on 127.0.0.1."""
    return socket.create_connection(("127.0.0.1", int(server.effective_port)), timeout=SECONDS)


def receive(connection: socket.socket) -> bytes:
    """All that comes until the other side hangs up."""
    received = b""
    while piece := connection.recv(65_536):
        received += piece
    return received


def send(server: Any, request: bytes) -> tuple[int, str]:
    """Send a request on a connection that it asks to close; the status and the text of the answer."""
    with connect(server) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # It was answered before all of it was sent.
            connection.sendall(request)
        head, _, text = receive(connection).partition(b"\r\n\r\n")
    return int(head.split()[1]), text.decode()


def post(path: str, body: bytes, *, size: int | None = None, **headers: str) -> bytes:
    """The bytes of a POST, whose headers may promise another size than its body has."""
    named = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    if "Transfer-Encoding" not in named:
        named["Content-Length"] = str(len(body) if size is None else size)
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body: bytes, size: int = 60_000) -> bytes:
    """A body as it is sent when nobody says how long it will be."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def open_temporary_files() -> list[str]:
    """Open files of this process that have no name any more, as the system calls them."""
    found = []
    for number in os.listdir("/proc/self/fd"):
        try:
            name = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        if "(deleted)" in name:
            found.append(name)
    return found


def wait_for(is_so: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Wait until something is so; whether it came to be."""
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.01)
    return is_so()
