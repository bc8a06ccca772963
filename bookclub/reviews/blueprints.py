"""Reviews, and the drafts that become some."""

from . import draft_views, views

blueprints = (views.bp, draft_views.bp)
