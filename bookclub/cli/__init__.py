"""Command-line commands, one module for each family."""
