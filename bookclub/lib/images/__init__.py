"""Images that people send: which are taken, and the copies of them that pages show."""
