"""What readers keep for themselves: asked for by nobody's page but their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, cast, func, literal, null, select, union_all

from ...extensions import db
from ..models import OwnTag, Reading, ReadThrough, Reveal
from ..rules import Own

MOST_TAGS = 60


def own_of(member_id: int | None, book_id: int) -> Own:
    """What a member keeps to themselves about a book; nothing for a visitor."""
    if member_id is None:
        return Own()
    day = cast(null(), Date)
    mine = (Reading.member_id == member_id, Reading.book_id == book_id)
    rows: Sequence[Any] = db.session.execute(
        union_all(
            select(literal("tag").label("kind"), OwnTag.name, day.label("started"), day.label("finished"))
            .join(Reading, Reading.id == OwnTag.reading_id)
            .where(*mine),
            select(literal("time"), literal(""), ReadThrough.started_on, ReadThrough.finished_on)
            .join(Reading, Reading.id == ReadThrough.reading_id)
            .where(*mine),
            select(literal("wish"), literal(""), day, day).where(
                Reveal.member_id == member_id, Reveal.book_id == book_id
            ),
        )
    ).all()
    return Own(
        tags=tuple(sorted((row.name for row in rows if row.kind == "tag"), key=str.casefold)),
        times=tuple((row.started, row.finished) for row in rows if row.kind == "time"),
        reveals=any(row.kind == "wish" for row in rows),
    )


def tags_on(reading_id: int) -> Sequence[OwnTag]:
    """The own tags on a reading themselves, to be changed."""
    return db.session.execute(select(OwnTag).where(OwnTag.reading_id == reading_id)).scalars().all()


def own_tags_of(member_id: int) -> list[tuple[str, int]]:
    """A member's own tags with the number of books that bear each: the most used, by name."""
    count, name = func.count(), func.min(OwnTag.name)
    rows = db.session.execute(
        select(name, count)
        .join(Reading, Reading.id == OwnTag.reading_id)
        .where(Reading.member_id == member_id)
        .group_by(OwnTag.name_key)
        .order_by(count.desc(), OwnTag.name_key)
        .limit(MOST_TAGS)
    )
    return sorted(((row[0], row[1]) for row in rows), key=lambda row: row[0].casefold())
