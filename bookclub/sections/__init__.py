"""Chapters and parts of a book, and where they start."""
