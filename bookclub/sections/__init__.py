"""Chapters and parts of books, and where they start."""
