"""Evidence to suggestions with reasons."""
