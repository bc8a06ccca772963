"""The club's addresses as links from file to file, for a copy of it that lies on a disk."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from html import unescape
from typing import Any

from ..lib.text.spoilers import hide

# Where the page of an address such as /books/emma is; None where the copy has none.
Known = Callable[[str, str], str | None]

_LINK = re.compile(r'<a\b[^>]*\shref="(?P<href>/[^"]*)"[^>]*>')
_ADDRESS = re.compile(r"/(?P<kind>[a-z]+)/(?P<key>[A-Za-z0-9][A-Za-z0-9_.-]*)(?:/in-thread)?(?:[?#].*)?")


def relinked(html: str, up: str, page_of: Known) -> str:
    """Rendered words whose links into the club lead to the files of its copy.

    ``up`` is the way from the page to the copy's top ("../"), ``page_of`` tells the file of a kind and a
    key. A link that the copy has no page for leads nowhere any more; its words stay.
    """

    def lead(link: re.Match[str]) -> str:
        address = _ADDRESS.fullmatch(unescape(link["href"]))
        page = page_of(address["kind"], address["key"]) if address else None
        return "<a>" if page is None else f'<a href="{up}{page}">'

    return _LINK.sub(lead, html)


LEFT_OUT = "(spoiler)"


def closed(text: str) -> str:
    """The text with a sign in the place of each of its inline spoilers, as prose.render() finds them."""
    return hide(text.replace("\r\n", "\n").replace("\r", "\n"), LEFT_OUT)


Row = Mapping[str, Any]


def markdown(head: Row, body: str) -> str:
    """A text under a head of "key: value" lines, which are YAML, its values spelt as JSON.

    What is unknown or empty is left out of the head.
    """
    lines = [f"{key}: {_json(value)}" for key, value in head.items() if value not in (None, "", [], ())]
    return "\n".join(["---", *lines, "---", "", body.replace("\r\n", "\n"), ""])


def json_array(rows: Iterable[Row]) -> Iterator[str]:
    """A JSON array, an object a line, piece by piece."""
    before = "[\n"
    for row in rows:
        yield f"{before}{_json(row)}"
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """JSON lines, an object each."""
    for row in rows:
        yield f"{_json(row)}\n"


def json_object(row: Row) -> str:
    """One object, spread over lines for whoever reads it."""
    return json.dumps(row, ensure_ascii=False, indent=2, default=_spelt) + "\n"


def _json(value: Any) -> str:
    # The line separators of Unicode would end a line for some who read line by line.
    text = json.dumps(value, ensure_ascii=False, default=_spelt)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def _spelt(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no spelling in JSON")
