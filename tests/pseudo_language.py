"""A made-up language, for finding what no translator could reach: each message accented, and 40 % longer."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from flask import Flask
from sqlalchemy import select, update

from bookclub.extensions import Base, db
from tests.links.directions import WORDS

BOOKCLUB = Path(__file__).parent.parent / "bookclub"
# It borrows the dates and numbers of Greek, which holds no Latin letter.
LOCALE = "el"
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "remark": None, "nremark": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "åƀćđéḟğḣíĵķłḿńóṕɋŕśťúṽŵẋýžÅƁĆĐÉḞĞḢÍĴĶŁḾŃÓṔɊŔŚŤÚṼŴẊÝŽ"
TO_ACCENTED = str.maketrans(PLAIN, ACCENTED)
# Placeholders, tags and entities are no words.
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]*>|&\w+;)")
LONGER = 0.4


def accented(message: str) -> str:
    """The message in the made-up language."""
    pieces = KEPT.split(message)
    words = [piece if number % 2 else piece.translate(TO_ACCENTED) for number, piece in enumerate(pieces)]
    padding = round(LONGER * sum(len(piece) for piece in pieces[::2]))
    # Real words of other languages are longer, too, so the padding may break between lines as they do.
    return "".join(words) + (" " + "éẋťŕå " * (padding // 6 + 1))[:padding].rstrip()


def messages() -> list[tuple[str | tuple[str, ...], Path, int]]:
    """Every message of the source, with its file and line."""
    options = {"**.html": {"trimmed": "true"}}
    return [
        (message, Path(file), line)
        for file, line, message, *_ in extract_from_dir(BOOKCLUB, METHODS, options, KEYWORDS)
    ]


@cache
def compiled_catalogue() -> bytes:
    """The catalogue of the made-up language, compiled once: finding the messages takes seconds."""
    catalogue = Catalog(locale=LOCALE)
    for message, _file, _line in messages():
        forms = (message,) if isinstance(message, str) else message
        made = tuple(accented(form) for form in forms)
        catalogue[forms[0]] = Message(message, made[0] if len(made) == 1 else made)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def write_catalogue(folder: Path) -> None:
    """Write the compiled catalogue of the made-up language into a folder of translations."""
    file = folder / LOCALE / "LC_MESSAGES" / "messages.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(compiled_catalogue())


def speak(app: Flask, folder: Path) -> None:
    """Turn an application to the made-up language, with its catalogue in a folder of its own."""
    write_catalogue(folder / "translations")
    app.extensions["babel"].default_locale = LOCALE
    app.extensions["babel"].translation_directories = [str(folder / "translations")]


# Members' own words, turned into Greek letters, so that every Latin letter left on a page is Bookclub's.
TO_GREEK = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "αβςδεφγηιξκλμνοπθρστυωψχζζΑΒΣΔΕΦΓΗΙΞΚΛΜΝΟΠΘΡΣΤΥΩΨΧΖΖ",
)


# Sections have places, too, which are numbers.
OF_MEETINGS = {"access", "cancel_reason", "note", "place"}


# The number of a picture in Markdown is no word.
ADDRESS = re.compile(r"(\(/pictures/\d+)")


def in_greek(text: str) -> str:
    """Return a text in Greek letters, with the addresses of its pictures as they are."""
    parts = ADDRESS.split(text)
    return "".join(part if at % 2 else part.translate(TO_GREEK) for at, part in enumerate(parts))


def turn_words_greek() -> None:
    """Write everything that members have typed in Greek letters. The caller commits."""
    for table in Base.metadata.sorted_tables:
        typed = [column for column in table.columns if column.name in WORDS | OF_MEETINGS]
        if not typed or not table.primary_key.columns:
            continue
        key = list(table.primary_key.columns)
        for row in db.session.execute(select(*key, *typed)).all():
            values = {
                column.name: in_greek(value)
                for column, value in zip(typed, row[len(key) :], strict=True)
                if isinstance(value, str)
            }
            if values:
                is_row = [column == value for column, value in zip(key, row, strict=False)]
                db.session.execute(update(table).where(*is_row).values(values))
        if "shelves" in table.columns:
            # The shelves of an imported file bear the names that their reader gave them.
            for id, shelves in db.session.execute(select(table.c.id, table.c.shelves)).all():
                greek = [{**shelf, "name": shelf["name"].translate(TO_GREEK)} for shelf in shelves]
                db.session.execute(update(table).where(table.c.id == id).values(shelves=greek))
        if "renderer_version" in table.columns:
            # What was rendered before is rendered again when it is shown.
            db.session.execute(
                update(table).where(table.c.renderer_version.is_not(None)).values(renderer_version=0)
            )
