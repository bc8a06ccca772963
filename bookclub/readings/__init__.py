"""What each member has read, how far, and so what they may see."""
