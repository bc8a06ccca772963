"""Blueprints of the notices' page, and of when a member wants mail about what."""

from .mail_views import bp as mail_preferences
from .mail_views import unsubscriptions
from .views import bp as notices

blueprints = (notices, mail_preferences, unsubscriptions)
