"""Blueprints for signing in and up, members, and the settings of members and of the club."""

from .club_views import bp as club
from .invitation_views import bp as invitations
from .mention_views import bp as member_mentions
from .password_link_views import bp as password_links
from .session_views import bp as sessions
from .settings_views import bp as settings
from .sign_up_views import bp as sign_up
from .views import bp as members

blueprints = (sessions, password_links, sign_up, members, settings, club, invitations, member_mentions)
