"""Changes to pictures: keep an upload, give it to a post, take it away, and delete it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import delete

from ..extensions import db
from ..lib.text.pictures import Owner
from ..members.events import on_departure
from ..members.models import Member
from . import queries
from .decoder import Upload
from .models import PLACES, Picture, PictureCopy
from .rules import LOOSE_FOR, SPACE, PicturePlace


class NoSpaceError(Exception):
    """Raised if a picture does not fit into the space of its member."""


def keep_picture(
    member_id: int, upload: Upload, sent_as: str, now: datetime, place: PicturePlace | None = None
) -> Picture:
    """Store an upload, which belongs to nothing yet without a ``place``. The member's row is locked."""
    kept = Picture(
        member_id=member_id,
        digest=upload.digest,
        sent_as=sent_as,
        size=upload.size,
        created_at=now,
        loose_at=None if place else now,
    )
    if place:
        setattr(kept, place.column, place.key)
    db.session.add(kept)
    db.session.flush()
    db.session.add_all(
        PictureCopy(picture_id=kept.id, width=copy.width, height=copy.height, content=copy.content)
        for copy in upload.copies
    )
    return kept


def put(upload: Upload, place: PicturePlace, member_id: int, now: datetime) -> int | None:
    """Make an upload the picture of a book, a member or the club; the one before is deleted.

    Returns its id, or None if it is that picture already, as when a form is sent twice. The caller has locked
    the member's row, and the row of the place. Raises NoSpaceError.
    """
    former = queries.picture_at(place)
    if former and former.digest == upload.digest:
        return None
    taken = queries.space_of(member_id).size - (
        former.size if former and former.member_id == member_id else 0
    )
    if taken + upload.size > SPACE:
        raise NoSpaceError
    take_away(place)
    return keep_picture(member_id, upload, token_urlsafe(12), now, place).id


def take_away(place: PicturePlace) -> bool:
    """Delete the picture of a book, a member or the club. Return whether there was one."""
    former = queries.picture_at(place)
    _delete([former.id] if former else [])
    return former is not None


def claim(
    numbers: Collection[int], member_id: int, owner: Owner, *, also_of: Sequence[Owner] = ()
) -> set[int]:
    """Give a post the pictures that it shows. Return the numbers of those that it has now.

    It takes pictures of the member that belong to nothing, keeps its own, and takes those of the posts that
    it was made from, such as its draft. What another post has taken meanwhile stays there.
    """
    if not numbers:
        return set()
    taken = queries.pictures_to_claim(numbers, member_id, (owner, *also_of))
    for picture in taken:
        _put(picture, owner)
    return {picture.id for picture in taken}


def release(owner: Owner, shown: Collection[int], now: datetime) -> None:
    """Take the pictures that a post no longer shows away from it; after a day they are deleted."""
    for picture in queries.pictures_of(owner):
        if picture.id not in shown:
            _put(picture, None, now)


def delete_pictures_of(owner: Owner) -> None:
    """Delete the pictures of a post for good."""
    _delete([picture.id for picture in queries.pictures_of(owner)])


def delete_stale(now: datetime) -> None:
    """Delete the pictures that have belonged to nothing for a day."""
    _delete(queries.stale_ids(now - LOOSE_FOR))


@on_departure
def delete_unused(member: Member, _now: datetime, **_how: Any) -> None:
    """Delete what a member who leaves has uploaded and not used in a post."""
    _delete(queries.unused_ids(member.id))


def _put(picture: Picture, owner: Owner | None, now: datetime | None = None) -> None:
    for name in PLACES:
        setattr(picture, name, owner.id if owner and name == f"{owner.kind}_id" else None)
    picture.loose_at = None if owner else now


def _delete(numbers: Collection[int]) -> None:
    if numbers:
        # The copies go along by their foreign key.
        db.session.execute(delete(Picture).where(Picture.id.in_(numbers)))
