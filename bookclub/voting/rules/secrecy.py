"""How a private ballot is found by its voter and by nobody else.

The ballot key is drawn when a round is made, never shown, and deleted when the round is settled; the log of
the database is emptied then, too. Until then whoever holds the database can find out whose a private ballot
is; afterwards nobody can, except with a copy of the database from before.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256


def voter_tag(key: str, member_id: int) -> str:
    """Under what a member's ballot is kept: HMAC-SHA-256 of the member under the round's key, in hex.

    It is the same whatever happens to the member, so that nobody has two ballots.
    """
    return _keyed(key, f"voter {member_id}")


def seal_of(key: str, member_id: int, password_reset_at: datetime | None) -> str:
    """What a voter must be able to say to be shown their private ballot again, in hex.

    It changes when an organiser's link has set the member's password: whoever used that link may cast
    the ballot anew, but not read the one that is there.
    """
    reset = password_reset_at.isoformat() if password_reset_at else "never"
    return _keyed(key, f"seal {member_id} {reset}")


def shuffle_key(lot_hash: str, member_id: int, nomination_id: int) -> str:
    """By what the cards of a ballot are ordered: as if shuffled for each voter, and always the same."""
    return sha256(f"{lot_hash} {member_id} {nomination_id}".encode()).hexdigest()


def _keyed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), sha256).hexdigest()
