"""Asks, answers, and recommendations from one book to another."""
