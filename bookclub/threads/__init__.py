"""Conversations: threads and the comments in them."""
