"""Asks, answers and endorsements, and recommendations that show their evidence."""
