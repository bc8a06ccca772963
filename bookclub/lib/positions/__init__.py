"""Places in a book, progress through it, and the rule for who may see which text."""
