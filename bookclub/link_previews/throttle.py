"""Count of the pictures that were drawn in the last minute, in the memory of this process."""

from __future__ import annotations

from flask import current_app

from ..search.throttle import SECONDS, Throttle
from . import rules

__all__ = ["SECONDS", "may_draw"]


def may_draw(address: str) -> bool:
    """Count a picture for a place on the network. Return whether it is not one too many."""
    throttle: Throttle = current_app.extensions.setdefault("bookclub_pictures_drawn", Throttle())
    return throttle.take(address, rules.DRAWN_FOR_ADDRESS) and throttle.take("everybody", rules.DRAWN)
