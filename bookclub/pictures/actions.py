"""Changes to pictures: keep an upload, give it to a post, take it away, and delete it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from ..extensions import db
from ..lib.images.renditions import Rendition
from ..lib.text.pictures import Owner
from ..members.events import on_departure
from ..members.models import Member
from . import queries
from .models import PLACES, Picture, PictureCopy
from .rules import LOOSE_FOR


def keep_picture(
    member_id: int, copies: Sequence[Rendition], digest: str, sent_as: str, now: datetime
) -> Picture:
    """Store an upload that belongs to nothing yet. The caller has locked the member's row."""
    kept = Picture(
        member_id=member_id,
        digest=digest,
        sent_as=sent_as,
        size=sum(len(copy.content) for copy in copies),
        created_at=now,
        loose_at=now,
    )
    db.session.add(kept)
    db.session.flush()
    db.session.add_all(
        PictureCopy(picture_id=kept.id, width=copy.width, height=copy.height, content=copy.content)
        for copy in copies
    )
    return kept


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
