"""Words that will not do, and what is said of them."""

from __future__ import annotations

BAD_WORDS = {
    "empty": ("", "Write what"),
    "blank": (" \n\t\u200b", "Write what"),
    "too long": ("why " * 100, "399 characters long; 300 is the most"),
    "a spoiler": ("After ||they die||, what?", "can be read by everyone, so it cannot hide a spoiler"),
}
