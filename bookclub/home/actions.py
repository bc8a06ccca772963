"""Changes to the word from the organisers, and members who dismiss it."""

from __future__ import annotations

from datetime import datetime

from ..extensions import db
from ..lib.text.shown_text import typed
from ..members.models import Member
from . import queries
from .models import Word


def say_word(body: str, html: str, now: datetime) -> bool:
    """Give the club this word, or take the present one down if it is "". Return whether that is a change.

    A change has the date of ``now`` and is shown to all members again. The caller holds the club's row, so
    that two organisers do not both write the first word.
    """
    word = queries.word_of_club() or Word(number=0, body="")
    if body == typed(word.body):
        return False
    word.number += 1
    word.body, word.body_html, word.said_at = body, html, now
    db.session.add(word)
    return True


def dismiss_word(member: Member, number: str | None) -> Word | None:
    """Hide the word with this number from a member. Return a later one that they still see."""
    word = queries.word_of_club()
    if word and str(word.number) == number:
        member.dismissed_word = word.number
    return word if word and word.is_shown_to(member) else None
