"""Rounds of voting: to open and run one, to nominate, to vote, and to read the result."""

from .ballots import bp as ballots
from .nominations import bp as nominations
from .rounds import bp as rounds
from .running import bp as running

blueprints = (rounds, running, nominations, ballots)
