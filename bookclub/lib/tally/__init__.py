"""Ballots to a result that everybody can check."""
