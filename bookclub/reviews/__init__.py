"""Members' reviews of books, and drafts of them."""
