"""Rules of meetings that repeat: the days of an RRULE, its words, and the plans of the meetings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile

from babel.dates import format_date

from ..lib.positions.places import END
from ..lib.text import dates
from ..lib.text.messages import gettext as _
from ..lib.text.messages import list_text, locale, ngettext
from .rules import MeetingPlan

# So many meetings to come exist at any time.
AHEAD = 3
LONGEST_RULE = 200
# A rule has to have a second day within two years.
SEARCHED = timedelta(days=731)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

# The usual rules. Those of the month are made from the day, whatever it is.
WEEKLY, FORTNIGHTLY, FOUR_WEEKLY = "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=4"
LAST_OF_MONTH, WEEKDAY_OF_MONTH, DAY_OF_MONTH = "last-of-month", "weekday-of-month", "day-of-month"
OTHER = "other"
USUAL = (WEEKLY, FORTNIGHTLY, FOUR_WEEKLY, LAST_OF_MONTH, WEEKDAY_OF_MONTH, DAY_OF_MONTH)

_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
# The greatest number in each list of numbers; one that can count from the end has a sign.
_LISTS = {"BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_ALONE: Mapping[str, re.Pattern[str]] = {
    "FREQ": re.compile("DAILY|WEEKLY|MONTHLY|YEARLY"),
    "INTERVAL": re.compile(r"[1-9]\d{0,2}"),
    "COUNT": re.compile(r"[1-9]\d{0,2}"),
    "UNTIL": re.compile(r"\d{8}(T\d{6}Z?)?"),
    "WKST": re.compile("|".join(WEEKDAYS)),
}
_OF_TIME = {"BYHOUR", "BYMINUTE", "BYSECOND"}
# The Gregorian calendar repeats after so many years, to the day of the week.
_CYCLE = 400


class RecurrenceError(ValueError):
    """Error for a rule that cannot be followed; its message is a sentence for the member."""


def rule_from(text: str) -> str:
    """Return a typed RRULE in its plainest form, "FREQ=WEEKLY;INTERVAL=2". Raises RecurrenceError."""
    typed = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    parts: dict[str, str] = {}
    if len(typed) > LONGEST_RULE:
        raise RecurrenceError(_("Use at most %(max)s characters.", max=LONGEST_RULE))
    for part in typed.split(";"):
        name, _sign, value = (piece.strip() for piece in part.partition("="))
        if name in _OF_TIME or (name == "FREQ" and value in ("HOURLY", "MINUTELY", "SECONDLY")):
            raise RecurrenceError(_("That is more than one meeting a day. The time is the one above."))
        if name in parts or not _fits(name, value):
            raise RecurrenceError(_not_understood(part))
        parts[name] = value
    if "FREQ" not in parts:
        raise RecurrenceError(_not_understood(typed))
    if "COUNT" in parts and "UNTIL" in parts:
        raise RecurrenceError(_("A rule ends after a number of times or on a day, not both: leave out one."))
    numbered = any(_DAY.fullmatch(day)[1] for day in parts.get("BYDAY", "MO").split(","))  # type: ignore[index]
    if numbered and parts["FREQ"] not in ("MONTHLY", "YEARLY"):
        raise RecurrenceError(_("A weekday with a number, such as 3TH, needs FREQ=MONTHLY or FREQ=YEARLY."))
    if parts.get("INTERVAL") == "1":
        del parts["INTERVAL"]
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _not_understood(part: str) -> str:
    return _(
        "“%(part)s” is not understood. Type a rule such as FREQ=MONTHLY;BYDAY=3TH for every third Thursday.",
        part=part.strip()[:40],
    )


def _fits(name: str, value: str) -> bool:
    """Return whether a part of a rule is one that we follow."""
    if name in _ALONE:
        fits = _ALONE[name].fullmatch(value) is not None
        return fits and (name != "UNTIL" or _day_in(value) is not None)
    entries = value.split(",")
    if name == "BYDAY":
        found = [_DAY.fullmatch(entry) for entry in entries]
        return all(each and (each[1] is None or 1 <= abs(int(each[1])) <= 53) for each in found)
    if name == "BYMONTH":
        return all(re.fullmatch(r"\d{1,2}", entry) and 1 <= int(entry) <= 12 for entry in entries)
    most = _LISTS.get(name, 0)
    return all(re.fullmatch(r"[+-]?\d{1,3}", entry) and 1 <= abs(int(entry)) <= most for entry in entries)


def _day_in(value: str) -> date | None:
    try:
        return datetime.strptime(value[:8], "%Y%m%d").date()
    except ValueError:
        return None


def _parts_of(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rule.split(";"))


def days_of(rule: str, begins_on: date) -> Iterator[date]:
    """Return the days of a rule in their order. The day on which it begins is always the first.

    dateutil looks for a day that never comes until the year 9999. So it is asked about the same days as late
    as can be: the calendar is the same every 400 years.
    """
    from dateutil.rrule import rrulestr  # It takes memory that a club may never need.

    parts = _parts_of(rule)
    until = _day_in(parts.pop("UNTIL", "99991231")) or date.max
    later = (date.max.year - 2 - begins_on.year) // _CYCLE * _CYCLE
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    start = datetime.combine(begins_on.replace(year=begins_on.year + later), time())
    yield begins_on
    found = (each.date().replace(year=each.year - later) for each in rrulestr(text, dtstart=start))
    yield from (day for day in takewhile(lambda day: day <= until, found) if day != begins_on)


def rule_problem(rule: str, begins_on: date) -> str | None:
    """Return why no meetings can repeat by this rule, or None. It has a second day within two years."""
    following = next(islice(days_of(rule, begins_on), 1, None), None)
    if following is None or following > begins_on + SEARCHED:
        return _("That rule gives no further meeting within two years. Choose another one.")
    return None


def rule_of_choice(choice: str, day: date) -> str:
    """Return the rule that a usual choice means for meetings from this day on. Raises RecurrenceError.

    The fifth of a weekday means the last: most months have no fifth.
    """
    weekday, number = WEEKDAYS[day.weekday()], (day.day - 1) // 7 + 1
    if choice == DAY_OF_MONTH:
        return f"FREQ=MONTHLY;BYMONTHDAY={day.day}"
    if choice == WEEKDAY_OF_MONTH:
        return f"FREQ=MONTHLY;BYDAY={number if number < 5 else -1}{weekday}"
    if choice != LAST_OF_MONTH:
        return rule_from(choice)
    if (day + timedelta(days=7)).month == day.month:
        last = max(day + timedelta(days=7 * weeks) for weeks in range(5) if _same_month(day, weeks))
        raise RecurrenceError(
            _(
                "%(day)s is not the last one of its month. Type %(last)s as the day, or choose another rule.",
                day=dates.day_text(day),
                last=last.isoformat(),
            )
        )
    return f"FREQ=MONTHLY;BYDAY=-1{weekday}"


def _same_month(day: date, weeks: int) -> bool:
    return (day + timedelta(days=7 * weeks)).month == day.month


def choice_of_rule(rule: str, day: date) -> str:
    """Return the usual choice that gives this rule for this day, or OTHER; "" for no rule."""
    if not rule:
        return ""
    for choice in USUAL:
        try:
            if rule_of_choice(choice, day) == rule:
                return choice
        except RecurrenceError:
            continue
    return OTHER


def names_of_choices(day: date) -> dict[str, str]:
    """Return the usual choices in words for meetings from this day on, without those it cannot have."""
    names = {}
    for choice in USUAL:
        try:
            names[choice] = rule_text(rule_of_choice(choice, day), day)
        except RecurrenceError:
            continue
    return names


# The words of a rule.


def weekday_name(weekday: str) -> str:
    """Return a weekday of a rule, "TH", in the reader's language."""
    # The first of January 2024 was a Monday.
    return str(format_date(date(2024, 1, 1 + WEEKDAYS.index(weekday)), "EEEE", locale=locale()))


