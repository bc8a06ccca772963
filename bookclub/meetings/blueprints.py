"""Blueprint of meetings."""

from .views import bp

blueprints = (bp,)
