"""The house rules, held by reading the source: nothing of the application is imported here.

Each law is a function of one file's path and text that yields what is wrong with it, so that a small
bad sample can prove that the law is able to fail.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent
LONGEST = 400

# Each package imports only those before it.
PACKAGES = (
    "members", "sealed_forms", "mail", "notices", "pictures", "books", "sections", "openlibrary", "readings",
    "threads", "reactions", "passages", "reviews", "asks", "recommendations", "rounds", "meetings",
    "questions", "recaps", "date_polls", "reports", "mailbox", "imports", "archive", "mergers", "search",
    "feeds", "link_previews", "years", "home",
)  # fmt: skip
# Inside a package each file imports only those before it. A name may stand before: draft_queries.py.
LAYERS = ("rules", "models", "queries", "actions", "forms", "pages", "jobs", "views", "blueprints")
# A page gathers from everywhere what it shows: pages read packages to their right, but change nothing there.
GATHERING, READABLE = {"pages"}, {"rules", "models", "queries", "forms"}
FOLDERS = {*PACKAGES, "lib", "cli", "demo"}
# What lib and rules may import besides the standard library: libraries without input, output or a clock.
PURE_LIBRARIES = {
    "anyascii",
    "babel",
    "dateutil",
    "icalendar",
    "mailparser_reply",
    "PIL",
    "markdown_it",
    "nh3",
    "numpy",
    "pi_heif",
    "rapidfuzz",
    "stdnum",
    "zxcvbn",
}
# Words with which a docstring becomes half a sentence.
RELATIVE = re.compile(r"(What|Whether|How|Who|Whoever|Where|Which|Of|Under|By|That)\b")
# Questions to a page in a browser, which its next moment may answer otherwise.
IMPATIENT = {
    "is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "is_editable", "count",
    "input_value", "inner_text", "all_inner_texts", "text_content", "all_text_contents", "get_attribute",
}  # fmt: skip
COMMITTING_LAYERS = {"views", "jobs"}
COMMITTING_MODULES = (["cli"], ["jobs"], ["schema"])
# A GET may write five small things, each in its own short transaction; here is where that ends.
COMMITTING_FUNCTIONS = {
    ("bookclub/extensions.py", "write_if_free"),
    ("bookclub/rounds/clock.py", "catch_up"),
    # A form's pictures are kept before its view runs, so that none is lost when the form comes back.
    ("bookclub/pictures/uploads.py", "_store"),
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


def parts_of(path: str) -> list[str]:
    """``bookclub/lib/covers/shapes.py`` is ``["lib", "covers", "shapes"]``."""
    parts = list(Path(path).with_suffix("").parts[1:])
    return parts[:-1] if parts and parts[-1] == "__init__" else parts


def package_of(parts: Sequence[str]) -> str | None:
    """The package that a module stands in; None beside the packages, in lib and in cli."""
    return parts[0] if parts and parts[0] in PACKAGES else None


def layer_of(parts: Sequence[str]) -> str | None:
    """The layer that a module of a package is named by; None for a file named by its topic alone."""
    if package_of(parts) is None or len(parts) < 2:
        return None
    last = parts[1].rpartition("_")[2]
    return last if last in LAYERS else None


@cache
def parse(source: str) -> ast.Module:
    """Parse a file once for all laws; nobody may change the tree."""
    return ast.parse(source)


def imports_of(path: str, source: str) -> Iterator[tuple[int, str]]:
    """Line and full name of all that a file imports, also inside functions and under TYPE_CHECKING."""
    package = Path(path).parent.parts
    for node in ast.walk(parse(source)):
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

    yield from walk(parse(source), "")


# The laws of Python files


def packages_are_flat(path: str, source: str) -> Iterator[str]:
    folders = Path(path).parent.parts[1:]
    if folders and folders[0] not in FOLDERS:
        yield f"{path}: {folders[0]} is no package; give it its place in PACKAGES"
    if len(folders) > (2 if folders[:1] == ("lib",) else 1):
        yield f"{path}: a package has no folders"


def imports_go_left(path: str, source: str) -> Iterator[str]:
    here = parts_of(path)
    for line, name in imports_of(path, source):
        top, *there = name.split(".")
        if top == "bookclub" and there and (reason := _against_the_law(here, there)):
            yield f"{path}:{line}: imports {name}: {reason}"


def _against_the_law(here: Sequence[str], there: Sequence[str]) -> str | None:
    if here[:1] == ["lib"]:
        return None if there[0] == "lib" else "lib imports nothing but lib"
    package, other = package_of(here), package_of(there)
    layer, beyond = layer_of(here), layer_of(there)
    if beyond == "views" and here[:1] != ["app"] and package != other:
        return "the views of a package are imported by nothing but app"
    if package is None or other is None:
        return (
            "app and the commands are imported by no package"
            if package and there[0] in {"app", "cli"}
            else None
        )
    if package == other:
        is_later = layer and beyond and LAYERS.index(beyond) > LAYERS.index(layer)
        return f"{beyond} come after {layer}" if is_later else None
    if PACKAGES.index(other) > PACKAGES.index(package):
        # A package itself is named where one of its modules is imported.
        if layer in GATHERING and (beyond in READABLE or len(there) == 1):
            return None
        return f"{other} stands right of {package}"
    return None


def packages_hold_a_docstring_only(path: str, source: str) -> Iterator[str]:
    if path.endswith("__init__.py") and len(parse(source).body) > 1:
        yield f"{path}: an __init__ holds a docstring only"


def rules_import_no_framework(path: str, source: str) -> Iterator[str]:
    if not _is_pure(path):
        return
    for line, name in imports_of(path, source):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in PURE_LIBRARIES | {"bookclub"}:
            yield f"{path}:{line}: rules import {top}"


def rules_ask_no_clock_and_throw_no_dice(path: str, source: str) -> Iterator[str]:
    if not _is_pure(path):
        return
    for line, name in imports_of(path, source):
        if name.partition(".")[0] in {"random", "secrets", "time"}:
            yield f"{path}:{line}: rules import {name}"
    for call, _ in calls_in(source):
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"now", "today", "utcnow"}:
            yield f"{path}:{call.lineno}: rules ask the clock"


def few_commit(path: str, source: str) -> Iterator[str]:
    if _is_in(path, COMMITTING_LAYERS) or parts_of(path)[:1] in COMMITTING_MODULES:
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
    if not _is_in(path, {"rules", "forms", "pages", "views"}):
        return
    for line, name in imports_of(path, source):
        module, _, last = name.rpartition(".")
        if module.partition(".")[0] == "sqlalchemy" and last in STATEMENTS:
            yield f"{path}:{line}: imports {name}; statements are for queries"
    for call, _ in calls_in(source):
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if called == "select":
            yield f"{path}:{call.lineno}: selects; that is for queries"


def statements_are_in_queries(path: str, source: str) -> Iterator[str]:
    """A statement inside an update, and one that a job of the house sends, may stand where it is."""
    if package_of(parts_of(path)) is None or layer_of(parts_of(path)) in {"queries", "models"}:
        return
    for call, _ in calls_in(source):
        is_sent = isinstance(call.func, ast.Attribute) and call.func.attr in {"execute", "scalars", "scalar"}
        sent = [node for given in call.args for node in _outermost_calls(given)] if is_sent else []
        if any(isinstance(node.func, ast.Name) and node.func.id == "select" for node in sent):
            yield f"{path}:{call.lineno}: sends a select; that is for queries"


def threads_share_finished_aliases(path: str, source: str) -> Iterator[str]:
    """An alias that a whole module uses is made by shared_alias, which says why."""
    for node in ast.parse(source).body:
        made = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if any(isinstance(each, ast.Name) and each.id == "aliased" for each in ast.walk(made or ast.Pass())):
            yield f"{path}:{node.lineno}: make it with shared_alias"


def who_asks_is_whole(path: str, source: str) -> Iterator[str]:
    """Reads take the Viewer, a visitor among them; writes take the Member. An id is of somebody else."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef):
            continue
        for given in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            kind = ast.unparse(given.annotation) if given.annotation else ""
            if given.arg in {"viewer_id", "reader_id"} or (given.arg == "viewer" and kind != "Viewer"):
                yield f"{path}:{node.lineno}: {node.name} takes {given.arg}: pass who asks as viewer: Viewer"
            if _is_in(path, {"queries"}) and given.arg == "member_id" and "None" in kind:
                yield f"{path}:{node.lineno}: {node.name} takes no id of a visitor: pass the Viewer"
            if _is_in(path, {"actions"}) and given.arg == "moderator_id":
                yield f"{path}:{node.lineno}: {node.name} takes moderator_id: pass the Member"


