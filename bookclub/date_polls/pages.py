"""The page of a date poll, with times by the reader's clocks and everybody's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from ..extensions import utcnow
from ..meetings.forms import CancellationForm
from ..web import current_viewer, time_zone
from . import queries, rules
from .models import DateOption, DatePoll
from .rules import OptionCount, When


@dataclass(frozen=True)
class TimeLine:
    """A proposed time: in words, with its answers, the names behind them, and the reader's own answer."""

    option: DateOption
    when: When
    count: OptionCount
    names: Mapping[str, str]
    own: str
    is_past: bool
    is_best: bool

    @property
    def in_words(self) -> str:
        """The time and its answers, as a choice in a list."""
        return rules.choice_text(self.when, self.count)


@dataclass(frozen=True)
class PollPage:
    """A date poll as a member sees it. ``silent`` are the names of those who have not answered."""

    poll: DatePoll
    state: str
    lines: Sequence[TimeLine]
    ranked: Sequence[TimeLine]
    answered: int
    present: int
    silent: str


def show_poll(
    poll: DatePoll,
    *,
    sent: Mapping[str, str] | None = None,
    problem: str = "",
    chosen: str = "",
    choice_problem: str = "",
    withdrawal: CancellationForm | None = None,
) -> str:
    """Render a poll's page.

    ``sent`` are the fields of answers, and ``chosen`` is the id of a time, that were not saved for the
    reason given.
    """
    page = page_of(poll, utcnow(), sent or {})
    return render_template(
        "date_polls/show.html",
        page=page,
        problem=problem,
        has_sent=bool(sent),
        chosen=chosen,
        choice_problem=choice_problem,
        withdrawal=withdrawal or CancellationForm(formdata=None),
    )


def page_of(poll: DatePoll, now: datetime, sent: Mapping[str, str]) -> PollPage:
    """Gather what the page of a poll shows to the member who asks."""
    viewer, members, zone = current_viewer(), queries.names_of_members(), time_zone()
    said: dict[tuple[int, int], str] = {}
    for each in queries.answers_to(poll.id):
        said[each.option_id, each.member_id] = each.answer
    who = {
        option.id: {
            answer: [name for id, name in members.items() if said.get((option.id, id)) == answer]
            for answer in rules.ANSWERS
        }
        for option in poll.options
    }
    counts = {
        option.id: OptionCount(
            option.id, option.starts_at, **{word: len(who[option.id][word]) for word in who[option.id]}
        )
        for option in poll.options
    }
    # A time that is over cannot be chosen any more, so it is never among the best.
    to_come = [count for count in counts.values() if count.starts_at > now]
    best = rules.best_times(to_come)
    lines = {
        option.id: TimeLine(
            option=option,
            when=rules.when_of(option.starts_at, zone, poll.time_zone, now),
            count=counts[option.id],
            names={word: rules.names_text(names) for word, names in who[option.id].items()},
            own=sent.get(f"time-{option.id}") or said.get((option.id, viewer.id or 0), ""),
            is_past=option.starts_at <= now,
            is_best=option.id in best,
        )
        for option in poll.options
    }
    answered = {member_id for _option, member_id in said}
    return PollPage(
        poll=poll,
        state=poll.state(now),
        lines=list(lines.values()),
        ranked=[lines[each.option_id] for each in rules.rank(to_come)],
        answered=len(answered),
        present=len(members),
        silent=rules.names_text([name for id, name in members.items() if id not in answered]),
    )
