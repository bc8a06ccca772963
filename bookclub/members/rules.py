"""Who may get in, how often they may try, whom the club cannot do without, and what a visit is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Network, ip_address

from ..lib.text.characters import clean_line
from ..lib.text.confusables import is_visible, name_keys

FORMER_MEMBER = "a former member"

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,29}")
LONGEST_EMAIL = 254
LONGEST_DISPLAY_NAME = 60
LONGEST_CLUB_NAME = 80
LONGEST_WORDS = 5_000

# Names that would pass for the club itself.
RESERVED = frozenset(
    {
        "admin", "administrator", "anonymous", "bookclub", "club", "everybody", "everyone", "guest", "help",
        "member", "members", "moderator", "moderators", "nobody", "organiser", "organisers", "organizer",
        "organizers", "postmaster", "root", "settings", "sign-in", "sign-up", "staff", "support", "system",
        "visitor", "webmaster",
    }
)  # fmt: skip
# What forget() calls whoever has left; nobody else may be called that.
FORMER_USERNAME = re.compile(r"former-[0-9]+")

ALIKE = "This is too much like the name or the username of another member."
_TAKEN = {
    "username": "Somebody has this username already.",
    "email": "This e-mail address is in use here already.",
    "display_name": ALIKE,
}


class Refused(ValueError):
    """What was asked for cannot be; the text is a sentence that says why."""


class Taken(Refused):
    """Somebody else has this name or address already. ``field`` is "username", "email" or "display_name".

    ``is_alike`` says that a username is not the same as another member's name, but looks like it.
    """

    def __init__(self, field: str, *, is_alike: bool = False) -> None:
        self.field = field
        super().__init__(f"{ALIKE if is_alike else _TAKEN[field]} Choose another.")


def fold(text: str) -> str:
    """The form in which names and addresses are compared: NFKC, case-folded, trimmed."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def tidy(text: str) -> str:
    """One line as it is kept: trimmed, and every run of white space one space."""
    return clean_line(text)


def username_problem(username: str, *, trusted: bool = False) -> str | None:
    """What is wrong with a username, in words; None where nothing is.

    Letters, digits, full stops, hyphens and underscores, 2 to 30 of them, a letter or digit first:
    what can be typed on every keyboard and stand in an address. The names of those who have left are
    refused, and those that would pass for the club unless whoever chooses is ``trusted``: the first
    organiser, and the shell.
    """
    if not USERNAME.fullmatch(username):
        return (
            "Use 2 to 30 letters (a to z), digits, full stops, hyphens or underscores, "
            "with a letter or digit first."
        )
    if FORMER_USERNAME.fullmatch(fold(username)) or (fold(username) in RESERVED and not trusted):
        return "This username is kept free. Choose another."
    return None


def email_problem(email: str) -> str | None:
    """What is wrong with an e-mail address, in words; None where nothing is.

    Only what no mail could ever reach is refused: whether it arrives, only mail can tell.
    """
    name, at, host = email.rpartition("@")
    if not at or not name or not host or re.search(r"[\s,;<>@]", host + name):
        return "This does not look like an e-mail address, such as ada@example.org."
    if max(len(email), len(fold(email)) / 2) > LONGEST_EMAIL:
        return f"Use an address of at most {LONGEST_EMAIL} characters."
    return None


def display_name_problem(name: str, username: str = "") -> str | None:
    """What is wrong with a display name, in words; None where nothing is.

    Every script and emoji may be used, as long as there is something to see. A name that would pass for the
    club or for somebody who has left is refused, however it is disguised; one's own username never is.
    Whether another member is called so is for the caller to ask (``queries.names_held``).
    """
    if not is_visible(name):
        return "Give a name that can be seen."
    if len(name) > LONGEST_DISPLAY_NAME:
        return f"Use at most {LONGEST_DISPLAY_NAME} characters."
    keys = name_keys(name)
    if any(keys & name_keys(former) for former in (FORMER_MEMBER, "former member")) or (
        FORMER_USERNAME.fullmatch(fold(name))
    ):
        return "This is what those are called who have left. Choose another."
    if fold(name) != fold(username) and any(keys & name_keys(reserved) for reserved in RESERVED):
        return "This would pass for the club itself. Choose another."
    return None


# A visit ends after half an hour without a page; its pages are noted at most every five minutes.
VISIT_GAP = timedelta(minutes=30)
VISIT_NOTED_EVERY = timedelta(minutes=5)

ROLES = ("member", "moderator", "organiser")
NEEDS_ORGANISER = "The club needs an organiser. Make somebody else one first."

