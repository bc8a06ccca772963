"""A walk along every link that one reader meets."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

from tests.links import directions
from tests.links.markup import Form, Markup

HOST = "http://localhost"
# Of addresses that differ in their query alone, as the filters of the catalogue do, so many are asked for;
# of forms that go to one route, so many are sent. What is wrong with one is wrong with the others.
ALIKE = 3
SIGN_IN = "/sign-in"
REFUSALS = {400, 403, 404, 405, 409, 410, 413}


class Answer(NamedTuple):
    """An answer as a browser gets it. ``html`` is empty where it is no page."""

    status: int
    location: str = ""
    html: str = ""


Ask = Callable[[str, str, dict[str, str] | None], Answer]


@dataclass
class Walk:
    """A reader on their way: ``ask(method, address, fields)`` asks, ``faults`` are what was found wrong.

    ``seeds`` may be refused, since nothing leads there; their pages are looked at all the same. ``samples``
    are pages of which each holds an element that none before it holds, in a place or with attributes of
    that kind. ``turned`` are words whose direction is left to chance, with the first page that holds them.
    """

    ask: Ask
    met: dict[str, Answer] = field(default_factory=dict)
    ids: dict[str, frozenset[str]] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)
    faults: dict[str, None] = field(default_factory=dict)
    turned: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[str, str], tuple[str, Form]] = field(default_factory=dict)
    _made: set[tuple[object, ...]] = field(default_factory=set)
    _kinds: Counter[tuple[str, ...]] = field(default_factory=Counter)
    _queue: deque[tuple[str, str]] = field(default_factory=deque)
    _wanted: dict[tuple[str, str], str] = field(default_factory=dict)

    def go(self, seeds: Iterable[str]) -> None:
        """Ask for every address that there is a way to, and then send every form that was met."""
        for seed in seeds:
            self._visit("", seed)
            self._follow()
        for source, form in list(self.forms.values()):
            self._send(source, form)
        for (address, name), source in self._wanted.items():
            if address in self.ids and name not in self.ids[address]:
                self._complain(source, f"leads to {address}#{name}, where that is not")

    def _follow(self) -> None:
        while self._queue:
            self._visit(*self._queue.popleft())

    def _visit(self, source: str, link: str) -> str | None:
        """Ask for an address once. Returns the page at which one ends up."""
        address, fragment = urldefrag(link)
        fragment = unquote(fragment)
        if address not in self.met:
            if source and self._has_enough(address):
                return None
            answer = self.ask("GET", address, None)
            self.met[address] = answer._replace(html="")
            if answer.html:
                self._look_at(address, answer.html)
        answer = self.met[address]
        if source and answer.status >= 400:
            self._complain(source, f"leads to {link}: {answer.status}")
        if 300 <= answer.status < 400:
            onward = self._resolve(address, answer.location)
            if onward is None:
                return None
            if source and urlsplit(onward).path == SIGN_IN != urlsplit(address).path:
                self._complain(source, f"leads to {link}, which is not for whoever reads this")
            return self._visit(source or address, onward if "#" in onward else f"{onward}#{fragment}")
        if fragment and source:
            self._wanted.setdefault((address, fragment), source)
        return address

    def _has_enough(self, address: str) -> bool:
        parts = urlsplit(address)
        if not parts.query:
            return False
        kind = (parts.path, *sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True)))
        self._kinds[kind] += 1
        return self._kinds[kind] > ALIKE

    def _look_at(self, address: str, html: str) -> None:
        page = self._read(address, html)
        for link in page.links():
            onward = self._resolve(address, link.address)
            if onward is not None and not link.address.startswith("#"):
                self._queue.append((address, onward))
                for name in link.wanted:
                    self._wanted.setdefault((urldefrag(onward)[0], name), address)
        for form in page.forms:
            action = self._resolve(address, form.action) or address
            if form.method == "post":
                self.forms.setdefault((action, kind_of(action)), (address, form))

    def _read(self, address: str, html: str) -> Markup:
        """Take a page apart. Its ids are kept, and its source where it is made unlike those before."""
        page = Markup(html)
        for fault in directions.faults(html):
            self.turned.setdefault(fault, address)
        for fault in page.faults():
            self._complain(address, f"holds {fault}")
        self.ids[address] = frozenset(page.ids)
        if made := page.made_of() - self._made:
            self._made |= made
            self.samples[address] = html
        return page

    def _send(self, source: str, form: Form) -> None:
        """Send a form as it is before anybody types: it may be found incomplete, but not be refused."""
        action = self._resolve(source, form.action) or source
        kind = ("POST", kind_of(action))
        self._kinds[kind] += 1
        if self._kinds[kind] > ALIKE:
            return
        answer = self.ask("POST", action, form.hidden)
        if answer.status in REFUSALS or answer.status >= 500:
            self._complain(source, f"has a form for {action}: {answer.status}")
        if answer.html:
            page = self._read(f"POST {action}", answer.html)
            for name in form.wanted - set(page.ids):
                self._complain(source, f"takes #{name} from POST {action}, where that is not")

    def _resolve(self, address: str, link: str) -> str | None:
        """The path of a link on this site, with query and fragment; None for one to elsewhere."""
        whole = urljoin(HOST + address, link.strip())
        if not whole.startswith(HOST + "/"):
            return None
        return whole.removeprefix(HOST)

    def _complain(self, where: str, what: str) -> None:
        self.faults[f"{where} {what}"] = None


def kind_of(address: str) -> str:
    """An address without what says of which row it is: all of one kind go to one route."""
    path = re.sub(r"/\d+", "/1", urlsplit(address).path)
    return re.sub(r"^/(books|authors|members)/(?!new$)[^/]+", r"/\1/x", path)