def _outermost_calls(node: ast.AST) -> Iterator[ast.Call]:
    """Calls that a chain such as ``select(Book).where(…)`` begins with; none of its arguments."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call):
            yield node
            node = node.func
        else:
            node = node.value


def every_module_says_what_lives_here(path: str, source: str) -> Iterator[str]:
    if not (ast.get_docstring(parse(source)) or "").partition("\n")[0].strip():
        yield f"{path}: does not open with a line that says what lives here"


def docstrings_are_no_relative_clauses(path: str, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            said = ast.get_docstring(node) or ""
            if RELATIVE.match(said):
                yield f"{path}:{getattr(node, 'lineno', 1)}: say it with a verb or a noun: {said[:50]}"


def browser_tests_wait(path: str, source: str) -> Iterator[str]:
    """An assertion looks once, and a page may need a moment: expect() looks until it is so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert):
            for call, _inside in calls_in(ast.unparse(node.test)):
                name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
                if name in IMPATIENT and not call.args:
                    yield f"{path}:{node.lineno}: write expect(…) instead of assert ….{name}()"


def names_tell(path: str, source: str) -> Iterator[str]:
    for part in parts_of(path):
        if part in UNTELLING:
            yield f"{path}: {part} is a name for anything"
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.ClassDef):
            last = re.findall(r"[A-Z][a-z0-9]*|[A-Z]+(?![a-z])", node.name)[-1:]
            if node.name == "Post" or (last and last[0].casefold() in UNTELLING):
                yield f"{path}:{node.lineno}: {node.name} is a name for anything"


