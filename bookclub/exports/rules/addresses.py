"""The club's addresses as links from file to file, for a copy of it that lies on a disk."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

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
