"""The front page, and the posts that a member's reading has unlocked."""
