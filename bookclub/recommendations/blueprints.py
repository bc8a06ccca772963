"""Blueprints of recommendations."""

from .author_views import bp as next_by_author
from .views import bp as recommendations

blueprints = (next_by_author, recommendations)
