"""Matching of books, editions and authors, and the fields that members type about them."""
