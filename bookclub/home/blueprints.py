"""Blueprints of the front page and of unlocked posts."""

from .unlocked_views import bp as unlocked
from .views import bp as home

blueprints = (home, unlocked)
