"""Blueprint of the notices' page."""

from .views import bp

blueprints = (bp,)
