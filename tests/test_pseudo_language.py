"""The club in a made-up language: what stays English on a page was hard-coded."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from bookclub.app import create_app
from bookclub.books.models import Author, AuthorSpelling, Book
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.matches.book_fields import authors_line
from bookclub.lib.text.spoilers import PLACEHOLDER, show_placeholders
from bookclub.members.models import Member
from bookclub.schema import close
from bookclub.threads import rules as of_threads
from tests import pseudo_language
from tests.factories import make_book
from tests.links import full_club
from tests.test_links import PAGE, seeds, walk

READERS = ("visitor", "bob", "olive")
SPOKEN_ATTRIBUTES = {"aria-label", "alt", "title", "placeholder", "label", "data-announce"}
# Names that no language changes: of programs and formats, of usernames, addresses, zones and marks.
NAMES = re.compile(
    r"https?://\S+|\S+@\S+|[\w-]+\.(csv|json|zip|txt|html|sqlite3|tsv)\b|[A-Z]\w+/[\w/]+|@\w+|\*\w+\*"
    r"|\b(Bookclub|Goodreads|The StoryGraph|StoryGraph|Openreads|BookWyrm|LibraryThing|Calibre|Kindle|Kobo"
    r"|Open Library|Markdown|CSV"
    r"|ISBN|ASIN|JSON|HTML|ZIP|SQLite|UTC|BCP|SHA|XI+|UTF|Schulze|Borda|Hardcover|Libib|Bookly|Wikipedia"
    r"|Italic|Clippings|My)\b"
)
# Titles that a book and an author had before an edit.
OLD = {"An Otter Year", "Moor, TQ"}
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


@pytest.fixture(scope="module")
def club(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, dict, set]]:
    """The full club in the made-up language with Greek words in it, and the addresses it keeps apart."""
    folder = tmp_path_factory.mktemp("pseudo")
    shutil.copyfile(sqlite_template, folder / "bookclub.sqlite3")
    app = create_app(Settings.for_folder(folder, testing=True))
    app.config["WTF_CSRF_ENABLED"] = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_threads, "PAGE_SIZE", PAGE)
        addresses = full_club.build(app)
        with app.app_context():
            begin_write()
            names = fixed_names()
            pseudo_language.turn_words_greek()
            db.session.commit()
    pseudo_language.speak(app, folder)
    yield app, addresses, names
    close(app)


def fixed_names() -> set[str]:
    """Usernames, and what books and authors are called: rounds and logs keep those as they were then."""
    columns = (Member.username, Book.title, Author.name, AuthorSpelling.name)
    return {name for column in columns for name in db.session.execute(select(column)).scalars() if name} | OLD


@pytest.mark.parametrize("who", READERS)
def test_no_page_holds_english_in_another_language(club, who):
    app, addresses, names = club
    found = {}
    for address, page in walk(app, who, [*seeds(app), *addresses.values()]).samples.items():
        for text in english_words(page, names):
            found.setdefault(text, address)

    assert not found, "\n".join(f"{address}: {text}" for text, address in found.items())


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
