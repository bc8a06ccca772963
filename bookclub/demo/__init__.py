"""The sample club of `bookclub demo`."""
