"""The house rules, held by reading the source: nothing of the application is imported here.

Each law is a function of one file's path and text that yields what is wrong with it, so that a small
bad sample can prove that the law is able to fail.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent
LONGEST = 400

# Each layer imports only layers named before it.
LADDER = (
    "rules", "config", "extensions", "prose", "jobs", "models", "permissions",
    "queries", "actions", "forms", "web", "errors", "views", "app", "cli",
)  # fmt: skip
STREET = (
    "accounts", "sealed_forms", "notices", "books", "readings", "threads", "reviews", "reports",
    "recommendations", "voting", "imports", "exports", "mergers", "home",
)  # fmt: skip
LEFT_ONLY = {"rules", "models", "queries", "actions", "forms"}
# Modules that are not called after their layer, and the layer that they belong to.
LAYER_OF = {
    "bidi": "rules",
    "characters": "rules",
    "merges": "rules",
    "moments": "rules",
    "spoilers": "rules",
    "wording": "rules",
    "renderings": "prose",
    "stale_renderings": "jobs",
    "accounts.attempts": "queries",
    "accounts.claims": "models",
    "books.covers": "rules",
    "addresses": "web",
    "ended_sessions": "web",
    "rehearsals": "web",
    "private_files": "config",
    "bulk": "extensions",
    "hosts": "extensions",
    "bodies": "extensions",
    "commits": "extensions",
    "visits": "web",
    "edit_forms": "forms",
    "openlibrary": "extensions",
    "background": "rules",
    "wal": "extensions",
    "backup": "cli",
    "authors": "cli",
    "commands": "cli",
    "importing": "cli",
    "neighbours": "cli",
    "recount": "cli",
    "demo": "cli",
    "export": "cli",
    "schema": "cli",
    "server": "cli",
    "connections": "cli",
    "sockets": "cli",
    "worker": "cli",
}
# What rules may import besides the standard library: libraries without input, output or a clock.
PURE_LIBRARIES = {"anyascii", "dateutil", "numpy", "rapidfuzz", "stdnum", "zxcvbn"}
COMMITTING_LAYERS = {"views", "cli", "jobs"}
# A GET may write five small things, each in its own short transaction; here is where that ends.
COMMITTING_FUNCTIONS = {
    ("bookclub/extensions.py", "write_if_free"),
    ("bookclub/voting/actions/clock.py", "catch_up"),
    # A form that comes after the session has ended reaches no view.
    ("bookclub/ended_sessions.py", "_seal"),
}
STATEMENTS = {"select", "insert", "update", "delete", "text"}
UNTELLING = {
    "data",
    "helper",
    "helpers",
    "item",
    "items",
    "manager",
    "managers",
    "service",
    "services",
    "utils",
}
# It says what it holds as clearly as _at would.
TIMES_BY_ANOTHER_NAME = {"new_since"}

# What gives a template a name, and by what it says that it extends another.
DEFINING = (nodes.Macro, nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport)
EXTENDS = re.compile(r"""\{%-?\s*extends\s+["']([^"']+)["']""")

Law = Callable[[str, str], Iterator[str]]


class Place(NamedTuple):
    """Where a module stands: its room (None: in the hall, left of all rooms) and its layer."""

    room: str | None
    layer: str


def parts_of(path: str) -> list[str]:
    """``bookclub/books/covers/drawing.py`` is ``["books", "covers", "drawing"]``."""
    parts = list(Path(path).with_suffix("").parts[1:])
    return parts[:-1] if parts and parts[-1] == "__init__" else parts


def place_of(parts: list[str]) -> Place | None:
    """Where a module stands; None for a package itself. KeyError where there is no such place."""
    if not parts or (len(parts) == 1 and parts[0] in STREET):
        return None
    room = parts[0] if parts[0] in STREET else None
    name = parts[1] if room else parts[0]
    layer = LAYER_OF.get(f"{room}.{name}" if room else name, name)
    if layer not in LADDER:
        raise KeyError(".".join(parts))
    return Place(room, layer)


def imports_of(path: str, source: str) -> Iterator[tuple[int, str]]:
    """Line and full name of all that a file imports, also inside functions and under TYPE_CHECKING."""
    package = Path(path).parent.parts
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = [*start, *(node.module or "").split(".")] if node.module else list(start)
            for alias in node.names:
                yield node.lineno, ".".join([*base, alias.name])


def calls_in(source: str) -> Iterator[tuple[ast.Call, str]]:
    """Every call, with the function that it stands in ("" outside)."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[ast.Call, str]]:
        for child in ast.iter_child_nodes(node):
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            if isinstance(child, ast.Call):
                yield child, inside
            yield from walk(child, child.name if is_function else inside)

    yield from walk(ast.parse(source), "")


# The laws of Python files


def each_module_has_a_place(path: str, source: str) -> Iterator[str]:
    try:
        place_of(parts_of(path))
    except KeyError as unknown:
        yield f"{path}: {unknown} is on neither the ladder nor the street; give it its place in LAYER_OF"


def imports_follow_the_ladder(path: str, source: str) -> Iterator[str]:
    here = _place_or_none(parts_of(path))
    if here is None:
        return
    for line, name in imports_of(path, source):
        top, _, rest = name.partition(".")
        there = _place_or_none(rest.split(".")) if top == "bookclub" and rest else None
        if there is not None and (reason := _against_the_law(here, there)):
            yield f"{path}:{line}: imports {name}: {reason}"


def _place_or_none(parts: list[str]) -> Place | None:
    try:
        return place_of(parts)
    except KeyError:
        return None


def _against_the_law(here: Place, there: Place) -> str | None:
    if there.layer == "views" and here.layer != "app" and here != there:
        return "views are imported by nothing but app"
    rung_here, rung_there = LADDER.index(here.layer), LADDER.index(there.layer)
    if rung_there > rung_here:
        return f"{there.layer} come after {here.layer}"
    # The hall stands left of all rooms.
    street_here, street_there = _number(here), _number(there)
    same_rung_to_the_right = rung_here == rung_there and street_there > street_here
    if (here.room and here.layer in LEFT_ONLY and street_there > street_here) or same_rung_to_the_right:
        return f"{there.room} stands right of {here.room or 'the hall'}"
    return None


def _number(place: Place) -> int:
    return STREET.index(place.room) if place.room else -1


def packages_hold_a_docstring_only(path: str, source: str) -> Iterator[str]:
    if place_or_package(path) == "package" and len(ast.parse(source).body) > 1:
        yield f"{path}: a room's __init__ holds a docstring only"


def place_or_package(path: str) -> str:
    return "package" if _place_or_none(parts_of(path)) is None and path.endswith("__init__.py") else "place"


def rules_import_no_framework(path: str, source: str) -> Iterator[str]:
    if not _is_in(path, {"rules"}):
        return
    for line, name in imports_of(path, source):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in PURE_LIBRARIES | {"bookclub"}:
            yield f"{path}:{line}: rules import {top}"


def rules_ask_no_clock_and_throw_no_dice(path: str, source: str) -> Iterator[str]:
    if not _is_in(path, {"rules"}):
        return
    for line, name in imports_of(path, source):
        if name.partition(".")[0] in {"random", "secrets", "time"}:
            yield f"{path}:{line}: rules import {name}"
    for call, _ in calls_in(source):
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"now", "today", "utcnow"}:
            yield f"{path}:{call.lineno}: rules ask the clock"


