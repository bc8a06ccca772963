"""The front door, and what a member's reading has unlocked."""

from .unlocked_views import bp as unlocked
from .views import bp as home

blueprints = (home, unlocked)
