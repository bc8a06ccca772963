"""Blueprints of meetings, of the answers to them, and of calendars."""

from .calendar_views import bp as calendars
from .rsvp_views import bp as rsvps
from .views import bp as meetings

blueprints = (meetings, rsvps, calendars)
