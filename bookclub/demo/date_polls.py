"""The date poll of the sample club: when to meet after the next meeting, answered by some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time

from ..date_polls.actions import answer, ask
from ..date_polls.rules import ProposedTime
from ..lib.text.dates import moment_at
from ..members.models import Member

# In days from now, after the next meeting of the sample club.
TIMES = ((23, time(19, 30)), (24, time(19, 30)), (27, time(15)), (30, time(19, 30)), (31, time(18)))
# A letter for each time: yes, maybe, no, or a dash where nothing is said yet.
ANSWERS = {"olive": "yymyy", "tariq": "yymny", "wyn": "nyy-y", "nell": "ynyym", "kofi": "mynyy"}
WORDS = {"y": "yes", "m": "maybe", "n": "no"}


def find_a_date(members: Mapping[str, Member], at: Callable[[float], datetime]) -> None:
    """Ask when to meet next, as Olive did, with answers of those of ``ANSWERS`` who are members."""
    times = []
    for days, clock in TIMES:
        day = at(days).date()
        times.append(ProposedTime(day, clock, moment_at(datetime.combine(day, clock), "UTC")))
    poll = ask("The last chapters", times, "UTC", 120, members["olive"], at(-2))
    for hours, (username, letters) in enumerate(ANSWERS.items()):
        said = {
            option.id: WORDS[letter]
            for option, letter in zip(poll.options, letters, strict=True)
            if letter in WORDS
        }
        answer(poll, members[username], said, at(-1.9 + hours / 24))
