"""The front door, and what a member's reading has unlocked."""

from .front_door import bp as home
from .unlocked import bp as unlocked

blueprints = (home, unlocked)
