"""Notices: their page, and how many of them are new."""

from .views import bp

blueprints = (bp,)
