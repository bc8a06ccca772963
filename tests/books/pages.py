"""What a book is added with, and what stands on the pages of the catalogue."""

from __future__ import annotations

import re

NOCTURNES = {
    "title": "Nocturnes",
    "subtitle": "Five Stories of Music and Nightfall",
    "authors": "Kazuo Ishiguro",
    "first_published": "2009",
    "description": "Five stories, *quietly* told.",
    "isbn": "978-0-571-24498-0",
    "pages": "221",
    "tags": "Music, short stories",
    "adaptations": "Crooner, 2012, stage",
}


def cards(page):
    """The titles of the books on a page, in their order."""
    return re.findall(r'<a class="book".*?<b[^>]*>(.*?)</b>', page.text, re.DOTALL)


def next_of(page):
    """The address of the next part of a list."""
    found = re.search(r'<p class="pagination"><a class="button" href="([^"]+)"', page.text)
    return found and found[1].replace("&amp;", "&")


def made_from_on(page):
    """The digests that the form of a page carries."""
    return re.search(r'name="made_from" value="([^"]*)"', page)[1]
