"""An answer to a request as a page that is read: its links, its forms and its words."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from tests.page_forms import FormReader, PageForm

if TYPE_CHECKING:
    from werkzeug.test import TestResponse as Answer
else:
    Answer = object

# Elements without an end tag.
EMPTY = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
}  # fmt: skip
# Elements that run on within a line: there is no space between their words and those beside them.
INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
}  # fmt: skip
UNSEEN = {"head", "script", "style", "template"}


class Page(Answer):
    """What every client of a test gets: a response of Werkzeug that can be read as a page.

    ``text`` comes without the marks of direction around members' words. Those are looked at on every page
    by tests/test_links.py.
    """

    @property
    def text(self) -> str:
        return re.sub(r'</?bdi>|(?<=[\w"]) dir="(?:auto|ltr)"(?=[ >])', "", super().text)

    @cached_property
    def _reader(self) -> PageReader:
        return PageReader.of(self.text)

    def link(self, text: str) -> str:
        """Return the address to which the one link with this text leads."""
        found = [link.href for link in self._reader.links if link.text == text]
        texts = [link.text for link in self._reader.links]
        assert len(found) == 1, f"{len(found)} links say {text!r}; there are {texts}"
        return found[0]

    def form(self, id: str) -> PageForm:
        """Return the form with this id, or else the one around, or within, the element with this id."""
        reader = self._reader
        found = reader.form_ids.get(id) or reader.forms_around.get(id) or reader.forms_within.get(id) or []
        known = sorted(reader.form_ids.keys() | reader.forms_around.keys() | reader.forms_within.keys())
        assert len(found) == 1, f"{len(found)} forms belong to {id!r}; ids with a form are {known}"
        return found[0]

    @cached_property
    def words(self) -> str:
        """The visible text, with single spaces."""
        return words_of(self.text)


def words_of(source: str) -> str:
    """Return the visible text of a page or of a part of one, with single spaces."""
    return _in_single_spaces(PageReader.of(source).words)


def _in_single_spaces(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())


class Link(NamedTuple):
    """A link with its text, in single spaces."""

    text: str
    href: str


class Element(NamedTuple):
    """An element that is still open."""

    tag: str
    id: str | None
    is_unseen: bool


class PageReader(FormReader):
    """Collects the links, the forms by ids, and the visible words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.words: list[str] = []
        self.form_ids: dict[str, list[PageForm]] = {}
        self.forms_around: dict[str, list[PageForm]] = {}
        self.forms_within: dict[str, list[PageForm]] = {}
        self.open: list[Element] = []
        self.link: tuple[str, int] | None = None

    @classmethod
    def of(cls, source: str) -> PageReader:
        """Read a page or a fragment."""
        reader = cls()
        reader.feed(source)
        reader.close()
        return reader

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        given = dict(attrs)
        self._space(tag)
        if tag == "form":
            self._note_form(given.get("id"))
        elif self.form is not None and given.get("id"):
            self.forms_around.setdefault(given["id"], []).append(self.form)
        if tag == "a" and given.get("href") is not None:
            self.link = (given["href"], len(self.words))
        if tag not in EMPTY:
            is_unseen = tag in UNSEEN or "hidden" in given or self._is_unseen()
            self.open.append(Element(tag, given.get("id"), is_unseen))

    def handle_startendtag(self, tag, attrs):
        # What ends itself is in a drawing, or needs no end.
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_data(self, data):
        super().handle_data(data)
        if not self._is_unseen():
            self.words.append(data)

    def handle_endtag(self, tag):
        super().handle_endtag(tag)
        if tag == "a" and self.link is not None:
            href, start = self.link
            self.links.append(Link(_in_single_spaces(self.words[start:]), href))
            self.link = None
        self._space(tag)
        # Where end tags are left out, an element ends with the one around it.
        if any(element.tag == tag for element in self.open):
            while self.open.pop().tag != tag:
                pass

    def _note_form(self, id: str | None) -> None:
        if id:
            self.form_ids.setdefault(id, []).append(self.form)
        for element in self.open:
            if element.id:
                self.forms_within.setdefault(element.id, []).append(self.form)

    def _space(self, tag: str) -> None:
        if tag not in INLINE and not self._is_unseen():
            self.words.append(" ")

    def _is_unseen(self) -> bool:
        return bool(self.open) and self.open[-1].is_unseen
