"""Texts of an export: links between its files, hidden spoilers, Markdown, and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from html import unescape
from typing import Any

from ..lib.text.spoilers import hide_spoilers

# Returns the file for the two parts of an address such as /books/emma; None if the export has none.
Known = Callable[[str, str], str | None]

# The cleaner of rendered HTML writes every attribute between double quotes, so this finds all links.
_LINK = re.compile(r'<a\b[^>]*\shref="(?P<href>/[^"]*)"[^>]*>')
_IMAGE = re.compile(r'(<img (?:class="\w+" )?src=")/(pictures/(\d+))/[^"]*(" )srcset="[^"]*" sizes="[^"]*" ')
# The address of a comment in its thread leads to the comment.
_ADDRESS = re.compile(r"/(?P<kind>[a-z]+)/(?P<key>[A-Za-z0-9][A-Za-z0-9_.-]*)(?:/in-thread)?(?:[?#].*)?")


def relink(html: str, up: str, page_of: Known) -> str:
    """Return rendered HTML with its links into the club changed to the files of the export.

    ``up`` is the path from the page to the export's top ("../"), ``page_of`` returns the file for a kind and
    a key. A link without a page in the export loses its address; its words stay.
    """

    def lead(link: re.Match[str]) -> str:
        address = _ADDRESS.fullmatch(unescape(link["href"]))
        page = page_of(address["kind"], address["key"]) if address else None
        return "<a>" if page is None else f'<a href="{up}{page}">'

    return _LINK.sub(lead, html)


def pictures_on(html: str) -> set[int]:
    """Return the numbers of the pictures on a page: those of its texts, covers and the club's."""
    return {int(image[3]) for image in _IMAGE.finditer(html)}


def relink_pictures(html: str, up: str) -> str:
    """Return a page whose pictures are files of the export: one copy each."""
    return _IMAGE.sub(rf"\1{up}\2.webp\4", html)


LEFT_OUT = "(spoiler)"


def without_spoilers(text: str) -> str:
    """Return the text with a sign in place of each inline spoiler, found as for rendering."""
    return hide_spoilers(text.replace("\r\n", "\n").replace("\r", "\n"), LEFT_OUT)


Row = Mapping[str, Any]


def markdown(head: Row, body: str) -> str:
    """Return a text under a head of "key: value" lines, which are YAML with values spelt as JSON.

    Unknown and empty values are left out of the head.
    """
    # A value as JSON needs no rules of YAML about colons, quotation marks and line ends.
    lines = [f"{key}: {_json(value)}" for key, value in head.items() if value not in (None, "", [], ())]
    return "\n".join(["---", *lines, "---", "", body.replace("\r\n", "\n"), ""])


def json_array(rows: Iterable[Row]) -> Iterator[str]:
    """Pieces of a JSON array, one object per line."""
    # Written row by row, since a library may not fit into memory.
    before = "[\n"
    for row in rows:
        yield f"{before}{_json(row)}"
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """JSON lines, one object each."""
    for row in rows:
        yield f"{_json(row)}\n"


def json_object(row: Row) -> str:
    """One object as JSON, over several lines so that people can read it."""
    return json.dumps(row, ensure_ascii=False, indent=2, default=_to_json) + "\n"


def _json(value: Any) -> str:
    # Some readers take Unicode's line separators for the end of a line.
    text = json.dumps(value, ensure_ascii=False, default=_to_json)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def _to_json(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no spelling in JSON")
