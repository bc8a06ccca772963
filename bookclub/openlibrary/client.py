"""HTTP client of Open Library, with limits on time, size and concurrent requests.

It names the club, and takes nothing in an answer for granted.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
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
# Covers are at the Internet Archive, whose front door sends on to one of its stores.
SECONDS_FOR_COVER = 12.0
MAX_COVER_BYTES = 6 * 1024 * 1024
MAX_COVER_REDIRECTS = 4
ARCHIVE = "archive.org"
# A member who waits for Open Library occupies one of the server's threads; the others are for the club.
AT_ONCE = 2
# Statuses of a request that got no answer, and of one that was not made.
NO_ANSWER = 0
BUSY = -1
# An answer that is not the expected JSON, or leads to another host, counts as a bad gateway.
UNREADABLE = 502

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenLibraryReply:
    """An answer: its HTTP status, or NO_ANSWER or BUSY; its record; and how long to stay away.

    ``image`` holds the bytes of a cover, which may be anything.
    """

    status: int
    record: dict[str, Any] = field(default_factory=dict)
    retry_after: str = ""
    image: bytes = b""


@dataclass(frozen=True)
class _Sort:
    """The limits of one sort of request, where it may be sent on to, and how its body is read."""

    accept: str
    most_bytes: int
    most_redirects: int
    may_follow: Callable[[str, str], bool]
    parse: Callable[[bytes | None], OpenLibraryReply]


class OpenLibrary:
    """Open Library at ``site``, and its covers at ``covers``.

    Requests that belong together share ``seconds``.
    ``contact`` is an address of the club: Open Library refuses programs that give none.
    """

    def __init__(
        self, site: str, contact: str | None = None, seconds: float = SECONDS, covers: str | None = None
    ) -> None:
        self.site, self.contact, self.seconds, self.covers = site, contact, seconds, covers or site
        agent = f"Bookclub/{version('bookclub')}" + (f" (+{contact})" if contact else "")
        self._pool = urllib3.PoolManager(
            num_pools=4,
            maxsize=AT_ONCE,
            headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
        )
        self._places = BoundedSemaphore(AT_ONCE)

    def ask(self, path: str, seconds: float) -> OpenLibraryReply:
        """Return the record at this path, or no answer after so many seconds. Never raises."""
        return self._wait_for(self.site, path, RECORD, seconds)

    def ask_cover(self, path: str, seconds: float) -> OpenLibraryReply:
        """Return the bytes of the cover at this path, or no answer after so many seconds. Never raises."""
        return self._wait_for(self.covers, path, COVER, seconds)

    def _wait_for(self, site: str, path: str, sort: _Sort, seconds: float) -> OpenLibraryReply:
        """Return the answer at this path, or none after so many seconds.

        The request runs in a thread of its own: a name that does not resolve, and a server that sends a byte
        now and then, ignore time-outs. A request that is given up keeps its place until it ends.
        """
        # To wait for a place would hold another of the server's threads.
        if not self._places.acquire(blocking=False):
            return OpenLibraryReply(BUSY)
        replies: SimpleQueue[OpenLibraryReply] = SimpleQueue()

        def fetch() -> None:
            try:
                replies.put(self._fetch(site, path, sort, monotonic() + seconds))
            finally:
                self._places.release()

        # A daemon thread does not keep a stopping server alive.
        Thread(target=fetch, name="Open Library", daemon=True).start()
        try:
            # Queues refuse a time-out below zero.
            return replies.get(timeout=max(seconds, 0.01))
        except Empty:
            return OpenLibraryReply(NO_ANSWER)

    def _fetch(self, site: str, path: str, sort: _Sort, ends: float) -> OpenLibraryReply:
        url = site + path
        try:
            for _ in range(sort.most_redirects + 1):
                left = ends - monotonic()
                if left <= 0:
                    break
                response = self._pool.request(
                    "GET",
                    url,
                    headers={**self._pool.headers, "Accept": sort.accept},
                    # The loop follows redirects itself, to check the host and the time that is left.
                    redirect=False,
                    retries=False,
                    # The body is read piece by piece, up to its limit.
                    preload_content=False,
                    timeout=urllib3.Timeout(connect=min(SECONDS_TO_CONNECT, left), read=left),
                )
                try:
                    location = response.get_redirect_location()
                    if not location:
                        body = _read_body(response, ends, sort.most_bytes)
                        if response.status == 200:
                            return sort.parse(body)
                        return OpenLibraryReply(
                            response.status, retry_after=response.headers.get("Retry-After", "")
                        )
                finally:
                    response.close()
                url = urljoin(url, location)
                if not sort.may_follow(url, site):
                    return OpenLibraryReply(UNREADABLE)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as problem:
            # A machine without certificates or without a way out should be able to find out why.
            log.warning("Open Library does not answer: %s", problem)
        return OpenLibraryReply(NO_ANSWER)


def stays_on(url: str, site: str) -> bool:
    """Return whether an address is on the site.

    A redirect must not lead to another host, such as one inside the club's own network.
    """
    return urlsplit(url)[:2] == urlsplit(site)[:2]


def leads_to_cover(url: str, site: str) -> bool:
    """Return whether an address is on the site, or a host of the Internet Archive, by https."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_archive = host == ARCHIVE or host.endswith(f".{ARCHIVE}")
    return stays_on(url, site) or (parts.scheme == "https" and is_archive and parts.port in (None, 443))


def _read_body(response: urllib3.BaseHTTPResponse, ends: float, most_bytes: int) -> bytes | None:
    """Return the unpacked body, or None if it is too large. Raises TimeoutError."""
    body = bytearray()
    while part := response.read1(65536):
        body += part
        # This counts unpacked bytes, so that a small packed answer cannot become a huge text.
        if len(body) > most_bytes:
            return None
        if monotonic() > ends:
            raise TimeoutError
    return bytes(body)


def _parse_record(body: bytes | None) -> OpenLibraryReply:
    try:
        # No number in use has a fraction, and no database stores the infinite numbers that JSON allows.
        record = json.loads(body or b"", parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        record = None
    return OpenLibraryReply(200, record) if isinstance(record, dict) else OpenLibraryReply(UNREADABLE)


def _parse_cover(body: bytes | None) -> OpenLibraryReply:
    return OpenLibraryReply(200, image=body) if body else OpenLibraryReply(UNREADABLE)


RECORD = _Sort("application/json", MAX_BYTES, MAX_REDIRECTS, stays_on, _parse_record)
COVER = _Sort("image/*", MAX_COVER_BYTES, MAX_COVER_REDIRECTS, leads_to_cover, _parse_cover)


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application a client of Open Library, unless that is switched off."""
    site = settings.open_library
    app.extensions["open_library"] = (
        OpenLibrary(site, settings.url, covers=settings.open_library_covers) if site else None
    )


def the_open_library() -> OpenLibrary | None:
    """Return the application's client, or None if the club does not use Open Library."""
    client: OpenLibrary | None = current_app.extensions["open_library"]
    return client
