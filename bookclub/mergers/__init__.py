"""Mergers and splits of books and authors, which can be undone for a week."""
