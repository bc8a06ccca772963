"""Text: Markdown to safe HTML, spoilers, dates, keys by which names are compared."""
