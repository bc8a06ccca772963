"""Blueprints of threads, comments and previews."""

from .comment_views import bp as comments
from .preview_views import bp as previews
from .subscription_views import bp as subscriptions
from .views import bp as threads

blueprints = (threads, comments, previews, subscriptions)
