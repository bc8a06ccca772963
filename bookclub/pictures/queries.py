"""Queries on pictures, their sizes and the space that they take."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from ..extensions import db
from ..lib.text.pictures import Owner, Sizes
from ..members.models import Member
from ..text_columns import resolves_pictures
from .models import Picture, PictureCopy
from .rules import PicturePlace


class Space(NamedTuple):
    """A number of pictures, and the size of their copies in bytes."""

    pictures: int
    size: int


def is_of(owner: Owner) -> ColumnElement[bool]:
    """Return the condition that a Picture belongs to a post."""
    column = {"comment": Picture.comment_id, "review": Picture.review_id, "draft": Picture.draft_id}[
        owner.kind
    ]
    return column == owner.id


def picture(picture_id: int) -> Picture | None:
    """Return a picture, whoever may see it."""
    return db.session.get(Picture, picture_id)


def picture_at(place: PicturePlace) -> Picture | None:
    """Return the picture of a book, a member or the club."""
    statement = select(Picture).where(getattr(Picture, place.column) == place.key)
    return db.session.execute(statement).scalar_one_or_none()


def copy_of(picture_id: int, width: int) -> PictureCopy | None:
    """Return the copy of a picture with this width in pixels, with its bytes."""
    return db.session.get(PictureCopy, (picture_id, width))


def copy_near(picture_id: int, width: int) -> PictureCopy | None:
    """Return the narrowest copy of a picture that is at least so wide, or else the widest, with its bytes."""
    statement = (
        select(PictureCopy)
        .where(PictureCopy.picture_id == picture_id)
        .order_by(PictureCopy.width < width, func.abs(PictureCopy.width - width))
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def has_copy(picture_id: int, width: int) -> bool:
    """Return whether a picture has a copy of this width, without loading it."""
    statement = select(PictureCopy.width).where(
        PictureCopy.picture_id == picture_id, PictureCopy.width == width
    )
    return db.session.execute(statement).first() is not None


def writable_sizes(numbers: Collection[int], member_id: int, owner: Owner | None = None) -> dict[int, Sizes]:
    """Return the sizes of those of these pictures that a text may show which a member is writing.

    It may show what they have uploaded and not used in a post yet, and the pictures of the post that they
    edit.
    """
    own = and_(
        Picture.member_id == member_id, or_(Picture.loose_at.is_not(None), Picture.draft_id.is_not(None))
    )
    return _sizes_beside(numbers, or_(own, is_of(owner)) if owner else own)


@resolves_pictures
def sizes_in(numbers: Collection[int], owner: Owner) -> dict[int, Sizes]:
    """Return the sizes of those of these pictures that belong to a post."""
    return _sizes_beside(numbers, is_of(owner))


def claimed_sizes(numbers: Collection[int]) -> dict[int, Sizes]:
    """Return the sizes of these pictures, which this transaction has just given to a post."""
    return _by_number(db.session.execute(_sizes(numbers)))


def _sizes_beside(numbers: Collection[int], allowed: ColumnElement[bool]) -> dict[int, Sizes]:
    """Read sizes on a connection of their own, since a form is validated before its transaction begins.

    The session's first read would begin the transaction that begin_write() must open.
    """
    # Most texts have no pictures.
    if not numbers:
        return {}
    with db.engine.connect() as connection:
        return _by_number(connection.execute(_sizes(numbers).where(allowed)))


def _sizes(numbers: Collection[int]) -> Select[int, int, int]:
    return (
        select(PictureCopy.picture_id, PictureCopy.width, PictureCopy.height)
        .join(Picture, Picture.id == PictureCopy.picture_id)
        .where(Picture.id.in_(numbers))
        .order_by(PictureCopy.picture_id, PictureCopy.width)
    )


def _by_number(rows: Iterable[Any]) -> dict[int, Sizes]:
    found: dict[int, list[tuple[int, int]]] = {}
    for number, width, height in rows:
        found.setdefault(number, []).append((width, height))
    return dict(found)


def pictures_to_claim(numbers: Collection[int], member_id: int, owners: Sequence[Owner]) -> Sequence[Picture]:
    """Return those of these pictures that a member's post may take, locked: loose ones, and its own."""
    loose = and_(Picture.member_id == member_id, Picture.loose_at.is_not(None))
    statement = (
        select(Picture)
        .where(Picture.id.in_(numbers), or_(loose, *(is_of(owner) for owner in owners)))
        .order_by(Picture.id)
        .with_for_update()
    )
    return db.session.execute(statement).scalars().all()


def pictures_of(owner: Owner) -> Sequence[Picture]:
    """Return the pictures of a post."""
    return db.session.execute(select(Picture).where(is_of(owner)).order_by(Picture.id)).scalars().all()


def picture_sent(member_id: int, sent_as: str, digest: str) -> Picture | None:
    """Return the picture that a form has brought already."""
    statement = select(Picture).where(
        Picture.member_id == member_id, Picture.sent_as == sent_as, Picture.digest == digest
    )
    return db.session.execute(statement).scalar_one_or_none()


def space_of(member_id: int) -> Space:
    """Return the space that a member's pictures take."""
    return _space(Picture.member_id == member_id)


def space_of_all() -> Space:
    """Return the space that all pictures take."""
    return _space()


def space_by_member() -> Sequence[tuple[str, Space]]:
    """Return display name and space of each member who has pictures, by name."""
    statement = (
        select(Member.display_name, func.count(), func.sum(Picture.size))
        .join(Member, Member.id == Picture.member_id)
        .group_by(Member.id, Member.display_name)
        .order_by(func.lower(Member.display_name), Member.id)
    )
    return [(name, Space(count, int(size))) for name, count, size in db.session.execute(statement)]


def stale_ids(until: datetime) -> Sequence[int]:
    """Return the ids of the pictures that have belonged to nothing since then or longer."""
    return db.session.execute(select(Picture.id).where(Picture.loose_at <= until)).scalars().all()


def oldest_loose_at() -> datetime | None:
    """Return since when the oldest picture that belongs to nothing does so; None if there is none."""
    statement = select(Picture.loose_at).where(Picture.loose_at.is_not(None))
    return db.session.execute(statement.order_by(Picture.loose_at).limit(1)).scalar_one_or_none()


def unused_ids(member_id: int) -> Sequence[int]:
    """Return the ids of the pictures that a member has uploaded and used nowhere."""
    statement = select(Picture.id).where(Picture.member_id == member_id, Picture.loose_at.is_not(None))
    return db.session.execute(statement).scalars().all()


def _space(*where: ColumnElement[bool]) -> Space:
    statement = select(func.count(), func.coalesce(func.sum(Picture.size), 0)).where(*where)
    count, size = db.session.execute(statement).one()
    return Space(count, int(size))
