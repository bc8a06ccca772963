"""Blueprints of reviews and drafts."""

from . import draft_views, views

blueprints = (views.bp, draft_views.bp)
