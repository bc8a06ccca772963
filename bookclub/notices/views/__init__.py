"""Notices: their page, and how many of them are new."""

from .pages import bp, unseen_notices

__all__ = ("blueprints", "unseen_notices")

blueprints = (bp,)
