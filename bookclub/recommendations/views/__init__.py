"""Asks and answers, endorsements, and recommendations."""

from .answers import bp as answers
from .asks import bp as asks
from .endorsements import bp as endorsements
from .next import bp as next_by_author
from .recommendations import bp as recommendations

blueprints = (asks, answers, endorsements, next_by_author, recommendations)