def rule_text(rule: str, begins_on: date) -> str:
    """Return a rule in words: "every second Thursday", "the last Sunday of the month".

    A rule that only somebody who knows such rules can have typed is shown as it is.
    """
    parts = _parts_of(rule)
    until, count = _day_in(parts.pop("UNTIL", "")), parts.pop("COUNT", None)
    parts.pop("WKST", None)
    interval = int(parts.pop("INTERVAL", 1))
    frequency, others = parts.pop("FREQ"), frozenset(parts)
    text = None
    if frequency == "DAILY" and not others:
        text = ngettext("every day", "every %(num)s days", interval)
    elif frequency == "WEEKLY" and others <= {"BYDAY"}:
        text = _weekly_text(parts.get("BYDAY", WEEKDAYS[begins_on.weekday()]).split(","), interval)
    elif frequency == "MONTHLY" and interval == 1:
        text = _monthly_text(parts, begins_on)
    elif frequency == "YEARLY" and not others:
        text = ngettext("every year", "every %(num)s years", interval)
    if text is None:
        return _("by the rule %(rule)s", rule=rule)
    if until:
        return _("%(rule)s until %(day)s", rule=text, day=dates.date_text(until))
    if count:
        return ngettext("%(rule)s, once", "%(rule)s, %(num)s times", int(count), rule=text)
    return text


def _weekly_text(days: Sequence[str], interval: int) -> str:
    names = [weekday_name(day) for day in days]
    if len(names) > 1:
        return ngettext(
            "every week on %(days)s", "every %(num)s weeks on %(days)s", interval, days=list_text(names)
        )
    said: dict[int, Callable[[], str]] = {
        1: lambda: _("every %(weekday)s", weekday=names[0]),
        2: lambda: _("every second %(weekday)s", weekday=names[0]),
        3: lambda: _("every third %(weekday)s", weekday=names[0]),
        4: lambda: _("every fourth %(weekday)s", weekday=names[0]),
    }
    if interval in said:
        return said[interval]()
    return ngettext("every week on %(days)s", "every %(num)s weeks on %(days)s", interval, days=names[0])