def few_commit(path: str, source: str) -> Iterator[str]:
    if _is_in(path, COMMITTING_LAYERS):
        return
    for call, function in calls_in(source):
        is_commit = isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
        if is_commit and (path, function) not in COMMITTING_FUNCTIONS:
            yield f"{path}:{call.lineno}: commits; only views, the command line and jobs do"


def only_web_reads_htmx_headers(path: str, source: str) -> Iterator[str]:
    if path == "bookclub/web.py":
        return
    for number, line in enumerate(source.splitlines(), 1):
        if re.search(r"\bHX-|\bheaders\b.*\bhx-", line):
            yield f"{path}:{number}: speaks of HX- headers, which are for web.py"


def views_select_nothing(path: str, source: str) -> Iterator[str]:
    if not _is_in(path, {"views"}):
        return
    for line, name in imports_of(path, source):
        module, _, last = name.rpartition(".")
        if module.partition(".")[0] == "sqlalchemy" and last in STATEMENTS:
            yield f"{path}:{line}: imports {name}; statements are for queries"
    for call, _ in calls_in(source):
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if called == "select":
            yield f"{path}:{call.lineno}: selects; that is for queries"


def every_module_says_what_lives_here(path: str, source: str) -> Iterator[str]:
    if not (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0].strip():
        yield f"{path}: does not open with a line that says what lives here"


