"""Rules of date polls: which times can be proposed, which are the best, and how they read."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..lib.text import dates
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..lib.text.messages import list_text, number_text

ANSWERS = ("yes", "maybe", "no")
MOST_TIMES = 20
LONGEST_TIMES = 2000
# Of the problems with a list of times so many are named at once.
MOST_PROBLEMS = 3
LONGEST_QUOTE = 40
# A poll in which no date was chosen stays in the list for so long after its last time.
STAYS = timedelta(days=14)
# A day within this time is clear without its year.
WITHOUT_YEAR = timedelta(days=300)
OPEN, CHOSEN, WITHDRAWN, OVER = "open", "chosen", "withdrawn", "over"
_LINE = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]+|, *)([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?", re.ASCII
)


@dataclass(frozen=True)
class ProposedTime:
    """A time to meet: a local time in the zone of its poll, and the moment that it means."""

    starts_on: date
    clock: time
    starts_at: datetime


def read_times(text: str, zone: str, now: datetime) -> tuple[list[ProposedTime], list[str]]:
    """Return the times in a text, one a line and in a known zone, in their order, and what is wrong with it.

    A time lies in the future, and clocks there show it exactly once.
    """
    lines = [line for line in (" ".join(each.split()) for each in text.splitlines()) if line]
    if not lines:
        return [], [_("Propose at least one time, such as 2026-01-31 19:30.")]
    if len(lines) > MOST_TIMES:
        return [], [
            _(
                "Propose at most %(most)s times. These are %(num)s.",
                most=MOST_TIMES,
                num=number_text(len(lines)),
            )
        ]
    found: dict[datetime, ProposedTime] = {}
    problems = []
    for line in lines:
        read = _read_line(line, zone)
        if isinstance(read, str):
            problems.append(read)
        elif read.starts_at <= now:
            problems.append(_("%(time)s is in the past. Choose a later day or time.", time=line))
        elif read.starts_at in found:
            problems.append(_("%(time)s is listed twice. Remove one of them.", time=line))
        else:
            found[read.starts_at] = read
    return [found[moment] for moment in sorted(found)], problems[:MOST_PROBLEMS]


def _read_line(line: str, zone: str) -> ProposedTime | str:
    """Return the time in a line, or what is wrong with it."""
    parts = _LINE.fullmatch(line)
    try:
        numbers = [int(part) for part in parts.groups()] if parts else []
        clock = datetime(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]) if numbers else None
    except ValueError:
        clock = None
    # At the ends of the calendar a moment in one zone has no counterpart in another.
    if clock is None or not 1900 <= clock.year <= 9000:
        quote = line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}…"
        return _("“%(line)s” is not a time. Type it as 2026-01-31 19:30.", line=isolated(quote))
    missing = dates.clock_problem(clock, zone)
    if missing:
        return missing
    if dates.comes_twice(clock, zone):
        return _(
            "%(time)s comes twice in %(zone)s: the clocks go back. Choose an earlier or a later time.",
            time=line,
            zone=zone,
        )
    return ProposedTime(clock.date(), clock.time(), dates.moment_at(clock, zone))


@dataclass(frozen=True)
class OptionCount:
    """The answers to one time, of the present members."""

    option_id: int
    starts_at: datetime
    yes: int = 0
    maybe: int = 0
    no: int = 0


def rank(counts: Sequence[OptionCount]) -> list[OptionCount]:
    """Return times in their order: most yes first, then fewest no, then the earliest."""
    return sorted(counts, key=lambda each: (-each.yes, each.no, each.starts_at))


def best_times(counts: Sequence[OptionCount]) -> set[int]:
    """Return the ids of the best of these times: most members say yes, and of those fewest say no.

    Where that is equal, all of them are best. Where nobody says yes, none is.
    """
    ranked = rank(counts)
    if not ranked or not ranked[0].yes:
        return set()
    first = ranked[0]
    return {each.option_id for each in ranked if (each.yes, each.no) == (first.yes, first.no)}


def state_of(*, is_chosen: bool, is_withdrawn: bool, starts: Sequence[datetime], now: datetime) -> str:
    """Return the state of a poll with these times. When the last one has passed it is over."""
    if is_chosen:
        return CHOSEN
    if is_withdrawn:
        return WITHDRAWN
    return OPEN if any(start > now for start in starts) else OVER


def closed_text(state: str) -> str:
    """Return why a poll that is not open takes neither answers nor a choice."""
    if state == CHOSEN:
        return _("A date has already been chosen.")
    if state == WITHDRAWN:
        return _("The poll has been withdrawn.")
    return _("All the proposed times have passed.")


def answers_problem(answers: Collection[str]) -> str:
    """Return what is wrong with the answers that were sent, or "". Not every time has to be answered."""
    if not answers:
        return _("Choose yes, maybe or no for at least one time.")
    if not set(answers) <= set(ANSWERS):
        return _("Say yes, maybe or no to each time.")
    return ""


def choice_problem(starts_at: datetime | None, now: datetime) -> str:
    """Return why a time cannot be chosen, or ""; ``starts_at`` is None if the poll has no such time."""
    if starts_at is None:
        return _("Choose one of the times.")
    return "" if starts_at > now else _("That time is over. Choose a later one.")


@dataclass(frozen=True)
class When:
    """A proposed time in words: by the reader's clocks, and by those of the poll if they differ."""

    day: str
    short_day: str
    clock: str
    there: str | None


def when_of(starts_at: datetime, zone: str, poll_zone: str, now: datetime) -> When:
    """Return a time by the clocks of ``zone``, and of the poll's zone; its day there only if that differs."""
    here, there = (starts_at.astimezone(ZoneInfo(each)) for each in (zone, poll_zone))
    elsewhere = None
    if here.date() != there.date():
        elsewhere = dates.deadline_text(starts_at, poll_zone, zone)
    elif here.replace(tzinfo=None) != there.replace(tzinfo=None):
        elsewhere = dates.clock_text(starts_at, poll_zone, zone)
    is_near = starts_at - now < WITHOUT_YEAR
    return When(
        day=dates.day_text(here.date()) if is_near else dates.full_day_text(here.date()),
        short_day=dates.short_day_text(here.date()),
        clock=dates.clock_text(starts_at, zone),
        there=elsewhere,
    )


def choice_text(when: When, count: OptionCount) -> str:
    """Return a time with its answers: "Thu 4 Dec, 19:30: 3 yes, 1 maybe, 2 no"."""
    return _(
        "%(day)s, %(time)s: %(yes)s yes, %(maybe)s maybe, %(no)s no",
        day=when.short_day,
        time=when.clock,
        yes=number_text(count.yes),
        maybe=number_text(count.maybe),
        no=number_text(count.no),
    )


def names_text(names: Sequence[str]) -> str:
    """Return names as a list, each in its own direction."""
    return list_text(isolated(name) for name in names)
