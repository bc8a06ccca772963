"""Blueprints of meetings, of the answers to them, of who was there, and of calendars."""

from .attendance_views import bp as attendances
from .calendar_views import bp as calendars
from .rsvp_views import bp as rsvps
from .views import bp as meetings

blueprints = (meetings, rsvps, attendances, calendars)
