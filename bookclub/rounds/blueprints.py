"""Rounds of voting: to open and run one, to nominate, to vote, and to read the result."""

from .ballot_views import bp as ballots
from .closure_views import bp as running
from .nomination_views import bp as nominations
from .views import bp as rounds

blueprints = (rounds, running, nominations, ballots)
