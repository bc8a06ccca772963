"""Asks with their answers, and endorsements, by every road on which they are looked for."""

from .answers import (
    AnswerEntry,
    ToldAnswer,
    answer_entry,
    answers_by,
    answers_to,
    answers_told_of,
    endorsement_of,
)
from .asks import AskEntry, ask_id_of, ask_sent_by, asks, asks_about, author_meant, tag_meant
from .endorsements import (
    endorsement_by,
    endorsements_from,
    endorsements_to,
)

__all__ = (
    "AnswerEntry",
    "AskEntry",
    "ToldAnswer",
    "answer_entry",
    "answers_by",
    "answers_to",
    "answers_told_of",
    "ask_id_of",
    "ask_sent_by",
    "asks",
    "asks_about",
    "author_meant",
    "endorsement_by",
    "endorsement_of",
    "endorsements_from",
    "endorsements_to",
    "tag_meant",
)
