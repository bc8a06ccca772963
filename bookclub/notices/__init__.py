"""What a member should hear of: replies, reports, and promises kept."""