def modules_are_named_by_things(path: str, source: str) -> Iterator[str]:
    """A word that ends in -ing says what a module does, unless the glossary has it: a Reading is a thing."""
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    for word in "_".join(parts_of(path)).split("_"):
        if word.endswith("ing") and not re.search(rf"\b{word.capitalize()}\b", glossary):
            yield f"{path}: is named by an -ing word; name the thing that it holds"


def models_are_singular(path: str, source: str) -> Iterator[str]:
    if not _is_in(path, {"models"}):
        return
    for model in parse(source).body:
        # A series is one thing.
        if isinstance(model, ast.ClassDef) and re.search(r"(?<!erie)(?<!s)s$", model.name):
            yield f"{path}:{model.lineno}: {model.name} is plural; a class is singular"


def times_end_in_at(path: str, source: str) -> Iterator[str]:
    if not _is_in(path, {"models"}):
        return
    for node in ast.walk(parse(source)):
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
    """A time on a clock may not exist, or come twice: ``dates.moment_at`` decides what it means."""
    if path == "bookclub/lib/text/dates.py":
        return
    for call, _ in calls_in(source):
        for given in call.keywords:
            if given.arg in {"tzinfo", "fold"} and ast.unparse(given.value) not in {"UTC", "None"}:
                yield f"{path}:{call.lineno}: makes a moment of a clock; dates.moment_at does that"


