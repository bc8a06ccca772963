"""Blueprints of the front page, of unlocked posts, of the word, and of installing the club."""

from .install_views import bp as install
from .unlocked_views import bp as unlocked
from .views import bp as home
from .word_views import bp as word

blueprints = (home, unlocked, install, word)
