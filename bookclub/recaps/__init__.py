"""Recaps: what was talked about at a meeting, written afterwards."""
