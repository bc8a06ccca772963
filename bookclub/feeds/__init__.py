"""Atom feeds: of a public club for everybody, and of what is new and safe for one member."""
