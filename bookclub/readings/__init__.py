"""Members' readings of books: status, progress and rating, and what they may see because of them."""
