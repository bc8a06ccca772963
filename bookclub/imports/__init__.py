"""Imports of a member's library from another site, and of organisers' lists of books."""