def strings_hold_no_inline_style(path: str, source: str) -> Iterator[str]:
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for what in inline_code(node.value):
                yield f"{path}:{node.lineno}: {what}, which the content security policy refuses"


def _is_in(path: str, layers: set[str]) -> bool:
    return layer_of(parts_of(path)) in layers


def _is_pure(path: str) -> bool:
    return parts_of(path)[:1] == ["lib"] or _is_in(path, {"rules"})


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
    """A mail is no page: it has no content security policy, and many programs read inline styles alone."""
    is_mail = path.startswith("bookclub/templates/mail/")
    for what in inline_code(without_jinja(source)):
        if is_mail and what in ("an inline style sheet", "a style attribute"):
            continue
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
    packages_are_flat,
    imports_go_left,
    packages_hold_a_docstring_only,
    rules_import_no_framework,
    rules_ask_no_clock_and_throw_no_dice,
    few_commit,
    only_web_reads_htmx_headers,
    views_select_nothing,
    statements_are_in_queries,
    threads_share_finished_aliases,
    who_asks_is_whole,
    every_module_says_what_lives_here,
    docstrings_are_no_relative_clauses,
    names_tell,
    modules_are_named_by_things,
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
    + [(browser_tests_wait, "tests/browser/*.py")]
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
    (browser_tests_wait, "tests/browser/test_edits.py", 'assert page.get_by_text("Hi").is_visible()'),
    (browser_tests_wait, "tests/browser/test_edits.py", 'assert [x for x in y if page.locator("p").count()]'),
    (packages_are_flat, "bookclub/gardens/models.py", ""),
    (packages_are_flat, "bookclub/books/queries/catalogue.py", ""),
    (packages_are_flat, "bookclub/lib/covers/shapes/round.py", ""),
    (imports_go_left, "bookclub/books/rules.py", "from .models import Book"),
    (imports_go_left, "bookclub/books/models.py", "from ..threads.rules import MAX_BODY"),
    (imports_go_left, "bookclub/books/models.py", "from ..threads import rules"),
    (imports_go_left, "bookclub/books/models.py", "import bookclub.threads.models"),
    (imports_go_left, "bookclub/books/alias_queries.py", "def f():\n    from .actions import add"),
    (imports_go_left, "bookclub/books/upgrades.py", "from ..threads.models import Thread"),
    (imports_go_left, "bookclub/books/pages.py", "from ..threads.actions import lock"),
    (imports_go_left, "bookclub/books/pages.py", "from ..threads.pages import thread_address"),
    (imports_go_left, "bookclub/books/views.py", "from ..threads.queries import threads_on_book"),
    (imports_go_left, "bookclub/books/views.py", "from .. import threads"),
    (imports_go_left, "bookclub/lib/covers/shapes.py", "from ...books.models import Book"),
    (imports_go_left, "bookclub/lib/covers/shapes.py", "from ...extensions import db"),
    (imports_go_left, "bookclub/threads/views.py", "from ..books.views import bp"),
    (imports_go_left, "bookclub/threads/queries.py", "from .views import bp"),
    (imports_go_left, "bookclub/cli/main.py", "from ..books.views import bp"),
    (imports_go_left, "bookclub/web.py", "from .books.edition_views import bp"),
    (imports_go_left, "bookclub/books/queries.py", "from .. import app"),
    (packages_hold_a_docstring_only, "bookclub/books/__init__.py", '"""Books."""\nfrom .models import Book'),
    (packages_hold_a_docstring_only, "bookclub/__init__.py", '"""Club."""\nimport flask'),
    (docstrings_are_no_relative_clauses, "bookclub/books/rules.py", 'def f():\n    """Whether it is."""'),
    (rules_import_no_framework, "bookclub/books/rules.py", "from flask import request"),
    (rules_import_no_framework, "bookclub/lib/covers/shapes.py", "import markupsafe"),
    (rules_import_no_framework, "bookclub/lib/text/dates.py", "from sqlalchemy.orm import Mapped"),
    (rules_ask_no_clock_and_throw_no_dice, "bookclub/lib/tally/lots.py", "import random"),
    (rules_ask_no_clock_and_throw_no_dice, "bookclub/rounds/rules.py", "datetime.now(UTC)"),
    (few_commit, "bookclub/books/actions.py", "def add():\n    db.session.commit()"),
    (few_commit, "bookclub/web.py", "def load():\n    db.session.commit()"),
    (few_commit, "bookclub/extensions.py", "def begin_write():\n    connection.commit()"),
    (only_web_reads_htmx_headers, "bookclub/books/views.py", 'request.headers["HX-Request"]'),
    (only_web_reads_htmx_headers, "bookclub/books/forms.py", 'request.headers.get("hx-target")'),
    (views_select_nothing, "bookclub/books/views.py", "from sqlalchemy import select"),
    (views_select_nothing, "bookclub/books/views.py", "db.session.execute(db.select(Book))"),
    (views_select_nothing, "bookclub/books/edition_views.py", "from sqlalchemy.sql import text"),
    (statements_are_in_queries, "bookclub/books/actions.py", "db.session.execute(select(Book).limit(1))"),
    (threads_share_finished_aliases, "bookclub/books/queries.py", 'OTHER = aliased(Book, name="other")'),
    (who_asks_is_whole, "bookclub/threads/queries.py", "def counts(viewer_id: int): pass"),
    (who_asks_is_whole, "bookclub/threads/queries.py", "def counts(*, viewer: int | None): pass"),
    (who_asks_is_whole, "bookclub/readings/queries.py", "def promised(member_id: int | None): pass"),
    (who_asks_is_whole, "bookclub/threads/actions.py", "def remove(moderator_id: int | None): pass"),
    (every_module_says_what_lives_here, "bookclub/books/rules.py", "import re"),
    (every_module_says_what_lives_here, "bookclub/books/rules.py", '"""\n"""'),
    (names_tell, "bookclub/utils.py", ""),
    (names_tell, "bookclub/books/helpers.py", ""),
    (names_tell, "bookclub/books/rules.py", "class CoverManager: pass"),
    (names_tell, "bookclub/threads/models.py", "class Post(Base): pass"),
    (modules_are_named_by_things, "bookclub/imports/shelf_mapping.py", ""),
    (modules_are_named_by_things, "bookclub/lib/tally/counting.py", ""),
    (models_are_singular, "bookclub/books/models.py", "class Books(Base): pass"),
    (times_end_in_at, "bookclub/books/models.py", "class B(Base):\n    created: Mapped[datetime]"),
    (times_end_in_at, "bookclub/books/models.py", "class B(Base):\n    gone: Mapped[datetime | None]"),
    (
        times_end_in_at,
        "bookclub/books/models.py",
        "class B(Base):\n    made: Mapped[Any] = mapped_column(UTCDateTime)",
    ),
    (times_end_in_at, "bookclub/books/models.py", "class B(Base):\n    looked_at: Mapped[int]"),
    (clocks_become_moments_in_one_place, "bookclub/rounds/forms.py", "clock.replace(tzinfo=ZoneInfo(zone))"),
    (clocks_become_moments_in_one_place, "bookclub/books/rules.py", "datetime(2026, 1, 1, tzinfo=zone)"),
    (strings_hold_no_inline_style, "bookclub/lib/covers/cover.py", """'<g style="fill: red">'"""),
    (strings_hold_no_inline_style, "bookclub/errors.py", "'<script>alert()</script>'"),
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
    (parents_define_no_names, "bookclub/templates/archive/site/_frame.html", "{% set blockless = 1 %}"),
    (files_fit_the_mind, "bookclub/books/rules.py", "pass\n" * (LONGEST + 1)),
]


