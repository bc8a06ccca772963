"""Bookclub: a self-hosted home for one book club.

This module stays empty, so that importing pure rules never loads Flask.
"""
