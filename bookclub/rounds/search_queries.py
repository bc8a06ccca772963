"""Words by which the search finds rounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import select

from ..extensions import db
from ..searchable import SearchableText, Source, public_words, searchable
from .models import Nomination, Round

_R, _N = Round.__table__.c, Nomination.__table__.c


@searchable(
    "round", 8, Round, Source(_R.id, _R.title), Source(_N.round_id, _N.pitch, _N.as_nominated, _N.as_voted)
)
def round_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return titles of rounds, and the titles and pitches of what is nominated."""
    nominated: dict[int, list[str]] = defaultdict(list)
    columns = Nomination.round_id, Nomination.as_nominated, Nomination.as_voted, Nomination.pitch
    rows = select(*columns).where(Nomination.round_id.in_(ids)).order_by(Nomination.id)
    for round_id, first, voted, pitch in db.session.execute(rows):
        # A round keeps the titles of its time. A nomination from before it did is found by its pitch alone.
        label = voted or first or {"title": ""}
        nominated[round_id] += label["title"], pitch
    for round_id, title in db.session.execute(select(Round.id, Round.title).where(Round.id.in_(ids))):
        yield SearchableText(round_id, public_words(title), public_words(*nominated[round_id]))
