"""The spoiler rules as SQL conditions: which texts one reader may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
)

from ..extensions import UTCDateTime, shared_alias
from ..lib.positions.places import END, START
from ..lib.positions.visibility import Viewer
from .models import Reading, Reveal

Column = ColumnElement[Any] | Any

# The aliases let the statement around them use the same tables for something else.
MY_READING = shared_alias(Reading, "my_reading")
MY_REVEAL = shared_alias(Reveal, "my_wish")


# These stand for every member in a statement that is built once for all of them.
_A_MEMBER = Viewer(
    cast(int, bindparam("viewer_id", type_=Integer)),
    cast(datetime, bindparam("viewer_new_since", type_=UTCDateTime)),
)
_A_MEMBER_OFF_SITE = replace(_A_MEMBER, off_site=True)
_A_VISITOR = Viewer()


def anyone_like(viewer: Viewer) -> Viewer:
    """Return what stands for all members, or for all visitors, in a statement that is built once.

    To build the conditions of a page anew took half of its time. Such a statement is sent with
    ``asked_by()``; without it SQLAlchemy refuses, so it is never sent for the wrong member.
    """
    if not viewer.is_member:
        return _A_VISITOR
    return _A_MEMBER_OFF_SITE if viewer.off_site else _A_MEMBER


def asked_by(viewer: Viewer) -> dict[str, Any]:
    """Return the values of the one who asks, for a statement that was built for ``anyone_like()`` them."""
    if not viewer.is_member:
        return {}
    return {"viewer_id": viewer.id, "viewer_new_since": viewer.new_since}


def visible_to(
    viewer: Viewer, *, horizon: Column, author_id: Column, book_id: Column, thread_id: Column
) -> ColumnElement[bool]:
    """Return ``visibility.is_visible_to()`` as a condition on the rows of a statement.

    A visitor's mark is 0 everywhere. The other arguments are the columns for the horizon of a text, its
    author, its book and its thread. ``book_id`` may be NULL, which leaves everyone at 0.
    """
    if viewer.id is None:
        # A missing horizon counts as locked: the comparison with NULL is unknown, and coalesce makes it
        # false.
        return func.coalesce(horizon <= START, false())
    mark = (
        select(MY_READING.mark)
        .where(MY_READING.member_id == viewer.id, MY_READING.book_id == book_id)
        .scalar_subquery()
    )
    # A member without a reading of the book is at its start, as a visitor is.
    reached = func.coalesce(horizon <= func.coalesce(mark, START), false())
    if viewer.revealer_id is None:
        return or_(reached, author_id == viewer.id)
    revealed = exists().where(
        MY_REVEAL.member_id == viewer.revealer_id,
        or_(MY_REVEAL.thread_id == thread_id, MY_REVEAL.book_id == book_id),
    )
    return or_(reached, author_id == viewer.id, revealed)


def spoilers_visible_to(
    viewer: Viewer, *, author_id: Column, book_id: Column, thread_id: Column
) -> ColumnElement[bool]:
    """Return the condition that inline spoilers show, too: ``visibility.shows_spoilers()`` as SQL."""
    if viewer.off_site:
        return false()
    return visible_to(viewer, horizon=literal(END), author_id=author_id, book_id=book_id, thread_id=thread_id)


def text_for(
    viewer: Viewer,
    *,
    full: Column,
    safe: Column,
    horizon: Column,
    author_id: Column,
    book_id: Column,
    thread_id: Column,
) -> ColumnElement[str | None]:
    """Return the text that this reader may see: in full, with spoilers closed, or NULL if it is locked.

    Locked text stays in the database: it is never loaded, so no template can send it.
    """
    place = {"author_id": author_id, "book_id": book_id, "thread_id": thread_id}
    return case(
        # CASE takes the first branch that holds, so the widest right comes first.
        (spoilers_visible_to(viewer, **place), full),
        (visible_to(viewer, horizon=horizon, **place), safe),
        else_=null(),
    )
