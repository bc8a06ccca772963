"""Signing in and up, members, and the settings of each and of the club."""

from .club import bp as club
from .invitations import bp as invitations
from .members import bp as members
from .password_links import bp as password_links
from .sessions import bp as sessions
from .settings import bp as settings
from .sign_up import bp as sign_up

blueprints = (sessions, password_links, sign_up, members, settings, club, invitations)
