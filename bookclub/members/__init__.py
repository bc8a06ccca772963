"""Members, their sessions, invitations, and the club's own settings."""
