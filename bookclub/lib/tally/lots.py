"""Lots that nobody can steer and everyone can check, the digest of ballots, and voters' receipts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from .ballots import Cast

# Figures of fewer private ballots than this could reveal who voted for what, so they are withheld.
PUBLISHABLE = 5

# Digits and letters without I, L, O and U, which look or read like others. 32 characters hold five bits each.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Twelve characters of five bits are 60 bits, so two receipts of a round are never equal in practice.
RECEIPT_LENGTH = 12
RECEIPT = re.compile(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


def sha256_hex(secret: str) -> str:
    """Return the SHA-256, in hex, of a text. That of the lot's secret is published before voting."""
    return sha256(secret.encode()).hexdigest()


def ballots_text(casts: Iterable[Cast]) -> str:
    """Write the ballots as the text whose digest is published.

    Each ballot is one line: its receipt, then for each nomination that it names, by ascending id, a space and
    ``id:place``. The lines are sorted as text, and each ends with a line feed::

        7Q2M-8RZX-K4TB 5:1 12:2
        9FJ3-22CD-VW61
    """
    lines = []
    for cast in casts:
        places = (f" {nomination}:{place}" for nomination, place in sorted(cast.ranking.items()))
        lines.append(f"{cast.receipt}{''.join(places)}\n")
    # Sorted, so that the digest does not depend on the order in which ballots come.
    return "".join(sorted(lines))


def digest_of(casts: Iterable[Cast]) -> str:
    """Return the SHA-256, in hex, of the ballots' canonical text."""
    return sha256(ballots_text(casts).encode()).hexdigest()


def draw_lots(secret: str, digest: str, among: Iterable[int]) -> dict[int, str]:
    """Draw a lot for each of the tied nominations; the lowest wins.

    The seed is the SHA-256 of ``secret:digest``, and a nomination's lot is the SHA-256 of ``seed:id``, all in
    hex. The secret is fixed before the first ballot and the digest by the last one, so neither the voters nor
    the member who made the round can choose the outcome, unless one of them knows the secret and votes last.
    """
    # The digest makes the lot depend on every ballot, the secret hides it until the close.
    seed = sha256_hex(f"{secret}:{digest}")
    return {nomination: sha256_hex(f"{seed}:{nomination}") for nomination in sorted(among)}


def make_receipt(entropy: bytes) -> str:
    """Make a receipt, XXXX-XXXX-XXXX, from the first 60 bits of at least eight random bytes."""
    if len(entropy) < 8:
        raise ValueError("A receipt takes eight random bytes.")
    # Eight bytes less four bits are the 60 bits of twelve characters.
    bits = int.from_bytes(entropy[:8], "big") >> 4
    letters = "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(RECEIPT_LENGTH)))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
