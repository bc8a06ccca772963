"""Every sentence that members read can be translated: none is hard-coded, none is glued from pieces."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from bookclub.lib.library_files.columns import GOODREADS_COLUMNS, GOODREADS_OLDER
from bookclub.lib.library_files.entries import SITES
from bookclub.lib.library_files.library_csv import GOODREADS, OURS
from tests.pseudo_language import KEPT, messages

BOOKCLUB = Path(__file__).parent.parent / "bookclub"
TEMPLATES = BOOKCLUB / "templates"
TRANSLATORS = {"_", "gettext", "ngettext", "lazy_gettext", "remark", "nremark"}
# Read by whoever runs the server, and by programmers.
FOR_OPERATORS = (
    "cli/", "demo/", "config.py", "server.py", "schema.py", "openlibrary/client.py", "archive/folder.py",
)  # fmt: skip
# Names of columns in files that other programs read, and of the sites that write such files.
IN_FILES = {*GOODREADS, *OURS, *GOODREADS_COLUMNS, *GOODREADS_OLDER, *SITES}
# Programs keep their names in every language.
NAMES = {*SITES, "Bookclub"}
# Words of titles in many languages, to be recognised and not shown.
RECOGNISED = ("lib/matches/vocabulary.py", "lib/matches/role_words.py")
FOR_PROGRAMMERS = {
    "ValueError", "RuntimeError", "TypeError", "KeyError", "AssertionError", "LookupError", "SettingError",
    "OSError", "OverflowError", "info", "warning", "error", "exception", "debug", "critical",
}  # fmt: skip
GAP = "\0"
# Words that no friendly host would say, and "thread", which members read as "conversation".
STILTED = re.compile(r"\b(whoever|whomever|anew|shall|of those who|lest|threads?)\b", re.IGNORECASE)
# Elements that hold code or commands.
SILENT = {"script", "style", "pre", "code"}
# Keys in the database, lines that programs read, and kinds of signs, made of a word and a value.
KEYS = re.compile(
    r"^(account|address|bracket|browser|email|forgotten|member|name|nomination|readers|seal|tag|voter)"
    r" \0( \0)?$"
)
# A group of a regular expression.
PATTERN = "(?:"
# The name that a new club has in the database until its organiser changes it.
STORED = {"Our book club"}
# The name that a new club has in the database until its organiser changes it.
STORED = {"Our book club"}
TAG = re.compile(r"<[^<>]*>")
LETTERS = re.compile(r"[A-Za-z]{2,}")
SENTENCE = re.compile(r"^[A-Z][a-z’']*( |$|[.?!:…])|[a-z’']{2,} [a-z’']{2,}.*[.?!:…]$")
SPOKEN_ATTRIBUTES = {"aria-label", "alt", "title", "placeholder", "label", "content", "data-announce"}


class Words(HTMLParser):
    """The words of a template's own text that readers see or hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.skipped = 0
        self.found: list[tuple[int, str]] = []

    def note(self, text: str) -> None:
        if LETTERS.search(text):
            self.found.append((self.getpos()[0], " ".join(text.replace(GAP, "…").split())))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in SILENT:
            self.skipped += 1
        if tag == "meta" and given.get("name") not in {"description"}:
            return
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES and value:
                self.note(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.skipped -= 1

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.note(data)


def words_of_template(environment: Environment, source: str) -> Iterator[tuple[int, str]]:
    """The words that a template holds outside gettext, with their lines."""
    tree = environment.parse(source)
    text = "".join(_text(tree))
    reader = Words()
    reader.feed(text)
    reader.close()
    yield from ((line, words) for line, words in reader.found if words not in NAMES)
    translated = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATORS
        for const in call.find_all(nodes.Const)
    }
    for const in tree.find_all(nodes.Const):
        is_text = isinstance(const.value, str) and id(const) not in translated
        if is_text and SENTENCE.search(const.value.strip()):
            yield const.lineno, const.value


def _text(tree: nodes.Node) -> Iterator[str]:
    """The text of a template with its line breaks in place, and a mark for each expression."""
    line = 1
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                # Line breaks bring the parser to the line where the text stands.
                yield "\n" * max(0, node.lineno - line)
                line = max(line, node.lineno) + node.data.count("\n")
                yield node.data
            else:
                yield GAP


