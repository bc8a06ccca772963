"""Blueprints for signing in and up, members, and the settings of members and of the club."""

from .club_views import bp as club
from .confirmation_views import bp as confirmations
from .invitation_views import bp as invitations
from .mention_views import bp as member_mentions
from .password_link_views import bp as password_links
from .password_request_views import bp as password_requests
from .session_views import bp as sessions
from .settings_views import bp as settings
from .sign_up_views import bp as sign_up
from .views import bp as members

blueprints = (
    sessions, password_links, password_requests, sign_up, members, settings, confirmations, club, invitations,
    member_mentions,
)  # fmt: skip
