"""Lengths of texts that forms take and library files bring."""

from __future__ import annotations

MAX_NOTES = 20_000
MAX_SUMMARY = 500
