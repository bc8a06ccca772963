"""Response times with and without many sockets that send a byte now and then.

    python -m tests.benchmarks.slow_sockets [SOCKETS]

Serves a demo club in a process of its own, asks for a page a hundred times, opens that many sockets (1000)
which send a byte every four seconds, and asks again. Prints the 95th percentile of both in milliseconds, and
their ratio: a busy machine slows both down.
"""

from __future__ import annotations

import resource
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from threading import Event, Thread
from urllib.parse import urlsplit

from tests.running import running

ASKED = 100
SECONDS_A_BYTE = 4.0
REQUEST = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


def percentile_95(host: str, port: int, path: str = "/sign-in", asked: int = ASKED) -> float:
    """The 95th percentile of the milliseconds that a page takes, each on a connection of its own."""
    taken = []
    for _ in range(asked):
        began = time.perf_counter()
        connection = HTTPConnection(host, port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == 200
        taken.append(1000 * (time.perf_counter() - began))
    return sorted(taken)[int(0.95 * len(taken))]


@contextmanager
def slow_sockets(host: str, port: int, number: int) -> Iterator[list[int]]:
    """Keep so many sockets open, each of which sends a byte every four seconds; open one anew that is closed.

    Yields a list whose only member is how many are open.
    """
    over, count = Event(), [0]

    def send() -> None:
        sockets: list[socket.socket] = []
        try:
            while not over.is_set():
                while len(sockets) < number and not over.is_set():
                    sockets.append(socket.create_connection((host, port), timeout=30))
                    sockets[-1].sendall(REQUEST)
                    sockets[-1].setblocking(False)
                    count[0] = len(sockets)
                for begun in list(sockets):
                    if over.wait(SECONDS_A_BYTE / number):
                        return
                    try:
                        begun.send(b"x")
                    except OSError:
                        begun.close()
                        sockets.remove(begun)
        finally:
            for begun in sockets:
                begun.close()

    thread = Thread(target=send, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while count[0] < number and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield count
    finally:
        over.set()
        thread.join()


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, number + 200)), hard))
    with ExitStack() as stack:
        server = stack.enter_context(running("demo", "--port", "0"))
        address = urlsplit(server.address)
        host, port = address.hostname or "", address.port or 0
        percentile_95(host, port, asked=20)
        before = percentile_95(host, port)
        with slow_sockets(host, port, number) as opened:
            print(f"{opened[0]} sockets are open.")
            during = percentile_95(host, port)
        print(f"95th percentile: {before:.0f} ms without, {during:.0f} ms with, {during / before:.1f} times.")


if __name__ == "__main__":
    main()
