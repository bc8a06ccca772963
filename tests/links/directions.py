"""Words from right to left in all pages, and where they would turn those beside them around."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import Integer, update

from bookclub.extensions import Base, db
from bookclub.lib.text.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE

# A word of Hebrew that stands in front of all that members have typed.
WORD = "שלום"
# Columns of words by the names that they have in every table; the others hold addresses, keys and kinds.
WORDS = {
    "about", "access", "authors", "authors_line", "body", "cancel_reason", "description", "display_name",
    "lock_reason", "name", "note", "notes", "pitch", "place", "question", "reason", "removal_reason",
    "series", "stop_reason", "subtitle", "summary", "text", "title", "words",
}  # fmt: skip
_ISOLATED = re.compile(f"{FIRST_STRONG_ISOLATE}[^{POP_ISOLATE}]*{POP_ISOLATE}")
# In English, and in the made-up language of tests/pseudo_language.py.
_REVIEW_OF = re.compile("^(Review of|Ŕéṽíéŵ óḟ) ")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_SAID = ("alt", "aria-label", "content", "data-announce", "label", "placeholder", "title")


def turn() -> None:
    """Put the word in front of everything that members have typed."""
    for table in Base.metadata.sorted_tables:
        # A chapter's place is a number.
        typed = [one for one in table.columns if one.name in WORDS and not isinstance(one.type, Integer)]
        values: dict[str, Any] = {column.name: f"{WORD} " + column for column in typed}
        if "renderer_version" in table.columns:
            values["renderer_version"] = 0
        for name, value in values.items():
            there = table.columns[name] != "" if name in WORDS else table.columns[name].is_not(None)
            db.session.execute(update(table).where(there).values({name: value}))


def faults(html: str) -> list[str]:
    """The words in a page that stand in no element of their own direction."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_apart = tag == "bdi" or given.get("dir") == "auto"
        for name in _SAID:
            if is_mixed(given.get(name, "")):
                self.found.append(f"<{tag} {name}={given[name]!r}>")
        is_typed = tag == "input" and given.get("type", "text") in ("text", "search")
        if is_typed and WORD in given.get("value", "") and not is_apart:
            self.found.append(f"<input name={given.get('name')!r}> without a direction")
        if tag not in _VOID:
            self.open.append((tag, is_apart))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if WORD not in _ISOLATED.sub("", data) or {"script", "style", "svg"} & set(tags):
            return
        is_apart = any(apart for _, apart in self.open) or tags[-1] in ("option", "title")
        if not is_apart or is_mixed(data):
            self.found.append(f"<{tags[-1]}> {' '.join(data.split())!r}")


def is_mixed(text: str) -> bool:
    """Return whether the word stands behind others without an isolate between them."""
    # A review that came without a title is called after its book, once and for all.
    text = _REVIEW_OF.sub("", text.strip(), count=1)
    before, word, _ = _ISOLATED.sub("", text).partition(WORD)
    return bool(word) and any(sign.isalpha() for sign in before)
