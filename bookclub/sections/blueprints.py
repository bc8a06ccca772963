"""Blueprint of the chapters of books."""

from .views import sections

blueprints = (sections,)
