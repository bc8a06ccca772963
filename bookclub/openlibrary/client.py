"""HTTP client of Open Library, with limits on time, size and concurrent requests.

It names the club, and takes nothing in an answer for granted.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from importlib.metadata import version
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from flask import Flask, current_app

from ..config import Settings

SECONDS = 8.0
SECONDS_TO_CONNECT = 3.0
MAX_BYTES = 512 * 1024
MAX_REDIRECTS = 2
# A member who waits for Open Library occupies one of the server's threads; the others are for the club.
AT_ONCE = 2
# Statuses of a request that got no answer, and of one that was not made.
NO_ANSWER = 0
BUSY = -1
# An answer that is not the expected JSON, or leads to another host, counts as a bad gateway.
UNREADABLE = 502

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    """An answer: its HTTP status, or NO_ANSWER or BUSY; its record; and how long to stay away."""

    status: int
    record: dict[str, Any] = field(default_factory=dict)
    retry_after: str = ""


class OpenLibrary:
    """Open Library at ``site``. Requests that belong together share ``seconds``.

    ``contact`` is an address of the club: Open Library refuses programs that give none.
    """

    def __init__(self, site: str, contact: str | None = None, seconds: float = SECONDS) -> None:
        self.site, self.contact, self.seconds = site, contact, seconds
        agent = f"Bookclub/{version('bookclub')}" + (f" (+{contact})" if contact else "")
        self._pool = urllib3.PoolManager(
            num_pools=1,
            maxsize=AT_ONCE,
            headers={"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "gzip"},
        )
        self._places = BoundedSemaphore(AT_ONCE)

    def ask(self, path: str, seconds: float) -> Reply:
        """Return the record at this path, or no answer after so many seconds. Never raises.

        The request runs in a thread of its own: a name that does not resolve, and a server that sends a byte
        now and then, ignore time-outs. A request that is given up keeps its place until it ends.
        """
        # To wait for a place would hold another of the server's threads.
        if not self._places.acquire(blocking=False):
            return Reply(BUSY)
        replies: SimpleQueue[Reply] = SimpleQueue()

        def fetch() -> None:
            try:
                replies.put(self._fetch(path, monotonic() + seconds))
            finally:
                self._places.release()

        # A daemon thread does not keep a stopping server alive.
        Thread(target=fetch, name="Open Library", daemon=True).start()
        try:
            # Queues refuse a time-out below zero.
            return replies.get(timeout=max(seconds, 0.01))
        except Empty:
            return Reply(NO_ANSWER)

    def _fetch(self, path: str, ends: float) -> Reply:
        url = self.site + path
        try:
            for _ in range(MAX_REDIRECTS + 1):
                left = ends - monotonic()
                if left <= 0:
                    break
                response = self._pool.request(
                    "GET",
                    url,
                    # The loop follows redirects itself, to check the host and the time that is left.
                    redirect=False,
                    retries=False,
                    # The body is read piece by piece, up to MAX_BYTES.
                    preload_content=False,
                    timeout=urllib3.Timeout(connect=min(SECONDS_TO_CONNECT, left), read=left),
                )
                try:
                    location = response.get_redirect_location()
                    if not location:
                        retry_after = response.headers.get("Retry-After", "")
                        return _parse_reply(response.status, _read_body(response, ends), retry_after)
                finally:
                    response.close()
                url = urljoin(url, location)
                # A redirect must not lead to another host, such as one inside the club's own network.
                if urlsplit(url)[:2] != urlsplit(self.site)[:2]:
                    return Reply(UNREADABLE)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as problem:
            # A machine without certificates or without a way out should be able to find out why.
            log.warning("Open Library does not answer: %s", problem)
        return Reply(NO_ANSWER)


def _read_body(response: urllib3.BaseHTTPResponse, ends: float) -> bytes | None:
    """Return the unpacked body, or None if it is too large. Raises TimeoutError."""
    body = bytearray()
    while part := response.read1(65536):
        body += part
        # This counts unpacked bytes, so that a small packed answer cannot become a huge text.
        if len(body) > MAX_BYTES:
            return None
        if monotonic() > ends:
            raise TimeoutError
    return bytes(body)


def _parse_reply(status: int, body: bytes | None, retry_after: str) -> Reply:
    if status != 200:
        return Reply(status, retry_after=retry_after)
    try:
        # No number in use has a fraction, and no database stores the infinite numbers that JSON allows.
        record = json.loads(body or b"", parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        record = None
    return Reply(200, record) if isinstance(record, dict) else Reply(UNREADABLE)


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application a client of Open Library, unless that is switched off."""
    site = settings.open_library
    app.extensions["open_library"] = OpenLibrary(site, settings.url) if site else None


def the_open_library() -> OpenLibrary | None:
    """Return the application's client, or None if the club does not use Open Library."""
    client: OpenLibrary | None = current_app.extensions["open_library"]
    return client
