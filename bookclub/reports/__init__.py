"""Reports of spoilers, and the decisions on them."""
