"""What members ask, answer and recommend."""
