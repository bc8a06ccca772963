"""The front page, the posts that a member's reading has unlocked, and the word from the organisers."""