def names_tell(path: str, source: str) -> Iterator[str]:
    for part in parts_of(path):
        if part in UNTELLING:
            yield f"{path}: {part} is a name for anything"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            last = re.findall(r"[A-Z][a-z0-9]*|[A-Z]+(?![a-z])", node.name)[-1:]
            if node.name == "Post" or (last and last[0].casefold() in UNTELLING):
                yield f"{path}:{node.lineno}: {node.name} is a name for anything"


def models_are_singular(path: str, source: str) -> Iterator[str]:
    if not _is_in(path, {"models"}):
        return
    for model in ast.parse(source).body:
        if isinstance(model, ast.ClassDef) and re.search(r"[^s]s$", model.name):
            yield f"{path}:{model.lineno}: {model.name} is plural; a class is singular"


def times_end_in_at(path: str, source: str) -> Iterator[str]:
    if not _is_in(path, {"models"}):
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        kind, name = ast.unparse(node.annotation), node.target.id
        if not kind.startswith("Mapped["):
            continue
        declared = kind + (ast.unparse(node.value) if node.value else "")
        is_time = bool(re.search(r"\bdatetime\b|\bUTCDateTime\b|\bDateTime\b", declared))
        if is_time and not name.endswith("_at") and name not in TIMES_BY_ANOTHER_NAME:
            yield f"{path}:{node.lineno}: {name} holds a time, so it ends in _at"
        if name.endswith("_at") and not is_time:
            yield f"{path}:{node.lineno}: {name} ends in _at and holds no time"


def clocks_become_moments_in_one_place(path: str, source: str) -> Iterator[str]:
    """A time on a clock may not exist, or come twice: ``moments.moment_at`` decides what it means."""
    if path == "bookclub/moments.py":
        return
    for call, _ in calls_in(source):
        for given in call.keywords:
            if given.arg in {"tzinfo", "fold"} and ast.unparse(given.value) not in {"UTC", "None"}:
                yield f"{path}:{call.lineno}: makes a moment of a clock; moments.moment_at does that"


