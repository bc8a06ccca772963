"""Rules for names, addresses, roles, sessions, failed attempts, invitations and visits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Network, ip_address

from ..lib.text.confusables import is_visible, name_keys
from ..lib.text.mail_addresses import LONGEST_EMAIL, address_problem
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, number_text
from ..lib.text.spoilers import hide_spoilers

# It is stored so in place of a name, and shown in the reader's language. Nobody else can have this name.
FORMER_MEMBER = "a former member"

# ASCII only: these can be typed on every keyboard, and stand in the address of a page.
USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,29}")
LONGEST_DISPLAY_NAME = 60
LONGEST_CLUB_NAME = 80
LONGEST_WORDS = 5_000

# These names would pass for the club itself.
RESERVED = frozenset(
    {
        "admin", "administrator", "anonymous", "bookclub", "club", "everybody", "everyone", "guest", "help",
        "member", "members", "moderator", "moderators", "nobody", "organiser", "organisers", "organizer",
        "organizers", "postmaster", "root", "settings", "sign-in", "sign-up", "staff", "support", "system",
        "visitor", "webmaster",
    }
)  # fmt: skip
# Member.forget() gives these names to members who have left; nobody else may have one.
FORMER_USERNAME = re.compile(r"former-[0-9]+")

ALIKE = lazy_gettext("This is too much like the name or the username of another member. Choose another.")
_TAKEN = {
    "username": lazy_gettext("Somebody has this username already. Choose another."),
    "email": lazy_gettext("This e-mail address is in use here already. Choose another."),
    "display_name": ALIKE,
}


class MembershipError(ValueError):
    """A request that the rules refuse; the text is a sentence that says why."""


class TakenError(MembershipError):
    """A name or address that belongs to someone else already.

    ``field`` is "username", "email" or "display_name". ``is_alike`` says that a username is not the same as
    another member's name, but looks like it.
    """

    def __init__(self, field: str, *, is_alike: bool = False) -> None:
        self.field = field
        super().__init__(str(ALIKE if is_alike else _TAKEN[field]))


def fold_name(text: str) -> str:
    """Return text as names and addresses are compared: NFKC, case-folded, trimmed."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def username_problem(username: str, *, trusted: bool = False) -> str | None:
    """Return what is wrong with a username as a sentence, or None.

    Letters, digits, full stops, hyphens and underscores, 2 to 30 of them, a letter or digit first:
    what can be typed on every keyboard and stand in an address. The names of former members are
    refused, and so are those that would pass for the club, unless the person who chooses is ``trusted``:
    the first organiser, and the shell.
    """
    if not USERNAME.fullmatch(username):
        return _(
            "Use 2 to 30 letters (a to z), digits, full stops, hyphens or underscores, "
            "with a letter or digit first."
        )
    if FORMER_USERNAME.fullmatch(fold_name(username)) or (fold_name(username) in RESERVED and not trusted):
        return _("Nobody can have this username. Choose another.")
    return None


def email_problem(email: str) -> str | None:
    """Return what is wrong with a member's e-mail address as a sentence, or None."""
    # Folding can lengthen an address (NFKC), and its column holds twice as many characters.
    if len(fold_name(email)) / 2 > LONGEST_EMAIL:
        return _("Use an address of at most %(most)s characters.", most=number_text(LONGEST_EMAIL))
    return address_problem(email)


def show_name(stored: str) -> str:
    """Return a stored display name as readers see it: with its spoilers hidden, or "a former member"."""
    return _("a former member") if stored == FORMER_MEMBER else hide_spoilers(stored)


def display_name_problem(name: str, username: str = "") -> str | None:
    """Return what is wrong with a display name as a sentence, or None.

    Every script and emoji may be used, as long as there is something to see. A name that would pass for the
    club or for a former member is refused, however it is disguised; one's own username never is. The caller
    must check that no other member has the name (``queries.is_name_held``).
    """
    if not is_visible(name):
        return _("Type a name that can be seen.")
    if len(name) > LONGEST_DISPLAY_NAME:
        return _("Use at most %(most)s characters.", most=number_text(LONGEST_DISPLAY_NAME))
    keys = name_keys(name)
    if any(keys & name_keys(former) for former in (FORMER_MEMBER, "former member")) or (
        FORMER_USERNAME.fullmatch(fold_name(name))
    ):
        return _("Members who have left are called this. Choose another.")
    if fold_name(name) != fold_name(username) and any(keys & name_keys(reserved) for reserved in RESERVED):
        return _("This could be taken for the club itself. Choose another.")
    return None


