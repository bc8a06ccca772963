"""Registry of what the search finds: which words each kind of row has, and which columns these come from.

A package hands over the words of its rows with ``@searchable``. The package ``search``, right of all others,
keeps its index by that, in the transaction that changes a row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from .extensions import Base
from .lib.text.markdown import plain_text
from .lib.text.shown_text import typed
from .lib.text.spoilers import PLACEHOLDER, hide_spoilers


@dataclass(frozen=True)
class SearchableText:
    """The words of one row as plain text, as far as readers may see them.

    ``title`` is safe for everybody. ``text`` is everything else that those read who may see all of it.
    ``closed`` is the same with its inline spoilers closed, or None if it has none; ``public`` is what those
    read from whom the text is locked, or None if that is nothing.
    """

    row_id: int
    title: str = ""
    text: str = ""
    closed: str | None = None
    public: str | None = None


class Source:
    """Columns of a table from which words come. ``key`` is its column with the id of the row they are of."""

    def __init__(self, key: Any, *columns: Any) -> None:
        self.key, self.table = key, key.table
        # A row that comes to belong to another one changes the words of both.
        self.columns = {column.name for column in (key, *columns)}


Loader = Callable[[Collection[int]], Iterable[SearchableText]]


@dataclass(frozen=True)
class Searchable:
    """A kind of row that the search finds.

    ``number`` is part of the numbers in the index, and never changes. ``load`` returns the words of those
    rows, by their ids, that are to be found at all.
    """

    name: str
    number: int
    model: type[Base]
    sources: tuple[Source, ...]
    load: Loader


KINDS: dict[str, Searchable] = {}


def searchable(name: str, number: int, model: type[Base], *sources: Source) -> Callable[[Loader], Loader]:
    """Register a function that returns the words of rows of a model, with the columns that it reads."""

    def register(load: Loader) -> Loader:
        KINDS[name] = Searchable(name, number, model, sources, load)
        return load

    return register


def public_words(*texts: str | None) -> str:
    """Return texts that everybody reads as one. Spoilers that they hold from older times are left out."""
    return "\n".join(hide_spoilers(typed(text), "…") for text in texts if text)


def post_words(
    row_id: int, html: str, safe_html: str, *, title: str = "", public: str | None = None
) -> SearchableText:
    """Return the words of a post: of its HTML, in full and with spoilers closed, below its public ones."""

    def whole(of: str) -> str:
        return "\n".join(filter(None, (public, plain_text(of))))

    closed = whole(safe_html) if PLACEHOLDER in safe_html else None
    return SearchableText(row_id, title, whole(html), closed, public)
