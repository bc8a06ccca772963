"""Library files of Goodreads and other sites, to and from one record."""