# A visit ends after half an hour without a page. Pages are noted at most every five minutes, as each note is
# a write.
VISIT_GAP = timedelta(minutes=30)
VISIT_NOTED_EVERY = timedelta(minutes=5)

# The order is from the fewest rights to the most; places in it are compared.
ROLES = ("member", "moderator", "organiser")
NEEDS_ORGANISER = lazy_gettext("The club needs an organiser. Make somebody else one first.")


def role_name(role: str) -> str:
    """Return a role in the reader's language."""
    names = {"member": _("member"), "moderator": _("moderator"), "organiser": _("organiser")}
    return names[role]


SESSION_LIFETIME = timedelta(days=365)
# A row is deleted only after twice that time: a clock that runs ahead for an hour must end no session for
# good.
SESSION_KEPT = 2 * SESSION_LIFETIME
# Together they are a few days less than a session lasts; see last_use().
MARK_FOLLOWS = timedelta(days=60)
MARK_STEP = timedelta(days=300)
SETUP_LINK_LIFETIME = timedelta(days=7)
PASSWORD_LINK_LIFETIME = timedelta(hours=24)
# A link that a member asked for by mail arrives at once, and mailboxes are read by others, too.
MAILED_LINK_LIFETIME = timedelta(hours=1)
CONFIRMATION_LIFETIME = timedelta(days=3)
INVITED_FOR = timedelta(days=14)
# After so many permanent refusals in a row, nothing but password links is sent to an address.
MOST_REFUSALS = 3
# A one-time link made further in the future does not work: it was made while a clock ran ahead.
LINK_SLACK = timedelta(days=1)
# The longest invitation in days, and the most people whom one lets in.
LONGEST_INVITATION = 365
MOST_USES = 100

# Only failed attempts count, so that a whole club can sign in from one living room.
FAILURES_WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 10
FAILURES_PER_ADDRESS = 50


def account_subject(member_id: int) -> str:
    """Return the key that counts failed attempts at one account, under any of its names."""
    return f"account {_digest(f'member {member_id}')}"


def name_subject(name: str) -> str:
    """Return the key that counts failed attempts at an account that does not exist: its folded name.

    It is a hash, because people type passwords into the wrong box, and looks like the key of an account.
    """
    return f"account {_digest(f'name {fold_name(name)}')}"


def browser_subject(nonce: str) -> str:
    """Return the key that counts failed attempts from a browser that the member has used before."""
    return f"browser {_digest(nonce)}"


def _digest(counted: str) -> str:
    # A subject has a column of 64 characters, and its kind stands in front.
    return sha256(counted.encode()).hexdigest()[:48]


def address_subject(address: str | None) -> str:
    """Return the key that counts failed attempts from one place: the IPv4 address, or the /64 of an IPv6 one.

    A household has a /64 to itself, so counting single addresses in it would count nothing.
    """
    try:
        parsed = ip_address(address or "")
    except ValueError:
        # Its column has 64 characters.
        return f"address {address or 'unknown'}"[:64]
    if isinstance(parsed, IPv4Address):
        return f"address {parsed}"
    # A server that listens on IPv6 sees IPv4 clients as ::ffff:192.0.2.1.
    if parsed.ipv4_mapped:
        return f"address {parsed.ipv4_mapped}"
    return f"address {IPv6Network((int(parsed), 64), strict=False)}"


def request_subjects(email: str, address: str | None) -> tuple[str, str]:
    """Return the keys that count requests for password links: for one e-mail address, and from one place.

    They are other keys than those of failed sign-ins, so that nobody can lock a member out by asking.
    """
    return f"forgotten {_digest(f'email {fold_name(email)}')}", f"forgotten {address_subject(address)}"[:64]


