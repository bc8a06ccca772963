"""A page as its tags say it: what it points to, and what is wrong with it by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple
from urllib.parse import unquote

from tests.links.tags import Tag, tokens

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
    """A start tag, and the name of the tag around it."""

    tag: Tag
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
        self._around = [""]
        self._form: Form | None = None
        for tag, end, text in tokens(self.source):
            if tag:
                self._begin(tag)
            elif end:
                self._end(end)
            elif text := text.strip():
                self.texts.append(text)

    def _begin(self, tag: Tag) -> None:
        self.elements.append(Element(tag, self._around[-1]))
        if tag.is_left_open:
            self._around.append(tag.name)
        attributes = tag.attributes
        if tag.name == "form":
            self._form = _form(attributes.get("method", "get"), attributes.get("action", ""), {}, attributes)
            self.forms.append(self._form)
        elif (
            self._form and tag.name == "input" and attributes.get("type") == "hidden" and "name" in attributes
        ):
            self._form.hidden[attributes["name"]] = attributes.get("value", "")
        elif self._form and tag.name == "button" and "formaction" in attributes:
            method = attributes.get("formmethod", self._form.method)
            self.forms.append(_form(method, attributes["formaction"], self._form.hidden, attributes))

    def _end(self, name: str) -> None:
        if name == "form":
            self._form = None
        while name in self._around and self._around.pop() != name:
            pass

    @cached_property
    def ids(self) -> Counter[str]:
        """Number of times that each id stands on the page."""
        return Counter(tag.attributes["id"] for tag, _ in self.elements if "id" in tag.attributes)

    @cached_property
    def tags_by_id(self) -> dict[str, set[str]]:
        """The tags of the elements that have an id: one, but on a faulty page."""
        tags: dict[str, set[str]] = {}
        for tag, _ in self.elements:
            if "id" in tag.attributes:
                tags.setdefault(tag.attributes["id"], set()).add(tag.name)
        return tags

    def made_of(self) -> set[tuple[object, ...]]:
        """The kinds of elements on the page: each with what is around it, and its kinds of attributes."""
        return {(parent, tag.kind) for tag, parent in self.elements}

    def links(self) -> Iterator[Link]:
        """Everything that a browser, a reader or htmx may fetch from here."""
        for tag, _ in self.elements:
            yield from _links_of(tag)
        for form in self.forms:
            if form.method == "get":
                yield Link(form.action, frozenset())

    def faults(self) -> Iterator[str]:
        """Faults of the page that can be told without the others."""
        yield from (f"id {name!r} stands {times} times" for name, times in self.ids.items() if times > 1)
        yield from (
            f"the text {text!r}" for text in self.texts if NO_VALUE.fullmatch(text) or NO_TEXT.search(text)
        )
        for tag, _ in self.elements:
            yield from _faults_of(tag)
            for name in _pointed_to(tag):
                if name not in self.ids:
                    yield f"<{tag.name}> points to #{name}, which is not there"
            target = tag.attributes.get("for", "") if tag.name == "label" else ""
            if target in self.ids and not self.tags_by_id[target] & LABELABLE:
                yield f"<label for={target!r}> labels nothing that takes a label"


@cache
def _links_of(tag: Tag) -> tuple[Link, ...]:
    found, attributes = [], tag.attributes
    if LEADING.get(tag.name) in attributes:
        found.append(Link(attributes[LEADING[tag.name]], frozenset()))
    if "hx-get" in attributes:
        found.append(Link(attributes["hx-get"], frozenset(AN_ID.findall(attributes.get("hx-select", "")))))
    return tuple(found)


@cache
def _faults_of(tag: Tag) -> tuple[str, ...]:
    """Faults of a tag that can be told without its page."""
    return tuple(
        f"<{tag.name} {name}={value!r}>"
        for name, value in tag.attributes.items()
        if NO_VALUE.fullmatch(value.strip()) or NO_TEXT.search(value)
    )


@cache
def _pointed_to(tag: Tag) -> tuple[str, ...]:
    """The ids to which a tag points on its own page."""
    attributes = tag.attributes
    found = [attributes[name] for name in NAMES_ONE if name in attributes]
    for name in NAMES_SEVERAL:
        found += attributes.get(name, "").split()
    # Where an answer goes is on this page; what is selected is on the one that is fetched.
    found += AN_ID.findall(attributes.get("hx-target", ""))
    if attributes.get("href", "").startswith("#"):
        found.append(unquote(attributes["href"][1:]))
    for name, value in attributes.items():
        if name.startswith("hx-status:"):
            found += re.findall(r"target:#([\w-]+)", value)
    return tuple(found)


def _form(method: str, action: str, hidden: dict[str, str], attributes: dict[str, str]) -> Form:
    """Check that the page that refuses the form holds what htmx picks out of it."""
    refused = attributes.get("hx-status:422", "")
    return Form(method.lower(), action, hidden, frozenset(re.findall(r"select:#([\w-]+)", refused)))
