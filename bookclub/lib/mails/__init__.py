"""Mails that came in: their headers, their text, their author's own words, and reports of delivery."""
