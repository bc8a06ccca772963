"""Blueprints of the front page, of unlocked posts and of installing the club."""

from .install_views import bp as install
from .unlocked_views import bp as unlocked
from .views import bp as home

blueprints = (home, unlocked, install)
