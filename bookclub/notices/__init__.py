"""Notices to members: replies, reports, kept promises and answers."""
