"""Calendars in the format that calendar programs read."""
