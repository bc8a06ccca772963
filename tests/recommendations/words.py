"""Words that will not do, and what is said of them."""

from __future__ import annotations

BAD_WORDS = {
    "empty": ("", "Type what you would like"),
    "blank": (" \n\t\u200b", "Type what you would like"),
    "too long": ("why " * 100, "399 characters long. Use at most 300."),
    "a spoiler": ("After ||they die||, what?", "can be read by everyone, so it cannot hide a spoiler"),
}
