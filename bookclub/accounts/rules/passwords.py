"""How good a password must be."""

from __future__ import annotations

import re
from collections.abc import Collection

from .names import fold

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1_000
# Runs along a keyboard or an alphabet, forwards; rows stand twice so that a run may go round.
RUNS = (
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "01234567890123456789012345678901234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1234567890qwertyuiop",
    "`1234567890-=",
    "!@#$%^&*()_+",
)


def password_problem(password: str, names: Collection[str], common: Collection[str]) -> str | None:
    """What is wrong with a password, in words; None where nothing is.

    ``names`` are the username, the address and the club, ``common`` the folded passwords that are
    tried first everywhere. Ten characters or more; none of those, nor a short piece said again and
    again, nor a run along the keyboard. No rules of composition: they make people write "Password1!".
    """
    if len(password) < SHORTEST_PASSWORD:
        return f"Use at least {SHORTEST_PASSWORD} characters. A few words in a row are good."
    if len(password) > LONGEST_PASSWORD:
        return f"Use at most {LONGEST_PASSWORD} characters."
    folded = fold(password)
    if folded in common or _is_pattern(folded):
        return "This is one of the passwords that are guessed first. Choose another."
    # A longer name is refused by its own field, and would take long to be laid bare.
    known = [name[:LONGEST_PASSWORD] for name in names]
    own = {_bare(fold(part)) for name in known for part in (name, name.rpartition("@")[0])} - {""}
    if _bare(folded) in own:
        return "This is too much like your name, your address or the club's. Choose another."
    return None


def _bare(text: str) -> str:
    """A folded text without what people add to make it look different: digits and signs around it."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$|[\s._-]+", "", text)


def _is_pattern(folded: str) -> bool:
    """Whether a folded password is a run, or a piece of at most four characters said again and again."""
    pieces = (folded[:length] for length in range(1, 5))
    if any((piece * len(folded))[: len(folded)] == folded for piece in pieces):
        return True
    return any(text in run for run in RUNS for text in (folded, folded[::-1]))
