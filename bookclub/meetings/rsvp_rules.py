"""Rules of answers to a meeting: seats, the waiting list, and until when to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ..lib.text import dates
from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext

ANSWERS = ("yes", "maybe", "no")
MOST_SEATS = 1000
MOST_GUESTS = 20
LONGEST_NOTE = 200


@dataclass(frozen=True)
class RsvpParty:
    """A member who wants to come, with their guests: ``size`` people in all."""

    member_id: int
    size: int


def free_seats(limit: int | None, taken: int) -> int | None:
    """Return how many seats are left; None if there is no limit."""
    return None if limit is None else max(limit - taken, 0)


def move_up(waiting: Sequence[RsvpParty], free: int | None) -> list[int]:
    """Return the members who get a seat now. ``waiting`` are in the order in which they said yes.

    Nobody overtakes: as long as the first party does not fit, the others wait behind it.
    """
    seated = []
    for party in waiting:
        if free is not None:
            if party.size > free:
                break
            free -= party.size
        seated.append(party.member_id)
    return seated


def is_closed(answer_until: date | None, zone: str, starts_at: datetime, now: datetime) -> bool:
    """Return whether it is too late to say yes or maybe: the last day is over, or the meeting has begun."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return now >= starts_at or (answer_until is not None and today > answer_until)


def lateness_problem(answer_until: date | None) -> str:
    """Return why an answer comes too late."""
    if answer_until is None:
        return _("The meeting has begun.")
    day = dates.date_text(answer_until)
    return _("Answers were wanted until %(day)s. You can still say that you can’t come.", day=day)


def guests_problem(growth: int, free: int | None) -> str | None:
    """Return why somebody who has a seat cannot bring so many more guests, or None."""
    if free is None or growth <= free:
        return None
    if not free:
        return _("No seat is left for another guest.")
    return ngettext(
        "Only %(num)s seat is left for more guests.", "Only %(num)s seats are left for more guests.", free
    )


def said_text(answer: str, *, has_seat: bool) -> str:
    """Return what a member's answer means, in words for them."""
    if answer == "yes" and not has_seat:
        return _("All seats are taken. You are on the waiting list, and we’ll tell you when one is free.")
    if answer == "yes":
        return _("You’re coming. See you there!")
    return _("You might come.") if answer == "maybe" else _("You can’t come.")


def limit_problem(limit: int | None, taken: int) -> str | None:
    """Return why a meeting cannot have so few seats, or None: so many people have one."""
    if limit is None or limit >= taken:
        return None
    return ngettext(
        "%(num)s seat is taken. Type at least that number.",
        "%(num)s seats are taken. Type at least that number.",
        taken,
    )
