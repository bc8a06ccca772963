"""Book covers drawn as SVG from title and author."""
