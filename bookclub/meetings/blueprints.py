"""Blueprints of meetings and of the answers to them."""

from .rsvp_views import bp as rsvps
from .views import bp as meetings

blueprints = (meetings, rsvps)
