"""Limits on the drawing of pictures."""

from __future__ import annotations

# In a minute, by each process. Drawing one takes 0.1 s, or 0.4 s of the longest texts, and while it becomes a
# PNG nothing else of the process runs: so many take 4 s of a minute, whatever number of addresses a program
# asks for. One who has the picture already does not count.
DRAWN = 40
# A program that gathers every page leaves some for the people who share a link.
DRAWN_FOR_ADDRESS = 20
# Any cache may keep a picture for an hour, and for so long one may stay as it was before a title changed.
CACHING = "public, max-age=3600"
