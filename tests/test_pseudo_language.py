"""The made-up language, and how English is found on a page in it: tests/test_links.py looks everywhere."""

from __future__ import annotations

import re
from collections.abc import Collection
from html.parser import HTMLParser

from sqlalchemy import select

from bookclub.books.models import Book
from bookclub.extensions import db, utcnow
from bookclub.lib.matches.book_fields import authors_line
from bookclub.lib.text.spoilers import PLACEHOLDER, show_placeholders
from bookclub.members.models import Member
from tests import pseudo_language
from tests.factories import make_book

SPOKEN_ATTRIBUTES = {"aria-label", "alt", "title", "placeholder", "label", "data-announce"}
# Names that no language changes: of programs and formats, of usernames, addresses, zones and marks.
NAMES = re.compile(
    r"https?://\S*|\S+@\S+|[\w-]+\.(csv|json|zip|txt|html|sqlite3|tsv)\b|[A-Z]\w+/[\w/]+|@\w+|\*\w+\*"
    r"|\b(Bookclub|Goodreads|The StoryGraph|StoryGraph|Openreads|BookWyrm|LibraryThing|Calibre|Kindle|Kobo"
    r"|Open Library|Markdown|CSV"
    r"|ISBN|ASIN|JSON|HTML|ZIP|SQLite|UTC|BCP|SHA|XI+|UTF|Schulze|Borda|Hardcover|Libib|Bookly|Wikipedia"
    r"|Italic|Clippings|My)\b"
)
ENGLISH = re.compile(r"(?<![\w’'-])[A-Za-z]{3,}(?![\w-])")


class Words(HTMLParser):
    """The words of a page that readers see or hear, besides code and what stands in fields."""

    SKIPPED = ("script", "style", "code", "pre", "textarea", "svg", "datalist")

    def __init__(self, data: Collection[str] = ()) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: dict[str, None] = {}
        # The longest first, since a title may begin with another.
        longest_first = sorted(map(re.escape, data), key=len, reverse=True)
        self.data = re.compile("|".join(longest_first) or "(?!)")

    def note(self, text: str) -> None:
        if ENGLISH.search(NAMES.sub("", self.data.sub("", text))):
            self.found.setdefault(" ".join(text.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The names of time zones are those of the database of zones.
        if tag in self.SKIPPED or (tag == "select" and ("name", "time_zone") in attrs):
            self.open.append(tag)
        for name, value in [] if self.open else attrs:
            if name in SPOKEN_ATTRIBUTES and value:
                self.note(value)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open:
            self.note(data)


def english_words(html: str, data: Collection[str] = ()) -> list[str]:
    """The texts of a page that hold an English word besides those of the data."""
    reader = Words(data)
    reader.feed(html)
    reader.close()
    return list(reader.found)


def test_english_is_found():
    assert english_words("<p>Hello</p>") == ["Hello"]
    assert english_words('<a aria-label="Your profile">αβγ</a>') == ["Your profile"]
    assert not english_words(f"<p>{pseudo_language.accented('Hello')}</p>")


def test_macros_speak_the_language_of_each_request(app, tmp_path):
    """They are loaded once, when the application is made."""
    pseudo_language.write_catalogue(tmp_path)
    app.extensions["babel"].translation_directories = [str(tmp_path)]
    app.extensions["bookclub_languages"] = ["en_GB", pseudo_language.LOCALE]
    stars = app.jinja_env.globals["ui"].stars
    said = {}
    for language in ("en", pseudo_language.LOCALE, "en"):
        with app.test_request_context(headers={"Accept-Language": language}):
            said.setdefault(language, []).append(re.search(r'aria-label="([^"]*)"', stars(8))[1])

    assert said["en"] == ["4 of 5 stars"] * 2
    assert said[pseudo_language.LOCALE] == [pseudo_language.accented("%(stars)s of 5 stars") % {"stars": 4}]


def test_what_is_stored_is_shown_in_the_language_of_each_reader(app, tmp_path, save, alice):
    alice.forget(utcnow())
    save(alice, make_book("Hedges", authors_line=authors_line(["Ana", "Bo", "Cy", "Di", "Ed"])))
    pseudo_language.write_catalogue(tmp_path)
    app.extensions["babel"].translation_directories = [str(tmp_path)]
    app.extensions["bookclub_languages"] = ["en_GB", pseudo_language.LOCALE]

    def shown(language):
        with app.test_request_context(headers={"Accept-Language": language}):
            line = db.session.execute(select(Book.authors_line)).scalar_one()
            name = db.session.get_one(Member, alice.id).display_name
            db.session.rollback()
            return line, name, show_placeholders(PLACEHOLDER)

    assert shown("en") == ("Ana, Bo, Cy and 2 others", "a former member", PLACEHOLDER)
    assert not {"others", "former", "spoiler,"} & set(" ".join(shown(pseudo_language.LOCALE)).split())
    assert shown("en")[0] == "Ana, Bo, Cy and 2 others"
