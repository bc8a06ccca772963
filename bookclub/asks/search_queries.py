"""Words by which the search finds asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import select

from ..extensions import db
from ..searchable import SearchableText, Source, public_words, searchable
from .models import Answer, Ask

_Q, _A = Ask.__table__.c, Answer.__table__.c


@searchable(
    "ask", 7, Ask, Source(_Q.id, _Q.question, _Q.deleted_at), Source(_A.ask_id, _A.reason, _A.deleted_at)
)
def ask_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return questions, and the reasons of their answers."""
    reasons: dict[int, list[str]] = defaultdict(list)
    answers = select(Answer.ask_id, Answer.reason).where(Answer.ask_id.in_(ids), Answer.deleted_at.is_(None))
    for ask_id, reason in db.session.execute(answers.order_by(Answer.id)):
        reasons[ask_id].append(reason)
    asks = select(Ask.id, Ask.question).where(Ask.id.in_(ids), Ask.deleted_at.is_(None))
    for ask_id, question in db.session.execute(asks):
        yield SearchableText(ask_id, public_words(question), public_words(*reasons[ask_id]))
