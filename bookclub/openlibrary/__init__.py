"""Look-ups at Open Library, at a member's asking."""
