"""The agenda of the sample club's next meeting, and what members would like to discuss besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from ..lib.positions.places import START
from ..lib.text.markdown import render
from ..meetings.models import Meeting
from ..members.models import Member
from ..questions.actions import ask, put_on_agenda, support
from ..threads.models import Comment, Wording

# Each with its author, what it gives away, and who cares about it. The last one lies ahead of Bob.
QUESTIONS = (
    ("olive", START, "Which sentence did you bring, and where were you when you read it?", ("dot", "kofi")),
    (
        "marcus",
        3400,
        "Miss Lucy says that they have been “told and not told”. Who in this book tells people more than "
        "they notice, and is it a kindness?",
        ("bob", "alice", "nell", "sunita"),
    ),
    (
        "pieter",
        5500,
        "At the Cottages nobody keeps them in: there is a door, a road and a car. Why does nobody go?",
        ("ines", "tariq", "wyn"),
    ),
)
# An open question from a conversation, which Alice put on the agenda.
ON_AGENDA = "that-song"


def set_agenda(
    meeting: Meeting,
    book_id: int,
    members: Mapping[str, Member],
    comments: Mapping[str, Comment],
    at: Callable[[float], datetime],
) -> None:
    """Put the questions on the agenda of a meeting about this book."""
    for number, (author, horizon, body, caring) in enumerate(QUESTIONS):
        words = Wording(body, render(body), str(horizon), horizon)
        question = ask(meeting, book_id, members[author], words, at(number - 4))
        for name in caring:
            support(question, members[name], at(-0.5), on=True)
    put_on_agenda(meeting, comments[ON_AGENDA], members["alice"], at(-0.1))
