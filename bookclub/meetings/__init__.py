"""Meetings: when and where the club meets, and what to have read by then."""