def strings_hold_no_inline_style(path: str, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for what in inline_code(node.value):
                yield f"{path}:{node.lineno}: {what}, which the content security policy refuses"


def _is_in(path: str, layers: set[str]) -> bool:
    place = _place_or_none(parts_of(path))
    return place is not None and place.layer in layers


# The laws of templates and of every file


def without_jinja(source: str) -> str:
    """The markup alone, on the lines where it was."""

    def blank(found: re.Match[str]) -> str:
        return " " + "\n" * found[0].count("\n")

    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", blank, source, flags=re.DOTALL)


def inline_code(markup: str) -> Iterator[str]:
    """What of a piece of markup the content security policy would refuse, or htmx would eval."""
    if re.search(r"<style\b", markup, re.IGNORECASE):
        yield "an inline style sheet"
    if re.search(r"<script\b(?![^>]*\ssrc\s*=)", markup, re.IGNORECASE):
        yield "an inline script"
    for tag in re.findall(r"<[a-zA-Z][^<>]*>", markup):
        attributes = re.sub(r"\"[^\"]*\"|'[^']*'", "''", tag)
        for name in re.findall(
            r"[\s'](style|on[a-z]+|hx-on[a-z:-]*|hx-boost)(?=\s*=)", attributes, re.IGNORECASE
        ):
            yield f"a {name} attribute"
        if re.search(r"[\"']\s*(?:js|javascript):", tag, re.IGNORECASE):
            yield "script in an attribute"


def templates_hold_no_inline_code(path: str, source: str) -> Iterator[str]:
    for what in inline_code(without_jinja(source)):
        yield f"{path}: {what}, which the content security policy refuses"


def fragments_say_what_they_need(path: str, source: str) -> Iterator[str]:
    is_fragment = Path(path).name.startswith("_")
    if is_fragment and not re.match(r"\{# needs: \S.* #\}\n", source):
        yield f"{path}: a fragment opens with {{# needs: … #}}"
    if (is_fragment or path.endswith(".htmx.html")) and re.search(r"\{%-?\s*extends\b", source):
        yield f"{path}: a fragment never extends"


@cache
def extended_templates() -> set[str]:
    """The templates that another one of ours extends."""
    folder = ROOT / "bookclub/templates"
    sources = (file.read_text(encoding="utf-8") for file in folder.rglob("*.html"))
    return {name for source in sources for name in EXTENDS.findall(source)}


def parents_define_no_names(path: str, source: str) -> Iterator[str]:
    """Jinja exports the names of a parent into each block of its children, ahead of what the view passes."""
    tree = Environment().parse(source)
    is_frame = tree.find(nodes.Block) is not None and tree.find(nodes.Extends) is None
    if is_frame or path.removeprefix("bookclub/templates/") in extended_templates():
        for node in outside_blocks(tree):
            if isinstance(node, DEFINING):
                yield f"{path}:{node.lineno}: others extend it, so it defines no name outside its blocks"


def outside_blocks(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        if not isinstance(child, nodes.Block):
            yield child
            yield from outside_blocks(child)


def files_fit_the_mind(path: str, source: str) -> Iterator[str]:
    if (lines := len(source.splitlines())) > LONGEST:
        yield f"{path}: {lines} lines; a file that passes {LONGEST} is asking to be two"


PYTHON_LAWS: tuple[Law, ...] = (
    each_module_has_a_place,
    imports_follow_the_ladder,
    packages_hold_a_docstring_only,
    rules_import_no_framework,
    rules_ask_no_clock_and_throw_no_dice,
    few_commit,
    only_web_reads_htmx_headers,
    views_select_nothing,
    every_module_says_what_lives_here,
    names_tell,
    models_are_singular,
    times_end_in_at,
    clocks_become_moments_in_one_place,
    strings_hold_no_inline_style,
    files_fit_the_mind,
)
TEMPLATE_LAWS: tuple[Law, ...] = (
    templates_hold_no_inline_code,
    fragments_say_what_they_need,
    parents_define_no_names,
    files_fit_the_mind,
)
LAWS = (
    [(law, "bookclub/**/*.py") for law in PYTHON_LAWS]
    + [(law, "bookclub/templates/**/*.html") for law in TEMPLATE_LAWS]
    + [(templates_hold_no_inline_code, "bookclub/static/**/*.svg")]
    + [(files_fit_the_mind, "bookclub/static/css/*.css")]
)


@pytest.mark.parametrize(("law", "pattern"), LAWS, ids=[f"{law.__name__} {where}" for law, where in LAWS])
def test_the_house_keeps_its_laws(law, pattern):
    files = [file for file in sorted(ROOT.glob(pattern)) if "migrations" not in file.parts]
    assert files, f"there is nothing at {pattern}"

    broken = [
        what
        for file in files
        for what in law(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    ]
    assert not broken, "\n" + "\n".join(broken)


BAD = [
    (each_module_has_a_place, "bookclub/gossip.py", ""),
    (each_module_has_a_place, "bookclub/books/isbn.py", ""),
    (each_module_has_a_place, "bookclub/gardens/models.py", ""),
    (imports_follow_the_ladder, "bookclub/books/rules.py", "from .models import Book"),
    (imports_follow_the_ladder, "bookclub/books/rules.py", "from ..extensions import db"),
    (imports_follow_the_ladder, "bookclub/books/rules.py", "from .. import extensions"),
    (imports_follow_the_ladder, "bookclub/books/models.py", "from ..threads.rules import MAX_BODY"),
    (imports_follow_the_ladder, "bookclub/books/models.py", "from ..threads import rules"),
    (imports_follow_the_ladder, "bookclub/books/models.py", "import bookclub.threads.models"),
    (imports_follow_the_ladder, "bookclub/books/queries.py", "def f():\n    from .actions import add"),
    (imports_follow_the_ladder, "bookclub/books/covers/drawing.py", "from ..models import Book"),
    (imports_follow_the_ladder, "bookclub/threads/forms.py", "from ..web import load"),
    (imports_follow_the_ladder, "bookclub/threads/views.py", "from ..books.views import bp"),
    (imports_follow_the_ladder, "bookclub/cli.py", "from .books.views import bp"),
    (imports_follow_the_ladder, "bookclub/spoilers.py", "from .readings.rules import END"),
    (imports_follow_the_ladder, "bookclub/web.py", "from . import app"),
    (packages_hold_a_docstring_only, "bookclub/books/__init__.py", '"""Books."""\nfrom .models import Book'),
    (packages_hold_a_docstring_only, "bookclub/__init__.py", '"""Club."""\nimport flask'),
    (rules_import_no_framework, "bookclub/books/rules.py", "from flask import request"),
    (rules_import_no_framework, "bookclub/books/covers/drawing.py", "import markupsafe"),
    (rules_import_no_framework, "bookclub/moments.py", "from sqlalchemy.orm import Mapped"),
    (rules_ask_no_clock_and_throw_no_dice, "bookclub/voting/rules.py", "import random"),
    (rules_ask_no_clock_and_throw_no_dice, "bookclub/moments.py", "datetime.now(UTC)"),
    (few_commit, "bookclub/books/actions.py", "def add():\n    db.session.commit()"),
    (few_commit, "bookclub/web.py", "def load():\n    db.session.commit()"),
    (few_commit, "bookclub/extensions.py", "def begin_write():\n    connection.commit()"),
    (only_web_reads_htmx_headers, "bookclub/books/views.py", 'request.headers["HX-Request"]'),
    (only_web_reads_htmx_headers, "bookclub/books/forms.py", 'request.headers.get("hx-target")'),
    (views_select_nothing, "bookclub/books/views.py", "from sqlalchemy import select"),
    (views_select_nothing, "bookclub/books/views.py", "db.session.execute(db.select(Book))"),
    (views_select_nothing, "bookclub/books/views/show.py", "from sqlalchemy.sql import text"),
    (every_module_says_what_lives_here, "bookclub/books/rules.py", "import re"),
    (every_module_says_what_lives_here, "bookclub/books/rules.py", '"""\n"""'),
    (names_tell, "bookclub/utils.py", ""),
    (names_tell, "bookclub/books/helpers/models.py", ""),
    (names_tell, "bookclub/books/rules.py", "class CoverManager: pass"),
    (names_tell, "bookclub/threads/models.py", "class Post(Base): pass"),
    (models_are_singular, "bookclub/books/models.py", "class Books(Base): pass"),
    (times_end_in_at, "bookclub/books/models.py", "class B(Base):\n    created: Mapped[datetime]"),
    (times_end_in_at, "bookclub/books/models.py", "class B(Base):\n    gone: Mapped[datetime | None]"),
    (
        times_end_in_at,
        "bookclub/books/models.py",
        "class B(Base):\n    made: Mapped[Any] = mapped_column(UTCDateTime)",
    ),
    (times_end_in_at, "bookclub/books/models.py", "class B(Base):\n    looked_at: Mapped[int]"),
    (clocks_become_moments_in_one_place, "bookclub/voting/forms.py", "clock.replace(tzinfo=ZoneInfo(zone))"),
    (clocks_become_moments_in_one_place, "bookclub/books/rules.py", "datetime(2026, 1, 1, tzinfo=zone)"),
    (strings_hold_no_inline_style, "bookclub/books/covers/drawing.py", """'<g style="fill: red">'"""),
    (strings_hold_no_inline_style, "bookclub/prose.py", "'<script>alert()</script>'"),
    (templates_hold_no_inline_code, "a.html", '<p\n  style="color: red">'),
    (templates_hold_no_inline_code, "a.html", '<p class="{{ x }}"style="width: {{ y }}%">'),
    (templates_hold_no_inline_code, "a.html", '<p {% if a > b %}style="color: red"{% endif %}>'),
    (templates_hold_no_inline_code, "a.html", "<script>alert()</script>"),
    (templates_hold_no_inline_code, "a.html", "<style>p { color: red }</style>"),
    (templates_hold_no_inline_code, "a.html", '<button onclick="go()">'),
    (templates_hold_no_inline_code, "a.html", '<form hx-on:submit="go()">'),
    (templates_hold_no_inline_code, "a.html", '<a hx-boost="true">'),
    (templates_hold_no_inline_code, "a.html", '<a hx-vals="js:{a: 1}">'),
    (templates_hold_no_inline_code, "a.html", '<a href="javascript:go()">'),
    (fragments_say_what_they_need, "books/_book.html", "<p>{{ book.title }}</p>\n"),
    (fragments_say_what_they_need, "books/_book.html", "\n{# needs: book #}\n"),
    (fragments_say_what_they_need, "books/_book.html", "{# needs: book #}\n{% extends 'base.html' %}\n"),
    (fragments_say_what_they_need, "books/create.htmx.html", "{%- extends 'base.html' %}\n"),
    (
        parents_define_no_names,
        "base.html",
        "{% macro place(x) %}{% endmacro %}{% block main %}{% endblock %}",
    ),
    (
        parents_define_no_names,
        "base.html",
        "{% if x %}{%- set y = 1 %}{% endif %}{% block m %}{% endblock %}",
    ),
    (parents_define_no_names, "base.html", "{% set y %}1{% endset %}{% block main %}{% endblock %}"),
    (parents_define_no_names, "base.html", "{% from 'a.html' import b %}{% block main %}{% endblock %}"),
    (parents_define_no_names, "base.html", "{% import 'a.html' as b %}{% block main %}{% endblock %}"),
    (parents_define_no_names, "bookclub/templates/exports/site/_frame.html", "{% set blockless = 1 %}"),
    (files_fit_the_mind, "bookclub/books/rules.py", "pass\n" * (LONGEST + 1)),
]


@pytest.mark.parametrize(
    ("law", "path", "source"), BAD, ids=[f"{law.__name__} {path}" for law, path, _ in BAD]
)
def test_each_law_can_be_broken(law, path, source):
    assert list(law(path, source))


GOOD = [
    (each_module_has_a_place, "bookclub/books/covers/drawing.py", ""),
    (imports_follow_the_ladder, "bookclub/threads/rules.py", "from ..readings.rules import END"),
    (imports_follow_the_ladder, "bookclub/threads/views.py", "from ..reviews.queries import recent"),
    (imports_follow_the_ladder, "bookclub/threads/views/show.py", "from . import reply"),
    (imports_follow_the_ladder, "bookclub/books/models.py", "from . import rules\nfrom .. import prose"),
    (imports_follow_the_ladder, "bookclub/web.py", "from .accounts import queries as accounts"),
    (imports_follow_the_ladder, "bookclub/app.py", "from .books.views import bp\nfrom . import errors"),
    (imports_follow_the_ladder, "bookclub/cli.py", "from .app import create_app"),
    (packages_hold_a_docstring_only, "bookclub/books/covers/__init__.py", '"""Covers."""\nimport re'),
    (rules_import_no_framework, "bookclub/books/rules.py", "import re\nfrom stdnum import isbn"),
    (few_commit, "bookclub/books/views.py", "db.session.commit()"),
    (few_commit, "bookclub/extensions.py", "def write_if_free():\n    connection.commit()"),
    (only_web_reads_htmx_headers, "bookclub/web.py", 'request.headers["HX-Request"]'),
    (views_select_nothing, "bookclub/books/queries.py", "from sqlalchemy import select\nselect(Book)"),
    (models_are_singular, "bookclub/accounts/models.py", "class Address(Base): pass"),
    (times_end_in_at, "bookclub/books/models.py", "class B:\n  made_at: Mapped[datetime]\n  d: Mapped[date]"),
    (templates_hold_no_inline_code, "a.html", '<p class="style">on = 1, style = 2</p>{{ ui.x(style="y") }}'),
    (templates_hold_no_inline_code, "a.html", '<script src="{{ static("js/app.js") }}" defer></script>'),
    (templates_hold_no_inline_code, "a.html", '<p title="a style=b">{# <p style="x"> #}</p>'),
    (fragments_say_what_they_need, "books/_book.html", "{# needs: book #}\n<p>{{ book.title }}</p>\n"),
    (fragments_say_what_they_need, "books/show.html", "{% extends 'base.html' %}\n"),
    (parents_define_no_names, "a", "{% with b=1 %}{% endwith %}{% block c %}{% set d=1 %}{% endblock %}"),
    (parents_define_no_names, "a.html", "{% extends 'b.html' %}{% set c = 1 %}{% block d %}{% endblock %}"),
    (clocks_become_moments_in_one_place, "bookclub/books/rules.py", "day.replace(tzinfo=UTC)"),
    (parents_define_no_names, "_macros.html", "{% macro field(x) %}{% endmacro %}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("law", "path", "source"), GOOD, ids=[f"{law.__name__} {path}" for law, path, _ in GOOD]
)
def test_what_is_meant_to_be_done_breaks_no_law(law, path, source):
    assert list(law(path, source)) == []


def test_every_law_has_a_sample_that_breaks_it():
    assert {law for law, _, _ in BAD} == {*PYTHON_LAWS, *TEMPLATE_LAWS}
