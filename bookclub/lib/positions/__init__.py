"""Places in a book, progress through it, and the predicate that decides who sees what."""
