"""Date polls: the question when to meet, and who has time at which of the proposed times."""
