"""The front door: what is new, and what the club reads."""