def _monthly_text(parts: Mapping[str, str], begins_on: date) -> str | None:
    day = _DAY.fullmatch(parts.get("BYDAY", ""))
    if set(parts) == {"BYDAY"} and day and day[1]:
        name = weekday_name(day[2])
        said: dict[int, Callable[[], str]] = {
            1: lambda: _("the first %(weekday)s of the month", weekday=name),
            2: lambda: _("the second %(weekday)s of the month", weekday=name),
            3: lambda: _("the third %(weekday)s of the month", weekday=name),
            4: lambda: _("the fourth %(weekday)s of the month", weekday=name),
            5: lambda: _("the fifth %(weekday)s of the month", weekday=name),
            -1: lambda: _("the last %(weekday)s of the month", weekday=name),
        }
        return said[int(day[1])]() if int(day[1]) in said else None
    if parts == {"BYMONTHDAY": "-1"}:
        return _("the last day of the month")
    number = parts.get("BYMONTHDAY", str(begins_on.day))
    if set(parts) <= {"BYMONTHDAY"} and number.isdecimal():
        return day_of_month_text(int(number))
    return None


def day_of_month_text(day: int) -> str:
    """Return the day of a monthly rule in words: "the 15th of each month"."""
    # Other languages may write all of these with the same ending.
    if day in (1, 21, 31):
        return _("the %(day)sst of each month", day=day)
    if day in (2, 22):
        return _("the %(day)snd of each month", day=day)
    if day in (3, 23):
        return _("the %(day)srd of each month", day=day)
    return _("the %(day)sth of each month", day=day)


# The plans of the meetings of a series.


def plan_of_next(plan: MeetingPlan, day: date) -> MeetingPlan:
    """Return the plan of a further meeting on this day, as a copy of another's.

    What to have read is left open. A book that the other meeting had read to its end, by a schedule, is over.
    """
    is_over = bool(plan.read_until) and all(book.horizon >= END for book in plan.books)
    return replace(
        moved(plan, day),
        read_until="",
        read_until_unit="percent",
        books=() if is_over else tuple(replace(book, horizon=END) for book in plan.books),
    )


def moved(plan: MeetingPlan, day: date) -> MeetingPlan:
    """Return a plan on another day. The last day to answer moves by as much."""
    until = plan.answer_until and plan.answer_until + (day - plan.starts_on)
    return replace(plan, starts_on=day, answer_until=until)


# What a meeting has for itself: its day, and how far to read.
_ITS_OWN = {"starts_on", "answer_until", "read_until", "read_until_unit", "books"}


# What is changed for one meeting, and makes it no other than the rest.
_OF_READING = {"answer_until", "read_until", "read_until_unit", "books"}


def stands_apart(before: MeetingPlan, after: MeetingPlan) -> bool:
    """Return whether a meeting differs from those of its series, once its plan was changed alone.

    How far to read is different for each of them anyway.
    """
    changed = {
        each.name for each in fields(MeetingPlan) if getattr(before, each.name) != getattr(after, each.name)
    }
    of_others = {book.book_id for book in before.books} != {book.book_id for book in after.books}
    return bool(changed - _OF_READING) or of_others


def days_to_come(rule: str, plan: MeetingPlan, now: datetime, number: int) -> list[date]:
    """Return the next days of a rule, at most so many, on which meetings follow one with this plan."""
    if not rule:
        return []
    following = islice(days_of(rule, plan.starts_on), 1, None)
    return list(islice((day for day in following if moved(plan, day).starts_at > now), number))


def follow(plan: MeetingPlan, before: MeetingPlan, after: MeetingPlan, day: date) -> MeetingPlan:
    """Return the plan of a following meeting on ``day``, once the one before it went from a plan to another.

    Only what was changed there is changed here. With other books, what to have read is left open.
    """
    changed = {
        field.name: getattr(after, field.name)
        for field in fields(MeetingPlan)
        if field.name not in _ITS_OWN and getattr(after, field.name) != getattr(before, field.name)
    }
    found = replace(moved(plan, day), **changed)
    lead = _days_to_answer(after)
    if lead != _days_to_answer(before):
        found = replace(found, answer_until=None if lead is None else day + lead)
    if {book.book_id for book in before.books} == {book.book_id for book in after.books}:
        return found
    opened = tuple(replace(book, horizon=END) for book in after.books)
    return replace(found, books=opened, read_until="", read_until_unit="percent")


def _days_to_answer(plan: MeetingPlan) -> timedelta | None:
    """Return from the day of a meeting to the last day to answer."""
    return None if plan.answer_until is None else plan.answer_until - plan.starts_on


@dataclass(frozen=True)
class Answered:
    """A following meeting with answers: its day, and how many people have answered."""

    day: date
    answers: int

    def say(self) -> str:
        """Return the sentence that names it."""
        return ngettext(
            "%(num)s person has answered for %(day)s.",
            "%(num)s people have answered for %(day)s.",
            self.answers,
            day=dates.day_text(self.day),
        )
