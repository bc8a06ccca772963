"""Exports of a member's data and of the whole club, and what happens to data when a member leaves."""