SESSION_LIFETIME = timedelta(days=365)
# It is kept for as long again: a clock that runs ahead for an hour must end no session for good.
SESSION_KEPT = 2 * SESSION_LIFETIME
# Together a few days less than a session lasts.
MARK_FOLLOWS = timedelta(days=60)
MARK_STEP = timedelta(days=300)
SETUP_LINK_LIFETIME = timedelta(days=7)
PASSWORD_LINK_LIFETIME = timedelta(hours=24)
# A one-time link opens nothing longer before the moment at which it was made: then a clock ran ahead.
LINK_SLACK = timedelta(days=1)
LONGEST_INVITATION = 365
MOST_USES = 100

# Failed attempts only, so that a whole club can sign in from one living room.
FAILURES_WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 10
FAILURES_PER_ADDRESS = 50


def account_subject(member_id: int) -> str:
    """Key for failed attempts at one account, whichever of its names was typed."""
    return f"account {_digest(f'member {member_id}')}"


def name_subject(name: str) -> str:
    """Key for failed attempts at an account that does not exist: the folded name.

    Only a hash is kept, since people type passwords into the wrong box, and it looks like that of an account.
    """
    return f"account {_digest(f'name {fold(name)}')}"


def browser_subject(nonce: str) -> str:
    """Key for failed attempts from a browser that the member has used before."""
    return f"browser {_digest(nonce)}"


def _digest(counted: str) -> str:
    return sha256(counted.encode()).hexdigest()[:48]


def address_subject(address: str | None) -> str:
    """How failed attempts from one place are counted: by the IPv4 address, or the /64 of an IPv6 one.

    A household has a /64 to itself; counting single addresses in it would count nothing.
    """
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return f"address {address or 'unknown'}"[:64]
    if isinstance(parsed, IPv4Address):
        return f"address {parsed}"
    if parsed.ipv4_mapped:
        return f"address {parsed.ipv4_mapped}"
    return f"address {IPv6Network((int(parsed), 64), strict=False)}"


def must_wait(subject: str, failures: int) -> bool:
    """Return whether these counts of failed attempts reach a limit."""
    is_address = subject.startswith("address ")
    return failures >= (FAILURES_PER_ADDRESS if is_address else FAILURES_PER_ACCOUNT)


def failures_counted(now: datetime) -> tuple[datetime, datetime]:
    """The moments between which a failed attempt must lie to be counted.

    It may lie a little ahead, as several servers have several clocks, but no further: what was noted
    while a clock was wrong must not keep anybody out until then.
    """
    return now - FAILURES_WINDOW, now + FAILURES_WINDOW


def invitation_problem(
    *, uses: int, max_uses: int, expires_at: datetime, revoked_at: datetime | None, now: datetime
) -> str | None:
    """Why an invitation lets nobody in, in words; None where it does."""
    if revoked_at is not None:
        return "This invitation has been withdrawn."
    if now >= expires_at:
        return "This invitation has run out."
    if uses >= max_uses:
        return "This invitation has been used up."
    return None


# The club


def can_do_without(organisers: Collection[int], member_id: int) -> bool:
    """Whether the club keeps an organiser when this member leaves.

    ``organisers`` are those who are neither suspended nor removed. A club without one could never
    again invite anybody, nor get one back.
    """
    return member_id not in organisers or len(organisers) > 1


def dates_problem(current_from: date | None, current_until: date | None) -> str | None:
    """What is wrong with the days of the current book, in words; None where nothing is."""
    if current_from and current_until and current_until < current_from:
        return "The last day cannot be before the first."
    if any(day and not 1900 <= day.year < 2200 for day in (current_from, current_until)):
        return "Check the year."
    return None


def visit(seen_at: datetime, new_since: datetime, now: datetime) -> tuple[datetime, datetime] | None:
    """The (seen_at, new_since) to note for a page asked for now, or None where nothing need be written.

    After VISIT_GAP without a page a new visit begins, and what is younger than the end of the one
    before is new. Within a visit the mark stays, so that nothing stops being new under one's eyes.
    """
    if abs(now - seen_at) < VISIT_NOTED_EVERY:
        return None
    if now < seen_at:  # A clock was put right, or is wrong: what is new follows it.
        return now, min(new_since, now)
    return now, (seen_at if now - seen_at >= VISIT_GAP else new_since)


def last_use(used_at: datetime, now: datetime) -> datetime:
    """The time of last use to store for a session whose page is requested now.

    A mark in the future was made while a clock ran ahead, or the clock is behind now; nobody can tell which.
    Left where it is it would keep a session alive for as long as the clock was wrong; put back to a clock
    that is years behind it would end one that is in use. So a mark that is up to MARK_FOLLOWS ahead follows
    the clock, one further ahead stays, and from MARK_STEP on it goes back by that much. Each leaves
    something of the session's year for the next visit, when the clock may be right again.
    """
    ahead = used_at - now
    if ahead <= MARK_FOLLOWS:
        return now
    return used_at - MARK_STEP if ahead > MARK_STEP else used_at
