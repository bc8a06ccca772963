"""Books and authors merged into one, or split in two, and undone again within a week."""
