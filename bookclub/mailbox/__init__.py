"""Mail that comes in: replies become comments, and bounces mark addresses."""
