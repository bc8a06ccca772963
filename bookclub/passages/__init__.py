"""Passages: quotations from a book with their places, each with a note, unlocked like posts."""
