"""Recommendations that show their evidence, for one reader and for the club."""
