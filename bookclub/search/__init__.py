"""Search in everything that a reader may see."""
