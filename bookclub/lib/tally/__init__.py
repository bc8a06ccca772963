"""Counting of ballots, and results that everyone can check."""
