"""Markdown rendering, spoilers, dates, and keys for comparing names and titles."""