def words_of_module(source: str) -> Iterator[tuple[int, str]]:
    """The sentences that a Python module holds outside gettext, with their lines."""
    tree = ast.parse(source)
    known: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            # A string that stands alone is a docstring, of a module or of an attribute.
            alone = [it.value for it in body if isinstance(it, ast.Expr)]
            known |= {id(value) for value in alone if isinstance(value, ast.Constant)}
        if isinstance(node, ast.Call) and _name(node.func) in TRANSLATORS | FOR_PROGRAMMERS:
            known |= {id(inner) for inner in ast.walk(node)}
        # Keys of jobs are for the queue, causes of mails for the outbox, and conversations for the programs
        # that show them: enqueue("look", key=f"look {id}"), def key_of_job(…).
        if isinstance(node, ast.keyword) and node.arg in ("key", "cause", "conversation"):
            known |= {id(inner) for inner in ast.walk(node.value)}
        if isinstance(node, ast.FunctionDef) and node.name.startswith("key_of"):
            known |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.JoinedStr) and id(node) not in known:
            parts = [it.value if isinstance(it, ast.Constant) else GAP for it in node.values]
            known |= {id(it) for it in ast.walk(node) if isinstance(it, ast.Constant)}
            text = TAG.sub("", "".join(map(str, parts)))
            if (
                not KEYS.match(text)
                and PATTERN not in text
                and re.search(r"[a-z]{2,},? [a-z]{2,}|^[A-Z][a-z]+ |\0 [a-z]{2,}|[a-z]{2,} \0", text)
            ):
                yield node.lineno, text.replace(GAP, "…")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known:
            text = node.value.strip()
            if " " in text and text not in IN_FILES | STORED and SENTENCE.search(text):
                yield node.lineno, text


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_templates_hold_no_words_outside_gettext(app):
    found = [
        f"{file.relative_to(BOOKCLUB)}:{line}: {text}"
        for file in sorted(TEMPLATES.rglob("*.html"))
        for line, text in words_of_template(app.jinja_env, file.read_text(encoding="utf-8"))
    ]

    assert not found, "\n".join(found)


def test_modules_hold_no_sentences_outside_gettext():
    found = [
        f"{file.relative_to(BOOKCLUB)}:{line}: {text}"
        for file in sorted(BOOKCLUB.rglob("*.py"))
        if not file.relative_to(BOOKCLUB).as_posix().startswith((*FOR_OPERATORS, *RECOGNISED))
        for line, text in words_of_module(file.read_text(encoding="utf-8"))
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<input aria-label="Your name">',
        '{{ ui.submit("Save") }}',
        "<p>{{ name }} wrote</p>",
        '{% set title = "The vote" %}',
    ],
)
def test_words_outside_gettext_are_found_in_templates(app, source):
    assert list(words_of_template(app.jinja_env, source))


@pytest.mark.parametrize(
    "source",
    [
        '<p>{{ _("Hello") }}</p>',
        "<p>{% trans name=name %}{{ name }} wrote{% endtrans %}</p>",
        '<p class="help">{{ name }}</p>',
        '{{ ui.submit(_("Save"), class="primary") }}',
    ],
)
def test_words_inside_gettext_are_not_found(app, source):
    assert not list(words_of_template(app.jinja_env, source))


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ('raise FieldError("Type a number.")', True),
        ('raise FieldError(_("Type a number."))', False),
        ('f"{count} comments unlocked"', True),
        ('flash("Your vote is in.")', True),
        ('raise ValueError("Nobody reads this.")', False),
        ('url_for("rounds.show")', False),
        ('enqueue("look", key=f"look {number}")', False),
        ('say("look", words=f"look {number}")', True),
        ('("Number of Pages", "Exclusive Shelf")', False),
        ('remark("This row has no title.")', False),
    ],
)
def test_sentences_outside_gettext_are_found_in_modules(source, is_found):
    assert bool(list(words_of_module(source))) is is_found


def test_members_read_plain_words():
    found = [
        f"{file}:{line}: {form}"
        for message, file, line in messages()
        for form in ([message] if isinstance(message, str) else message)
        if STILTED.search(KEPT.sub("", form))
    ]

    assert not found, "\n".join(found)


def test_no_message_for_the_next_page_is_outside_gettext():
    found = [
        f"{file.relative_to(BOOKCLUB)}:{call.lineno}"
        for file in sorted(BOOKCLUB.rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and _name(call.func) == "flash"
        if isinstance(call.args[0], ast.JoinedStr | ast.Constant)
    ]

    assert not found, "\n".join(found)
