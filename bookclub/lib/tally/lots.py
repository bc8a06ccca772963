"""The lot that nobody can steer and everybody can check, and the receipts that voters know ballots by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from .ballots import Cast

# With fewer private ballots than this, their figures would tell who voted how.
PUBLISHABLE = 5

# The digits and letters without I, L, O and U, which look or read like others: five bits each.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
RECEIPT = re.compile(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


def hash_of(secret: str) -> str:
    """What is published of the lot's secret from the start: the SHA-256 of its characters, in hex."""
    return sha256(secret.encode()).hexdigest()


def canonical(casts: Iterable[Cast]) -> str:
    """The ballots as the text that is digested.

    One line for each ballot: its receipt, then for each nomination that it names, by ascending id, a space
    and ``id:place``. The lines are sorted as text, and each ends with a line feed::

        7Q2M-8RZX-K4TB 5:1 12:2
        9FJ3-22CD-VW61
    """
    lines = []
    for cast in casts:
        places = (f" {nomination}:{place}" for nomination, place in sorted(cast.ranking.items()))
        lines.append(f"{cast.receipt}{''.join(places)}\n")
    return "".join(sorted(lines))


def digest_of(casts: Iterable[Cast]) -> str:
    """The SHA-256 of the ballots' canonical text, in hex."""
    return sha256(canonical(casts).encode()).hexdigest()


def draw(secret: str, digest: str, among: Iterable[int]) -> dict[int, str]:
    """What each of the tied nominations draws; the lowest wins.

    The seed is the SHA-256 of ``secret:digest``, a nomination's draw that of ``seed:id``, all in hex. The
    secret is fixed before the first ballot and the digest by the last, so that neither the voters nor
    whoever made the round could choose the outcome, unless one of them knows the secret and votes last.
    """
    seed = hash_of(f"{secret}:{digest}")
    return {nomination: hash_of(f"{seed}:{nomination}") for nomination in sorted(among)}


def make_receipt(entropy: bytes) -> str:
    """A receipt, XXXX-XXXX-XXXX, out of the first 60 bits of at least eight random bytes."""
    if len(entropy) < 8:
        raise ValueError("A receipt takes eight random bytes.")
    bits = int.from_bytes(entropy[:8], "big") >> 4
    letters = "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
