"""Blueprints of feeds, and of what programs that gather pages read."""

from .crawler_views import bp as crawlers
from .views import bp as feeds

blueprints = (feeds, crawlers)
