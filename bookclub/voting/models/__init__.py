"""A round of voting: its nominations, ballots, tallies and events."""

from .ballots import Ballot, BallotKey, RoundEvent, Tally
from .rounds import Nomination, Round

__all__ = ("Ballot", "BallotKey", "Nomination", "Round", "RoundEvent", "Tally")
