"""Calendars: one meeting as a file, all of them at a member's private address, and the page about that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from flask import current_app, render_template, url_for

from ..hosts import full_address
from ..lib import private_tokens
from ..lib.calendars.calendar_files import CalendarEvent, calendar_text
from ..lib.text.messages import gettext as _
from ..rounds.queries import rounds_under_way
from ..web import current_viewer, the_club
from . import calendar_queries
from .models import Meeting
from .pages import reading_texts

ALARM = timedelta(hours=2)
# A deadline is shown as the half hour before it.
DEADLINE = timedelta(minutes=30)


def show_calendar() -> str:
    """Render the page with the private address of the member's calendar."""
    address = calendar_queries.calendar_address(current_viewer())
    url = None
    if address is not None:
        token = private_tokens.token_of(address.code, "calendar", current_app.config["SECRET_KEY"])
        url = full_address(url_for("calendars.subscribe", token=token))
    made_at = address.made_at if address else None
    # By this scheme phones and computers hand the address to their calendar.
    webcal = f"webcal:{url.partition(':')[2]}" if url else None
    return render_template("meetings/calendar.html", url=url, webcal=webcal, made_at=made_at)


def file_of(meeting: Meeting) -> bytes:
    """Return a meeting as a calendar of its own."""
    return calendar_text(meeting.title, entries_for([meeting]))


def calendar_of_club() -> list[CalendarEvent]:
    """Return all meetings, and the deadlines of the rounds under way."""
    return [*entries_for(calendar_queries.meetings_in_calendar()), *deadlines()]


def version_of_calendar() -> str:
    """Return a digest that is another one as soon as the calendar of the club has changed.

    It is the same for all members: chapters go by their numbers, so nothing in it depends on a mark.
    """
    version = (the_club().name, full_address("/"), *deadlines(), *calendar_queries.calendar_version())
    return sha256(repr(version).encode()).hexdigest()


def entries_for(meetings: Sequence[Meeting]) -> list[CalendarEvent]:
    """Return meetings as entries of a calendar.

    They hold nothing that could be locked: notes and titles have no spoilers, and chapters go by number.
    """
    texts = reading_texts(meetings)
    # Addresses differ by their ids alone, and making each anew takes as long as the rest of the entry.
    start = full_address(url_for("meetings.show", meeting_id=0)).removesuffix("0")
    host = urlsplit(start).hostname
    entries = []
    for each in meetings:
        lines = [each.cancel_reason or ""] if each.is_cancelled else []
        if each.series and not each.is_cancelled:
            lines.append(each.series.rule_text)
        for book in each.books:
            text = texts[each.id][book.book_id]
            lines.append(f"{book.book.title}: {text}" if text else book.book.title)
        where = "" if each.hides_place else each.place
        lines += [] if each.hides_place else [each.link, each.access]
        entries.append(
            CalendarEvent(
                uid=f"meeting-{each.id}@{host}",
                title=each.title,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                zone=each.time_zone,
                changed_at=each.changed_at or each.created_at,
                revision=each.revision,
                place=where,
                text="\n".join(filter(None, [*lines, each.notes])),
                url=f"{start}{each.id}",
                is_cancelled=each.is_cancelled,
                alarm=ALARM,
            )
        )
    return entries


def deadlines() -> list[CalendarEvent]:
    """Return the ends of the rounds under way."""
    found = []
    for each in rounds_under_way():
        page = full_address(url_for("rounds.show", round_id=each.id))
        found.append(
            CalendarEvent(
                uid=f"round-{each.id}@{urlsplit(page).hostname}",
                title=_("The vote ends: %(round)s", round=each.title),
                starts_at=each.voting_until_at - DEADLINE,
                ends_at=each.voting_until_at,
                zone=the_club().time_zone,
                changed_at=each.opened_at,
                url=page,
            )
        )
    return found
