"""A stand-in for Open Library on this machine: a few of its records, in its shapes, and its moods."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

WIZARD, SOLITUDE, BEOWULF = "OL59863W", "OL274505W", "OL1234567W"


def doc(work: str, title: str, authors: tuple[str, ...] = (), year: int | None = None, **more: Any) -> Any:
    """An entry of a search; what a work has not is not there."""
    entry: dict[str, Any] = {"key": f"/works/{work}", "title": title, **more}
    if authors:
        entry |= {"author_name": list(authors), "author_key": [f"OL{n}A" for n in range(1, len(authors) + 1)]}
    if year is not None:
        entry["first_publish_year"] = year
    return entry


def found(*docs: Any) -> dict[str, Any]:
    """What a search answers."""
    return {
        "numFound": len(docs),
        "start": 0,
        "numFoundExact": True,
        "num_found": len(docs),
        "documentation_url": "https://openlibrary.org/dev/docs/api/search",
        "q": "",
        "offset": None,
        "docs": list(docs),
    }


def editions(title: str, key: str = "/books/OL7361222M") -> dict[str, Any]:
    """The edition that a search thinks nearest to the question."""
    return {
        "editions": {
            "numFound": 312,
            "start": 0,
            "numFoundExact": True,
            "docs": [{"key": key, "title": title}],
        }
    }


EARTHSEA = doc(
    WIZARD,
    "A Wizard of Earthsea",
    ("Ursula K. Le Guin", "Ruth Robbins"),
    1968,
    edition_count=104,
    number_of_pages_median=205,
    cover_i=13617691,
    **editions("A Wizard of Earthsea"),
)
RECORDS: dict[str, Any] = {
    "search ursula le guin wizard": found(
        EARTHSEA,
        doc("OL99999901W", "Wizard of Earthsea. Tehanu", ("Ursula K. Le Guin",), edition_count=1),
        doc("OL99999902W", "The wizard", year=9999, **editions("The wizard")),
    ),
    "search one hundred years of solitude": found(
        doc(
            SOLITUDE,
            "Cien años de soledad",
            ("Gabriel García Márquez",),
            1967,
            edition_count=312,
            **editions("One Hundred Years of Solitude"),
        )
    ),
    "search isbn:9780141354910": found(EARTHSEA),
    f'search key:"/works/{WIZARD}"': found(EARTHSEA),
    f'search key:"/works/{BEOWULF}"': found(doc(BEOWULF, "Beowulf", edition_count=880)),
    "/isbn/9780141354910.json": "/books/OL26884131M.json",  # Where it sends those who ask.
    "/books/OL26884131M.json": {
        "type": {"key": "/type/edition"},
        "key": "/books/OL26884131M",
        "title": "A Wizard of Earthsea",
        "authors": [{"key": "/authors/OL31353A"}],
        "works": [{"key": f"/works/{WIZARD}"}],
        "isbn_10": ["0141354917"],
        "isbn_13": ["9780141354910"],
        "number_of_pages": 247,
        "physical_format": "Paperback",
        "publish_date": "Sep 2016",
        "publishers": ["Puffin"],
        "languages": [{"key": "/languages/eng"}],
        "latest_revision": 5,
        "revision": 5,
        "created": {"type": "/type/datetime", "value": "2019-04-05T11:20:19.861834"},
    },
    f"/works/{WIZARD}.json": {
        "type": {"key": "/type/work"},
        "key": f"/works/{WIZARD}",
        "title": "A Wizard of Earthsea",
        "authors": [
            {"type": {"key": "/type/author_role"}, "author": {"key": "/authors/OL31353A"}},
            {"type": {"key": "/type/author_role"}, "author": {"key": "/authors/OL2A"}},
        ],
        "description": {
            "type": "/type/text",
            "value": "Ged, a boy of Gont,\r\nlets a ||shadow|| loose.\r\n\r\n----------\r\nContained in: …",
        },
        "subjects": [
            "Fiction, fantasy, general",
            "Fantasy fiction",
            "Science Fiction & Fantasy",
            "Wizards -- Juvenile fiction",
            "nyt:paperback-books=2012-01-01",
            "Coming of Age",
            "Accessible book",
        ],
        "covers": [13617691, -1],
        "excerpts": [{"excerpt": "The island of Gont", "author": {"key": "/people/somebody"}}],
    },
    f"/works/{SOLITUDE}.json": {"type": {"key": "/type/redirect"}, "location": "/works/OL274506W"},
    "/works/OL274506W.json": {
        "type": {"key": "/type/work"},
        "key": "/works/OL274506W",
        "title": "Cien años de soledad",
        "authors": [{"author": {"key": "/authors/OL4586796A"}}],
        "description": "Seven generations.",
    },
    f"/works/{BEOWULF}.json": {"type": {"key": "/type/work"}, "title": "Beowulf"},
    # Only a record of an edition, as of a book that came in yesterday; its author was merged.
    "/isbn/9780571244980.json": {
        "type": {"key": "/type/edition"},
        "key": "/books/OL23221855M",
        "title": "Nocturnes",
        "subtitle": "five stories of music and nightfall",
        "authors": [{"key": "/authors/OL5A"}],
        "pagination": "xi, 221 p. ;",
        "publish_date": "2009",
    },
    "/authors/OL5A.json": {"type": {"key": "/type/redirect"}, "location": "/authors/OL6A"},
    "/authors/OL6A.json": {"type": {"key": "/type/author"}, "name": "Kazuo Ishiguro", "key": "/authors/OL6A"},
}
RECORDS["/books/OL23221855M.json"] = RECORDS["/isbn/9780571244980.json"]


@dataclass
class Mood:
    """An answer that is none: sent instead of the record. ``headers_last`` until the server is stopped."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds_before_each_byte: float = 0.0
    headers_last: bool = False


class FakeOpenLibrary(ThreadingHTTPServer):
    """The server: what it was ``asked``, and the ``mood`` it is in, if any."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.mood: Mood | None = None
        self.moods: dict[str, Mood] = {}
        self.records = dict(RECORDS)
        self.over = threading.Event()
        super().__init__(("127.0.0.1", port), Answering)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def server_bind(self) -> None:
        """Bind without looking the name of this machine up."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asks may hang up."""


class Answering(BaseHTTPRequestHandler):
    server: FakeOpenLibrary

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = parts.path
        if asked == "/search.json":
            asked = f"search {parse_qs(parts.query)['q'][0]}"
        self.server.asked.append(asked)
        self.server.agents.add(self.headers["User-Agent"])
        if mood := self.server.moods.get(asked, self.server.mood):
            return self.send(mood)
        record = self.server.records.get(asked, found() if asked.startswith("search ") else None)
        if isinstance(record, str):
            return self.send(Mood(302, {"Location": record}))
        if isinstance(record, bytes):
            return self.send(Mood(body=record))
        body = json.dumps(record if record is not None else {"error": "notfound", "key": asked}).encode()
        return self.send(Mood(404 if record is None else 200, body=body))

    def send(self, mood: Mood) -> None:
        if mood.headers_last:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not self.server.over.wait(0.02):
                self.wfile.write(b"x")
            return
        self.send_response(mood.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(mood.body)))
        for name, value in mood.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not mood.seconds_before_each_byte:
            self.wfile.write(mood.body)
            return
        for byte in mood.body:
            if self.server.over.wait(mood.seconds_before_each_byte):
                return
            self.wfile.write(bytes((byte,)))

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(port: int = 0) -> Iterator[FakeOpenLibrary]:
    """The stand-in, as long as this block lasts."""
    with FakeOpenLibrary(port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
