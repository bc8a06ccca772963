"""Maximum lengths, in characters, of notes and summaries in forms and library files."""

from __future__ import annotations

MAX_NOTES = 20_000
MAX_SUMMARY = 500
