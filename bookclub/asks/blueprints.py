"""Blueprints of asks, answers and endorsements."""

from .answer_views import bp as answers
from .endorsement_views import bp as endorsements
from .views import bp as asks

blueprints = (asks, answers, endorsements)
