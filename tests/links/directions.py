"""Words from right to left in all pages, and where they would turn those beside them around."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from sqlalchemy import Integer, update

from bookclub.extensions import Base, db
from bookclub.lib.text.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE
from tests.links.tags import Tag, tokens

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
    open_tags: list[tuple[str, bool]] = []
    found: list[str] = []
    for tag, end, text in tokens(html):
        if tag:
            found += _faults_of(tag)
            if tag.is_left_open:
                open_tags.append((tag.name, _is_apart(tag)))
        elif end:
            while open_tags and open_tags.pop()[0] != end:
                pass
        elif WORD in text and WORD in _ISOLATED.sub("", text):
            names = [name for name, _ in open_tags]
            if not {"script", "style", "svg"} & set(names):
                is_apart = any(apart for _, apart in open_tags) or names[-1] in ("option", "title")
                if not is_apart or is_mixed(text):
                    found.append(f"<{names[-1]}> {' '.join(text.split())!r}")
    return found


def _is_apart(tag: Tag) -> bool:
    return tag.name == "bdi" or tag.attributes.get("dir") == "auto"


@cache
def _faults_of(tag: Tag) -> tuple[str, ...]:
    """Attributes of a tag that are read out, or may be changed, without a direction of their own."""
    given = tag.attributes
    found = [f"<{tag.name} {name}={given[name]!r}>" for name in _SAID if is_mixed(given.get(name, ""))]
    is_typed = tag.name == "input" and given.get("type", "text") in ("text", "search")
    if is_typed and WORD in given.get("value", "") and not _is_apart(tag):
        found.append(f"<input name={given.get('name')!r}> without a direction")
    return tuple(found)


def is_mixed(text: str) -> bool:
    """Return whether the word stands behind others without an isolate between them."""
    # A review that came without a title is called after its book, once and for all.
    text = _REVIEW_OF.sub("", text.strip(), count=1)
    before, word, _ = _ISOLATED.sub("", text).partition(WORD)
    return bool(word) and any(sign.isalpha() for sign in before)
