"""Rules of mail to members: which notices go at once, and when the next letter is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..lib.text.dates import moment_at
from ..lib.text.messages import lazy_gettext
from .rules import DATE_POLL_KINDS, MEETING_KINDS, MODERATION_KINDS, ROUND_KINDS

AT_ONCE, DAILY, WEEKLY, NEVER = "at_once", "daily", "weekly", "never"
FREQUENCIES = (AT_ONCE, DAILY, WEEKLY, NEVER)
FREQUENCY_NAMES = {
    AT_ONCE: lazy_gettext("At once"),
    DAILY: lazy_gettext("In a daily letter"),
    WEEKLY: lazy_gettext("In the weekly letter"),
    NEVER: lazy_gettext("Never"),
}
# Letters are written at nine in the morning of their reader, weekly ones on Sunday.
LETTER_CLOCK = time(9)
SUNDAY = 6


@dataclass(frozen=True)
class Topic:
    """Notices that a member wants by mail at the same time, or what home shows (no kinds)."""

    name: str
    label: str
    kinds: tuple[str, ...]
    default: str

    @property
    def frequencies(self) -> tuple[str, ...]:
        """The choices that there are: what home shows makes no mail of its own."""
        return FREQUENCIES if self.kinds else tuple(each for each in FREQUENCIES if each != AT_ONCE)


NEWS = "news"
TOPICS = (
    Topic("replies", lazy_gettext("Somebody replies to me"), ("reply",), AT_ONCE),
    Topic("mentions", lazy_gettext("Somebody mentions me"), ("mention",), AT_ONCE),
    Topic("followed", lazy_gettext("New in a conversation that I follow"), ("followed",), WEEKLY),
    Topic("answers", lazy_gettext("Somebody answers my question"), ("answer",), WEEKLY),
    Topic("promises", lazy_gettext("Somebody I asked about has finished a book"), ("promise",), WEEKLY),
    Topic(
        "votes",
        lazy_gettext("Votes: open, ending, decided"),
        tuple(kind for kind in ROUND_KINDS if kind != "ballot_by_link"),
        WEEKLY,
    ),
    Topic(
        "meetings",
        lazy_gettext("Meetings: planned, moved, cancelled, tomorrow"),
        (*MEETING_KINDS, *DATE_POLL_KINDS),
        AT_ONCE,
    ),
    Topic("moderation", lazy_gettext("Moderation of what I wrote"), MODERATION_KINDS, WEEKLY),
    Topic(NEWS, lazy_gettext("What is new in the club"), (), WEEKLY),
)
TOPICS_BY_NAME = {topic.name: topic for topic in TOPICS}
TOPIC_NAMES = tuple(TOPICS_BY_NAME)
# What a link in a mail ends, by its name: a topic, or all that comes in a letter.
UNSUBSCRIBED = {
    **{topic.name: topic.label for topic in TOPICS},
    DAILY: lazy_gettext("The daily letter"),
    WEEKLY: lazy_gettext("The weekly letter"),
}
# Nobody chooses about these: they tell a member of what might not have been them.
SAFETY = Topic("safety", "", ("ballot_by_link",), AT_ONCE)
_TOPIC_OF = {kind: topic for topic in (*TOPICS, SAFETY) for kind in topic.kinds}


def topic_of(kind: str) -> Topic:
    """Return the topic of a kind of notice."""
    return _TOPIC_OF[kind]


def frequency_of(topic: Topic, chosen: Mapping[str, str]) -> str:
    """Return when a member wants a topic by mail, by what they have chosen, by the names of topics."""
    return chosen.get(topic.name, topic.default)


def kinds_at(frequency: str, chosen: Mapping[str, str]) -> set[str]:
    """Return the kinds of notices that a member wants at this frequency."""
    return {kind for topic in TOPICS if frequency_of(topic, chosen) == frequency for kind in topic.kinds}


def letter_moment(frequency: str, now: datetime, zone: str) -> datetime:
    """Return the latest moment, not after now, at which a letter was due to a reader in this time zone."""
    here = now.astimezone(ZoneInfo(zone))
    day = here.date()
    if frequency == WEEKLY:
        day -= timedelta(days=(day.weekday() - SUNDAY) % 7)
    moment = moment_at(datetime.combine(day, LETTER_CLOCK), zone)
    if moment > now:
        day -= timedelta(days=7 if frequency == WEEKLY else 1)
        moment = moment_at(datetime.combine(day, LETTER_CLOCK), zone)
    return moment


def is_letter_due(frequency: str, told_until: datetime, now: datetime, zone: str) -> bool:
    """Return whether a letter is due. However long none could go, one catches up.

    A letter that tells of the future was written while a clock ran ahead.
    """
    return told_until < letter_moment(frequency, now, zone) or told_until > now + timedelta(days=1)


def next_letters_at(now: datetime) -> datetime:
    """Return when to look again for letters that are due: every quarter of an hour, as time zones differ."""
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    return quarter + timedelta(minutes=15)
