"""Members' pieces on books."""
