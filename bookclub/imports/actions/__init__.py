"""To bring a file, to look for its books, to take it in bit by bit, and to stop. Nothing here commits."""

from .looking import look_on
from .staging import Spooled, spooled, stage
from .steering import choose, forget, start, stop
from .taking import take

__all__ = ("Spooled", "choose", "forget", "look_on", "spooled", "stage", "start", "stop", "take")
