"""Exports: what a member takes along, how they leave, and the whole club as files."""
