"""Look-ups of books at Open Library, when a member asks for one."""
