"""Bookclub: a self-hosted home for one book club.

This module stays empty so that importing a room's rules never loads Flask.
"""
