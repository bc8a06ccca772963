"""What people and clubs may be called, and how names and addresses are compared."""

from __future__ import annotations

import re
import unicodedata

from ...characters import clean_line
from .confusables import is_visible, name_keys

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
