"""Blueprints of threads, comments and previews."""

from .comment_views import bp as comments
from .preview_views import bp as previews
from .views import bp as threads

blueprints = (threads, comments, previews)
