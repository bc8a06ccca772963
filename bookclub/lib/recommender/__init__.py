"""Recommendations: evidence scored into a ranking of books, with reasons."""
