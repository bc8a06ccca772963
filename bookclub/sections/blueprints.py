"""The chapters of a book."""

from .views import sections

blueprints = (sections,)
