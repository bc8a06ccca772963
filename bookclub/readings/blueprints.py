"""Blueprints of readings, and of marking many books as read at once."""

from . import past_read_views, views

blueprints = (views.bp, past_read_views.bp)
