"""Queries for the reactions to the posts of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cache

from sqlalchemy import Select, and_, bindparam, func, or_, select

from ..extensions import db
from ..members.models import IS_ABSENT, Member
from ..readings.models import Reading
from .models import Reaction
from .rules import ReactionRow

# A post, as a pair of the column that names it and its id: ("comment_id", 12).
Subject = tuple[str, int]


def reactions_to(subjects: Collection[Subject], book_id: int | None) -> dict[Subject, list[ReactionRow]]:
    """Return the reactions to these posts, the earliest first, by members who are here.

    All posts are about one book, or about none. Who may know of a reaction is for the rules to say.
    """
    found: defaultdict[Subject, list[ReactionRow]] = defaultdict(list)
    if not subjects:
        return found
    sent = {
        "book_id": book_id,
        "comment_ids": [key for what, key in subjects if what == "comment_id"],
        "review_ids": [key for what, key in subjects if what == "review_id"],
    }
    for row in db.session.execute(_reactions(), sent):
        subject = ("comment_id", row.comment_id) if row.comment_id else ("review_id", row.review_id)
        found[subject].append(ReactionRow(row.kind, row.member_id, row.display_name, bool(row.is_private)))
    return found


@cache
def _reactions() -> Select[int | None, int | None, str, int, str, bool]:
    is_of_book = Reading.book_id == bindparam("book_id")
    return (
        select(
            Reaction.comment_id,
            Reaction.review_id,
            Reaction.kind,
            Reaction.member_id,
            Member.display_name,
            # A member without a reading of the book has none to hide.
            func.coalesce(Reading.is_private, False).label("is_private"),
        )
        .join(Member, Member.id == Reaction.member_id)
        .outerjoin(Reading, and_(Reading.member_id == Reaction.member_id, is_of_book))
        .where(
            ~IS_ABSENT,
            or_(
                Reaction.comment_id.in_(bindparam("comment_ids", expanding=True)),
                Reaction.review_id.in_(bindparam("review_ids", expanding=True)),
            ),
        )
        .order_by(Reaction.id)
    )
