"""Reactions: one-tap responses of members to comments and reviews."""
