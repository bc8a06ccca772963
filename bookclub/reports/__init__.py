"""Reports that a post gives away more than it says, and what is decided of them."""
