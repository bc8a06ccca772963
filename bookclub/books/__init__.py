"""The catalogue: books, authors, tags and editions."""