def must_wait(subject: str, failures: int) -> bool:
    """Return whether a subject has so many failed attempts that the next must wait."""
    is_address = "address " in subject
    return failures >= (FAILURES_PER_ADDRESS if is_address else FAILURES_PER_ACCOUNT)


def failure_window(now: datetime) -> tuple[datetime, datetime]:
    """Return the two moments between which a failed attempt counts.

    It may lie a little ahead, as several servers have several clocks, but no further: what was noted
    while a clock was wrong must not keep anybody out until then.
    """
    return now - FAILURES_WINDOW, now + FAILURES_WINDOW


def invitation_problem(
    *, uses: int, max_uses: int, expires_at: datetime, revoked_at: datetime | None, now: datetime
) -> str | None:
    """Return why an invitation admits nobody as a sentence, or None."""
    if revoked_at is not None:
        return _("This invitation has been withdrawn.")
    if now >= expires_at:
        return _("This invitation has expired.")
    if uses >= max_uses:
        return _("This invitation has been used up.")
    return None


# The club


def keeps_organiser(organisers: Collection[int], member_id: int) -> bool:
    """Return whether the club keeps an organiser when this member leaves.

    ``organisers`` are those who are neither suspended nor removed. A club without one could never
    invite anybody again, nor get one back.
    """
    return member_id not in organisers or len(organisers) > 1


def dates_problem(current_from: date | None, current_until: date | None) -> str | None:
    """Return what is wrong with the days of the current book as a sentence, or None."""
    if current_from and current_until and current_until < current_from:
        return _("The last day cannot be before the first.")
    if any(day and not 1900 <= day.year < 2200 for day in (current_from, current_until)):
        return _("Check the year.")
    return None


def visit(seen_at: datetime, new_since: datetime, now: datetime) -> tuple[datetime, datetime] | None:
    """Return the (seen_at, new_since) to store for a page asked for now, or None if nothing need be written.

    After VISIT_GAP without a page a new visit begins, and everything younger than the end of the visit
    before is new. Within a visit the mark stays, so that nothing stops being new while it is read.
    """
    # The distance counts in both directions, so that a clock that is a minute behind causes no write.
    if abs(now - seen_at) < VISIT_NOTED_EVERY:
        return None
    if now < seen_at:  # A clock was put right, or is wrong now; new_since must not lie ahead of it.
        return now, min(new_since, now)
    return now, (seen_at if now - seen_at >= VISIT_GAP else new_since)


def last_use(used_at: datetime, now: datetime) -> datetime:
    """Return the time of last use to store for a session whose page is requested now.

    A mark in the future was made while a clock ran ahead, or the clock is behind now; nobody can tell which.
    If it stayed, it would keep a session alive for as long as the clock was wrong; put back to a clock that
    is years behind, it would end a session in use. So a mark that is up to MARK_FOLLOWS ahead follows the
    clock, one further ahead stays, and from MARK_STEP on it goes back by that much. Each leaves something
    of the session's year for the next visit, when the clock may be right again.
    """
    ahead = used_at - now
    if ahead <= MARK_FOLLOWS:
        return now
    return used_at - MARK_STEP if ahead > MARK_STEP else used_at


# The choices of settings, by their values. WTForms takes no lazy messages for the labels of choices, so each
# form asks for them.


def themes() -> dict[str, str]:
    return {"auto": _("Same as my device"), "light": _("Light: warm paper"), "dark": _("Dark: ink")}


def text_sizes() -> dict[str, str]:
    return {"normal": _("Normal"), "large": _("Large"), "largest": _("Largest")}


def ways_to_see_pace() -> dict[str, str]:
    return {"show": _("Show how much to read each day"), "hide": _("Show nothing")}


def fates_of_texts() -> dict[str, str]:
    return {
        "keep": _("Keep what I wrote, without my name"),
        "remove": _("Remove what I wrote: reviews, comments, questions, answers and recommendations"),
    }


def ways_to_join() -> dict[str, str]:
    return {"invitation": _("Anyone with an invitation link"), "open": _("Anyone")}


def roles() -> dict[str, str]:
    return {"member": _("Member"), "moderator": _("Moderator"), "organiser": _("Organiser")}
