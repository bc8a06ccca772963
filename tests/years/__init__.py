"""The year: figures, charts, pages, and who may see what."""
