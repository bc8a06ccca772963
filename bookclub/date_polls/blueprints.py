"""Blueprint of date polls."""

from .views import bp as date_polls

blueprints = (date_polls,)
