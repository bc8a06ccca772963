"""Rules of incoming mail: what is for the club, who can read a reply, and what counts against an address."""

from __future__ import annotations

import re
from datetime import timedelta

from ..lib.positions.places import END, START
from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext, number_text

# Bytes of a mail that are fetched; of a larger one only its beginning, in which its text stands.
LARGEST, BEGINNING = 5 * 1024 * 1024, 256 * 1024
# Addresses with tokens that are tried in one mail.
MOST_TOKENS = 10
# One look takes so many seconds; then other jobs have their turn.
SECONDS = 20
# The mailbox is looked into each minute, and after failures in a row after each of these pauses in turn.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 1, 2, 5, 15))
# A mail is known again for so long. No server tries to deliver one for more than a few days, but a folder
# that is moved to another server looks new.
REMEMBERED_FOR = timedelta(days=400)
# Words that were not taken are kept until they went back to who wrote them, and no longer than this.
RETURNED_WITHIN = timedelta(days=7)
# Ways in which the horizon of a reply was found.
SAFE, SPOILER, MARK, UNKNOWN, BOOKLESS = "safe", "spoiler", "mark", "unknown", "bookless"
_CHOICES = {"safe": SAFE, "spoiler": SPOILER, "spoilers": SPOILER}
_SAFEST = {SAFE: str(START), SPOILER: "finished", UNKNOWN: "finished", BOOKLESS: str(START)}


def pause(failures: int) -> timedelta:
    """Return how long after a look the next one is, if so many in a row have failed."""
    return PAUSES[min(failures, len(PAUSES) - 1)]


def tokens_in(recipients: str, pattern: str) -> list[str]:
    """Return what stands for "{token}" in the addresses of this pattern (BOOKCLUB_MAIL_REPLY)."""
    before, after = (re.escape(part) for part in pattern.split("{token}"))
    found = re.findall(
        rf"(?<![\w.+-]){before}([a-z2-7]{{10,100}}){after}(?![\w.-])", recipients, re.IGNORECASE
    )
    return list(dict.fromkeys(found))[:MOST_TOKENS]


def split_choice(text: str) -> tuple[str | None, str]:
    """Return the choice that the first line of a reply makes ("safe", "spoiler"), if any, and the rest."""
    first, _line_end, rest = text.strip().partition("\n")
    choice = _CHOICES.get(first.strip().rstrip(".!:").strip("*_ ").casefold())
    return (choice, rest.strip()) if choice else (None, text.strip())


def reason_of_horizon(choice: str | None, mark: int | None, *, has_book: bool) -> str:
    """Return how the horizon of a reply is found: by its first line, else by the mark of its author."""
    if not has_book:
        return BOOKLESS
    return choice or (UNKNOWN if mark is None else MARK)


def horizon_choice(reason: str, mark: int | None, least: int) -> str:
    """Return the choice for the composer that a reason stands for; whatever it is, ``least`` still holds.

    Without a choice it is the greater of what is answered and the author's mark, and the end where no place
    is recorded: by mail nobody is shown what they choose.
    """
    if reason == MARK:
        return "mine" if (mark or START) >= least else str(START)
    return _SAFEST[reason]


def why_bookless() -> str:
    """Return why a spoiler is not taken in a conversation about no book."""
    return _(
        "That conversation is not about a book, so everybody reads it, and it can take no spoilers. Leave "
        "“spoiler” out if yours is none."
    )


def why_locked() -> str:
    return _("That conversation was locked by a moderator, and nothing can be added to it.")


def why_gone() -> str:
    return _("What you answered is not there any more.")


def why_too_large() -> str:
    return _(
        "Your mail is larger than %(most)s megabytes. Send it again without what is attached.",
        most=number_text(LARGEST // 1024**2),
    )


def why_unreadable() -> str:
    return _("We could not read your e-mail. Write your reply on the site, please.")


def why_wordless(attachments: int) -> str:
    if attachments:
        return _("We found no words of yours in your e-mail, and attachments are left out.")
    return _("We found no words of yours in your e-mail, beside what it quotes.")


def is_permanent(action: str, status: str) -> bool:
    """Return whether a report of a server counts against an address.

    A delay does not, nor does a matter of policy (5.7), which says nothing of the address (RFC 3463).
    """
    return action == "failed" and status.startswith("5.") and not status.startswith("5.7.")


def reach_text(reason: str, horizon: int, place: str) -> str:
    """Return who can read a reply, and why: ``place`` is its horizon in force in words."""
    if reason == BOOKLESS:
        return _("Everybody in the club can read it, as that conversation is not about a book.")
    if reason == UNKNOWN:
        return _("Only people who have finished the book can read it, as you have not said how far you are.")
    if reason == SPOILER:
        return _("You wrote “spoiler”, so only people who have finished the book can read it.")
    if reason == SAFE and horizon <= START:
        return _("You wrote “safe”, so everybody can read it.")
    if reason == SAFE:
        return _("You wrote “safe”, but what you answer goes further, so it is %(place)s, too.", place=place)
    if horizon <= START:
        return _("Everybody can read it, as you have not started the book.")
    if horizon >= END:
        return _("Only people who have finished the book can read it.")
    return _("It is %(place)s: others can read it once they have come as far.", place=place)


def notes_on(attachments: int, *, is_unclosed: bool) -> list[str]:
    """Return what else there is to say of a reply that was posted."""
    left_out = ngettext("%(num)s attachment was left out.", "%(num)s attachments were left out.", attachments)
    hidden = _(
        "A spoiler mark in it has no counterpart, so more of it is hidden than you may have meant. You can "
        "mend that on the site."
    )
    return [note for note, is_so in ((left_out, attachments), (hidden, is_unclosed)) if is_so]
