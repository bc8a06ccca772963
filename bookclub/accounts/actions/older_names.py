"""Reserve the names of members whom an older Bookclub added. Nothing here commits."""

from __future__ import annotations

from ...extensions import db
from .. import claims, queries
from ..rules import name_keys


def claim_older_names() -> None:
    """Let every member who holds no name yet hold theirs: usernames first, then by who joined first.

    Whose display name is somebody else's by then is shown with the username behind it.
    """
    members = queries.members_without_names(lock=True)
    connection = db.session.connection()
    for member in members:
        claims.hold(connection, member.id, name_keys(member.username))
    for member in members:
        claims.claim_names(connection, member)
