"""The tags and texts of a page. Most tags stand on many pages; each is taken apart once."""

from __future__ import annotations

import re
from functools import cache, cached_property, lru_cache
from html import unescape
from html.parser import HTMLParser

VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
}  # fmt: skip
# Elements whose text is no markup.
RAW = {"script", "style"}
# Templates escape what is typed, so a sign that opens a tag stands nowhere else.
TOKEN = re.compile(
    r"""<!--.*?-->|<![^>]*>|</(?P<end>[a-zA-Z][^\s/>]*)[^>]*>|(?P<start><[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>)""",
    re.DOTALL,
)


class Tag:
    """A start tag as it is written, with its name and its attributes."""

    def __init__(self, name: str, attributes: dict[str, str], *, is_closed: bool) -> None:
        self.name, self.attributes = name, attributes
        self.is_left_open = not is_closed and name not in VOID

    @cached_property
    def kind(self) -> tuple[object, ...]:
        """The name, and the kinds of the attributes."""
        return (self.name, tuple(sorted((name, shape(value)) for name, value in self.attributes.items())))


def shape(value: str) -> str:
    """A value by its kind: whether there is one, and what it holds besides letters and digits."""
    return "".join(sorted({"x" if each.isalnum() else each for each in value}))


@lru_cache(maxsize=1)
def tokens(source: str) -> list[tuple[Tag | None, str, str]]:
    """A page in order: start tags, the names of end tags, and texts; of each triple one is given."""
    found: list[tuple[Tag | None, str, str]] = []
    at, raw = 0, ""
    for match in TOKEN.finditer(source):
        end, start = match.groups()
        if raw and (not end or end.lower() != raw):
            continue
        begin, behind = match.span()
        if at < begin:
            text = source[at:begin]
            found.append((None, "", text if raw else unescape(text)))
        at, raw = behind, ""
        if start:
            tag = read_tag(start)
            found.append((tag, "", ""))
            if tag.name in RAW and tag.is_left_open:
                raw = tag.name
        elif end:
            found.append((None, end.lower(), ""))
    if at < len(source):
        found.append((None, "", unescape(source[at:])))
    return found


@cache
def read_tag(text: str) -> Tag:
    """Take a start tag apart."""
    reader = _Reader()
    reader.feed(text)
    return reader.tags[0]


class _Reader(HTMLParser):
    """Python's parser, which knows how attributes are written."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.note(tag, attrs, is_closed=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.note(tag, attrs, is_closed=True)

    def note(self, tag: str, attrs: list[tuple[str, str | None]], *, is_closed: bool) -> None:
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}, is_closed=is_closed))
