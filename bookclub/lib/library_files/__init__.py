"""Library files of Goodreads and other sites, read into one record and written from one."""
