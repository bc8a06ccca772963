"""To bring a file, to look for its books, to take it in bit by bit, and to stop. Nothing here commits."""

from .looking import look_on
from .staging import Spooled, is_same, spooled, stage
from .steering import choose, forget, look_again, start, stop, stop_all
from .taking import take

__all__ = (
    "Spooled",
    "choose",
    "forget",
    "is_same",
    "look_again",
    "look_on",
    "spooled",
    "stage",
    "start",
    "stop",
    "stop_all",
    "take",
)
