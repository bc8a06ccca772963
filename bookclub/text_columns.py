"""Columns for text that people wrote: rendered prose with its version, and words that everyone reads.

Both fail closed. Stored HTML is served only if the present renderer made it; otherwise the source is rendered
when it is read. Words that everyone reads come out of the database with their spoilers hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar, cast

from sqlalchemy import Dialect, String, Text, TypeDecorator, case, inspect, literal, type_coerce
from sqlalchemy import cast as cast_in_sql
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql._typing import _DMLColumnArgument

from .lib.text.book_mentions import find_mentions
from .lib.text.errors import TextError
from .lib.text.markdown import RENDERER_VERSION, Prose, render
from .lib.text.pictures import Owner, Sizes, pictures_named
from .lib.text.shown_text import ShownText, typed
from .lib.text.spoilers import PLACEHOLDER, hide_spoilers

Addresses = Callable[[str], Mapping[str, str]]
SizesOf = Callable[[Collection[int], Owner], Mapping[int, Sizes]]

# In a result these signs stand before the source of a row that has to be rendered. No stored text contains
# them.
_SIGNS = {"\x02": "html", "\x03": "safe_html"}
# This one stands between the post that a source belongs to and the source itself.
_AFTER_OWNER = "\x06"
_ADDRESSES: list[Addresses] = []
_SIZES: list[SizesOf] = []


@dataclass(frozen=True)
class StoredPart:
    """One column of HTML: its source column, and the part of the Prose that it holds."""

    name: str
    source: str
    part: str
    with_mentions: bool


class Rendered:
    """The column beside stored HTML with the version of the renderer that made it; 0 if unknown.

    Setting the HTML of a row sets the version, too, so the two always agree.
    """

    renderer_version: Mapped[int] = mapped_column(default=0)
    # The kind of post that pictures in this text belong to, and the attribute with its id.
    pictures_of: ClassVar[tuple[str, str] | None] = None


def resolves_mentions(addresses: Addresses) -> Addresses:
    """Register a function that returns the addresses of the books that a text mentions.

    The keys of its result are those of ``book_mentions.key_of``.
    """
    _ADDRESSES.append(addresses)
    return addresses


def resolves_pictures(sizes: SizesOf) -> SizesOf:
    """Register a function that returns the sizes of those of some pictures that belong to a post."""
    _SIZES.append(sizes)
    return sizes


def rendered_again(source: str, *, with_mentions: bool, owner: Owner | None = None) -> Prose:
    """Render stored text, with the pictures of the post that it belongs to.

    If the renderer now refuses it, show it as typed, and hide it whole.
    """
    try:
        known = (
            # Most texts mention no book, and need no statement.
            [addresses(source) for addresses in _ADDRESSES] if with_mentions and find_mentions(source) else []
        )
        named = pictures_named(source) if owner else ()
        shown = [sizes(named, owner) for sizes in _SIZES] if owner and named else []
        return render(
            source,
            {key: address for found in known for key, address in found.items()},
            {number: size for found in shown for number, size in found.items()},
        )
    except TextError:
        return Prose(f"<p>{escape(source)}</p>\n", f"<p>{PLACEHOLDER}</p>\n", has_spoilers=True)


def owner_of(row: Any) -> Owner | None:
    """Return the post that the pictures in a row's text belong to; None if it can have none.

    A model with pictures says so by ``pictures_of``: the kind of the post, and the attribute with its id.
    """
    kind, attribute = getattr(row, "pictures_of", None) or (None, "")
    return Owner(kind, getattr(row, attribute)) if kind else None


class RenderedText(TypeDecorator[str]):
    """HTML as it is stored, or rendered now if a sign stands before its source and its owner."""

    impl = Text
    cache_ok = True

    def __init__(self, with_mentions: bool = False) -> None:
        super().__init__()
        self.with_mentions = with_mentions

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        part = _SIGNS.get(value[:1]) if value else None
        if value is None or part is None:
            return value
        named, _sign, source = value[1:].rpartition(_AFTER_OWNER)
        kind, _space, id = named.partition(" ")
        owner = Owner(kind, int(id)) if named else None
        return str(getattr(rendered_again(source, with_mentions=self.with_mentions, owner=owner), part))


def stored_html(
    name: str, *, source: str, part: str = "safe_html", with_mentions: bool = False
) -> hybrid_property[str]:
    """Return the attribute ``name`` of a model: HTML by the present renderer, in Python and in SQL.

    The column is mapped as ``_name``. ``source`` is the column that it was rendered from; ``part`` is the
    part of the Prose that it holds.
    """
    sign = next(sign for sign, of in _SIGNS.items() if of == part)

    def read(row: Any) -> str:
        if row.renderer_version == RENDERER_VERSION:
            return cast(str, getattr(row, f"_{name}"))
        text = typed(getattr(row, source) or "")
        return cast(
            str, getattr(rendered_again(text, with_mentions=with_mentions, owner=owner_of(row)), part)
        )

    def write(row: Any, html: str) -> None:
        setattr(row, f"_{name}", html)
        row.renderer_version = RENDERER_VERSION

    def express(model: Any) -> Any:
        is_current = model.renderer_version == RENDERER_VERSION
        # SQL cannot render, so the source goes out with a sign before it, and RenderedText renders it on
        # arrival.
        to_render = literal(sign, Text) + type_coerce(getattr(model, source), Text)
        if model.pictures_of:
            kind, attribute = model.pictures_of
            named = literal(f"{sign}{kind} ", Text) + cast_in_sql(getattr(model, attribute), Text)
            to_render = named + literal(_AFTER_OWNER, Text) + type_coerce(getattr(model, source), Text)
        stored = getattr(model, f"_{name}")
        return type_coerce(case((is_current, stored), else_=to_render), RenderedText(with_mentions))

    def update(cls: Any, value: Any) -> list[tuple[_DMLColumnArgument, Any]]:
        return [(getattr(cls, f"_{name}"), value)]

    # SQLAlchemy finds the attribute by the name of its function.
    read.__name__ = name
    read.__dict__["stored"] = StoredPart(name, source, part, with_mentions)
    return hybrid_property(read, write, expr=express, update_expr=update)


def stored_parts(model: type[Any]) -> list[StoredPart]:
    """Return the columns of a model that hold HTML."""
    descriptors = inspect(model).all_orm_descriptors
    hybrids = (one for one in descriptors if isinstance(one, hybrid_property))
    return [hybrid.fget.__dict__["stored"] for hybrid in hybrids if "stored" in hybrid.fget.__dict__]


def as_typed(column: Any) -> Any:
    """Return a column of public words as their author typed them, for that author alone."""
    return type_coerce(column, Text).label(column.key)


class ShownInOtherWords(TypeDecorator[str]):
    """Words that readers see as ``show`` returns them: in their language, say.

    A value that was read can be written again, elsewhere too, and is stored as it was typed.
    """

    impl = Text
    cache_ok = True

    def __init__(self, length: int | None, show: Callable[[str], str]) -> None:
        super().__init__()
        self.length = length
        self.show = show
        self.impl = String(length) if length else Text()  # type: ignore[assignment]

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else typed(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        shown = self.show(value)
        # Most words are shown as they are, and stay plain strings.
        return ShownText(shown, value) if shown != value else value


class PublicText(ShownInOtherWords):
    """Words that everyone reads. Forms refuse spoilers in them; stored ones come out hidden."""

    cache_ok = True

    def __init__(self, length: int | None = None, show: Callable[[str], str] = hide_spoilers) -> None:
        super().__init__(length, show)
