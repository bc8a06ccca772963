"""Pictures that go along in an export: a member's own, and those of the club and its posts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import func, or_, select

from ..extensions import db
from ..lib.text.pictures import pictures_named
from ..pictures.models import Picture, PictureCopy
from .queries import rows_of

Rows = Iterator[Mapping[str, Any]]

# The widest copy of each picture is the one that is taken along.
_WIDEST = select(PictureCopy.picture_id, func.max(PictureCopy.width).label("width")).group_by(
    PictureCopy.picture_id
)


def pictures_by(member_id: int) -> Rows:
    """Rows of the pictures that a member uploaded, each with what it belongs to."""
    for row in rows_of(_rows().where(Picture.member_id == member_id)):
        yield {**row, "file": file_of(row["id"])}


def pictures_of(named: Mapping[int, Collection[int]], place: str) -> Rows:
    """Rows of the pictures that posts name, which are given by the ids of the posts.

    ``place`` is the column of Picture with the id of the post. A picture of another post stays behind.
    """
    for id, numbers in named.items():
        of_post = getattr(Picture, place) == id
        for row in rows_of(_rows().where(Picture.id.in_(numbers), of_post)):
            yield {**row, "file": file_of(row["id"])}


def covers_and_emblem() -> Rows:
    """Rows of the covers of books, and of the club's picture."""
    for row in rows_of(_rows().where(or_(Picture.book_id.is_not(None), Picture.of_club))):
        yield {**row, "file": file_of(row["id"])}


def numbers_named(rows: Rows, key: str = "id") -> dict[int, set[int]]:
    """Return the pictures that exported texts name, by the ids of their posts. Most texts name none."""
    found: dict[int, set[int]] = {}
    for row in rows:
        if numbers := pictures_named(row["body"] or ""):
            found.setdefault(row[key], set()).update(numbers)
    return found


def file_of(picture_id: int) -> str:
    """Return the name of a picture's file in an export."""
    return f"pictures/{picture_id}.webp"


def widest_copy(picture_id: int) -> bytes:
    """Return the bytes of the widest copy of a picture, a WebP file."""
    statement = (
        select(PictureCopy.content)
        .where(PictureCopy.picture_id == picture_id)
        .order_by(PictureCopy.width.desc())
        .limit(1)
    )
    return db.session.execute(statement).scalar_one()


def _rows() -> Any:
    widest = _WIDEST.subquery()
    return (
        select(
            Picture.id, Picture.member_id, Picture.review_id, Picture.comment_id, Picture.draft_id,
            Picture.book_id, Picture.portrait_of_id, Picture.of_club, Picture.created_at,
            PictureCopy.width, PictureCopy.height,
        )
        .join(widest, widest.c.picture_id == Picture.id)
        .join(PictureCopy, (PictureCopy.picture_id == Picture.id) & (PictureCopy.width == widest.c.width))
        .order_by(Picture.id)
    )  # fmt: skip
