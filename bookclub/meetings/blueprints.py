"""Blueprints of meetings, of their series, of the answers to them, of who was there, and of calendars."""

from .attendance_views import bp as attendances
from .calendar_views import bp as calendars
from .rsvp_link_views import bp as rsvp_links
from .rsvp_views import bp as rsvps
from .series_views import bp as series
from .views import bp as meetings

blueprints = (meetings, series, rsvps, rsvp_links, attendances, calendars)
