"""Counters that a member's readings feed: the ratings of books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from ...books.models import Book
from ...books.rules import rating_rank
from ...extensions import db, utcnow
from ...jobs import enqueue, job
from ..queries import counters as queries

# By then every request that began before a suspension has ended.
AFTERWARDS = timedelta(minutes=2)


@dataclass(frozen=True)
class CountedBooks:
    """The ids of the books that a member rated for all to see."""

    rated: Sequence[int]

    @classmethod
    def of(cls, member_id: int) -> CountedBooks:
        """The books of a member; to be asked for before their readings go."""
        return cls(queries.books_rated_in_public(member_id))

    def recount(self) -> None:
        """Bring the counters of these books in step with who is a member now.

        They are counted from the readings, and not changed by a difference, so that it does no harm to do
        so twice: a member may be removed while they are suspended.
        """
        db.session.flush()
        for sums in queries.rating_sums_held(self.rated):
            # All in one statement: a library of 20 000 books must not hold everybody up.
            db.session.execute(
                update(Book),
                [
                    {
                        "id": one.book_id,
                        "rating_count": one.rating_count,
                        "rating_sum": one.rating_sum,
                        "rating_rank": rating_rank(one.rating_sum, one.rating_count),
                    }
                    for one in sums
                ],
            )


def recount_afterwards(member_id: int) -> None:
    """Let all be recounted in a while: a rating that was sent before the suspension may be saved after it."""
    enqueue("counters", key=f"counters {member_id}", due_at=utcnow() + AFTERWARDS, member_id=member_id)


@job("counters")
def recount_of(member_id: int) -> None:
    """Bring the counters that a member's readings feed in step with who is a member now."""
    CountedBooks.of(member_id).recount()
