"""Blueprints of rounds, nominations, ballots and their running by organisers."""

from .ballot_link_views import bp as ballot_links
from .ballot_views import bp as ballots
from .closure_views import bp as running
from .nomination_views import bp as nominations
from .views import bp as rounds

blueprints = (rounds, running, nominations, ballots, ballot_links)