@pytest.mark.parametrize(
    ("law", "path", "source"), BAD, ids=[f"{law.__name__} {path}" for law, path, _ in BAD]
)
def test_each_law_can_be_broken(law, path, source):
    assert list(law(path, source))


GOOD = [
    (packages_are_flat, "bookclub/lib/covers/shapes.py", ""),
    (imports_go_left, "bookclub/threads/rules.py", "from ..lib.positions.places import END"),
    (imports_go_left, "bookclub/threads/pages.py", "from ..reviews.queries import by"),
    (imports_go_left, "bookclub/reviews/pages.py", "from ..threads.pages import thread_address"),
    (imports_go_left, "bookclub/books/models.py", "from . import rules\nfrom .. import extensions"),
    (imports_go_left, "bookclub/books/upgrades.py", "from .actions import add_book"),
    (imports_go_left, "bookclub/web.py", "from .members import queries as members"),
    (imports_go_left, "bookclub/app.py", "from .books.views import bp\nfrom . import errors"),
    (imports_go_left, "bookclub/cli/main.py", "from ..app import create_app"),
    (rules_import_no_framework, "bookclub/books/rules.py", "import re\nfrom stdnum import isbn"),
    (few_commit, "bookclub/books/views.py", "db.session.commit()"),
    (few_commit, "bookclub/extensions.py", "def write_if_free():\n    connection.commit()"),
    (only_web_reads_htmx_headers, "bookclub/web.py", 'request.headers["HX-Request"]'),
    (views_select_nothing, "bookclub/books/queries.py", "from sqlalchemy import select\nselect(Book)"),
    (statements_are_in_queries, "bookclub/books/queries.py", "db.session.execute(select(Book))"),
    (statements_are_in_queries, "bookclub/books/actions.py", "execute(delete(A).where(x(select(B.a))))"),
    (who_asks_is_whole, "bookclub/threads/queries.py", "def counts(viewer: Viewer, owner_id: int): pass"),
    (who_asks_is_whole, "bookclub/readings/queries.py", "def reading_of(member_id: int): pass"),
    (modules_are_named_by_things, "bookclub/mergers/reading_merge.py", ""),
    (models_are_singular, "bookclub/members/models.py", "class Address(Base): pass"),
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
    assert {law for law, _, _ in BAD} == {law for law, _ in LAWS}


def test_no_modules_import_each_other_in_a_circle():
    files = {".".join(("bookclub", *parts_of(path))): path for path in _modules()}
    imported = {
        name: {there for there in _imported_when_loaded(path) if there in files and there != name}
        for name, path in files.items()
    }
    left = dict(imported)
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]

    assert len(files) > 300
    assert not left, f"in circles, or importing one: {sorted(left)}"


def test_no_two_classes_have_one_name():
    homes: dict[str, list[str]] = {}
    for path in _modules():
        for node in parse((ROOT / path).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(path)

    assert len(homes) > 400
    assert not {name: found for name, found in homes.items() if len(found) > 1}


def test_exceptions_end_in_error():
    found = []
    for path in _modules():
        module = importlib.import_module(".".join(("bookclub", *parts_of(path))))
        found += [
            name
            for name, value in vars(module).items()
            if isinstance(value, type)
            and issubclass(value, Exception)
            and value.__module__ == module.__name__
        ]

    assert len(found) > 20
    assert not [name for name in found if not name.endswith("Error")]


def _modules() -> list[str]:
    found = (file.relative_to(ROOT).as_posix() for file in (ROOT / "bookclub").rglob("*.py"))
    return [path for path in found if not path.endswith("__init__.py") and "migrations" not in path]


def _imported_when_loaded(path: str) -> Iterator[str]:
    """Full names of modules, and of names in modules, that a file imports at its top."""
    tree = parse((ROOT / path).read_text(encoding="utf-8"))
    top = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
    for _, name in imports_of(path, ast.unparse(top)):
        yield name
        yield name.rpartition(".")[0]
