"""Forms sent after a session had ended, kept for an hour for the member who filled them in."""
