"""Covers drawn as SVG from title and author."""
