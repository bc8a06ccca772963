"""Questions: what members want to talk about when the club meets."""
