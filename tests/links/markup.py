"""A page as its tags say it: what it points to, and what is wrong with it by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote

# Attributes that name one element of the same page, and those that name several.
NAMES_ONE = ("for", "list", "form", "aria-activedescendant", "aria-details", "popovertarget", "commandfor")
NAMES_SEVERAL = (
    "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-errormessage", "aria-flowto",
    "headers",
)  # fmt: skip
# What Python and Jinja say where a value is missing or is no text.
NO_VALUE = re.compile(r"None|Undefined")
NO_TEXT = re.compile(r"<Macro|<bound method|<function|<generator|<built-in| object at 0x")
AN_ID = re.compile(r"#([\w-]+)")
LEADING = {"a": "href", "area": "href", "link": "href", "script": "src", "img": "src", "source": "src"}
LABELABLE = {"button", "input", "meter", "output", "progress", "select", "textarea"}


class Element(NamedTuple):
    """A start tag, and the tag around it."""

    tag: str
    attributes: dict[str, str]
    parent: str


class Link(NamedTuple):
    """An address as an attribute has it, and the ids that must be on the page to which it leads."""

    address: str
    wanted: frozenset[str]


@dataclass
class Form:
    """A form, or what a button of it does elsewhere; with the fields that no visitor types."""

    method: str
    action: str
    hidden: dict[str, str]
    wanted: frozenset[str]


@dataclass
class Markup:
    """The elements of a page, in document order."""

    source: str
    elements: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)

    def __post_init__(self) -> None:
        _Reader(self).feed(self.source)

    @cached_property
    def ids(self) -> Counter[str]:
        """Number of times that each id stands on the page."""
        return Counter(each.attributes["id"] for each in self.elements if "id" in each.attributes)

    @cached_property
    def tags_by_id(self) -> dict[str, set[str]]:
        """The tags of the elements that have an id: one, but on a faulty page."""
        tags: dict[str, set[str]] = {}
        for each in self.elements:
            if "id" in each.attributes:
                tags.setdefault(each.attributes["id"], set()).add(each.tag)
        return tags

    def made_of(self) -> set[tuple[object, ...]]:
        """The kinds of elements on the page: each with what is around it, and its kinds of attributes."""
        return {
            (parent, tag, tuple(sorted((name, shape(value)) for name, value in attributes.items())))
            for tag, attributes, parent in self.elements
        }

    def links(self) -> Iterator[Link]:
        """Everything that a browser, a reader or htmx may fetch from here."""
        for tag, attributes, _ in self.elements:
            if LEADING.get(tag) in attributes:
                yield Link(attributes[LEADING[tag]], frozenset())
            if "hx-get" in attributes:
                yield Link(attributes["hx-get"], frozenset(AN_ID.findall(attributes.get("hx-select", ""))))
        for form in self.forms:
            if form.method == "get":
                yield Link(form.action, frozenset())

    def faults(self) -> Iterator[str]:
        """Faults of the page that can be told without the others."""
        yield from (f"id {name!r} stands {times} times" for name, times in self.ids.items() if times > 1)
        yield from (
            f"the text {text!r}" for text in self.texts if NO_VALUE.fullmatch(text) or NO_TEXT.search(text)
        )
        for element in self.elements:
            yield from self._faults_of(element)

    def _faults_of(self, element: Element) -> Iterator[str]:
        for name, value in element.attributes.items():
            if NO_VALUE.fullmatch(value.strip()) or NO_TEXT.search(value):
                yield f"<{element.tag} {name}={value!r}>"
        for name in self._pointed_to(element.attributes):
            if name not in self.ids:
                yield f"<{element.tag}> points to #{name}, which is not there"
        target = element.attributes.get("for", "") if element.tag == "label" else ""
        if target in self.ids and not self.tags_by_id[target] & LABELABLE:
            yield f"<label for={target!r}> labels nothing that takes a label"

    @staticmethod
    def _pointed_to(attributes: dict[str, str]) -> Iterator[str]:
        yield from (attributes[name] for name in NAMES_ONE if name in attributes)
        for name in NAMES_SEVERAL:
            yield from attributes.get(name, "").split()
        # Where an answer goes is on this page; what is selected is on the one that is fetched.
        yield from AN_ID.findall(attributes.get("hx-target", ""))
        if attributes.get("href", "").startswith("#"):
            yield unquote(attributes["href"][1:])
        for name, value in attributes.items():
            if name.startswith("hx-status:"):
                yield from re.findall(r"target:#([\w-]+)", value)


class _Reader(HTMLParser):
    """Fills a Markup."""

    VOID = {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    }  # fmt: skip

    def __init__(self, markup: Markup) -> None:
        super().__init__()
        self.markup, self.around = markup, [""]
        self.form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.markup.elements.append(Element(tag, attributes, self.around[-1]))
        if tag not in self.VOID:
            self.around.append(tag)
        if tag == "form":
            self.form = _form(attributes.get("method", "get"), attributes.get("action", ""), {}, attributes)
            self.markup.forms.append(self.form)
        elif self.form and tag == "input" and attributes.get("type") == "hidden" and "name" in attributes:
            self.form.hidden[attributes["name"]] = attributes.get("value", "")
        elif self.form and tag == "button" and "formaction" in attributes:
            method = attributes.get("formmethod", self.form.method)
            self.markup.forms.append(_form(method, attributes["formaction"], self.form.hidden, attributes))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.markup.elements.append(
            Element(tag, {name: value or "" for name, value in attrs}, self.around[-1])
        )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        while tag in self.around and self.around.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.markup.texts.append(data.strip())


def shape(value: str) -> str:
    """A value by its kind: whether there is one, and what it holds besides letters and digits."""
    return "".join(sorted({"x" if each.isalnum() else each for each in value}))


def _form(method: str, action: str, hidden: dict[str, str], attributes: dict[str, str]) -> Form:
    """Check that the page that refuses the form holds what htmx picks out of it."""
    refused = attributes.get("hx-status:422", "")
    return Form(method.lower(), action, hidden, frozenset(re.findall(r"select:#([\w-]+)", refused)))
