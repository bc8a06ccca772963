"""A member's reading life brought from elsewhere, and the organiser's lists of books."""
