"""Reviews, and the drafts that become some."""

from . import drafts, reviews

blueprints = (reviews.bp, drafts.bp)
