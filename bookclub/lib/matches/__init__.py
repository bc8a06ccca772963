"""Books, editions and authors: what is typed about them, and which of them is meant."""
