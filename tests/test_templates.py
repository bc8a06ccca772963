"""Fragments say what they need: as much as they use, and no more."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, meta, nodes

TEMPLATES = Path(__file__).parent.parent / "bookclub" / "templates"
# Given to every template by Flask and by the context processor in app.py.
ALWAYS = {"g", "request", "session", "member", "club", "may", "is_rehearsal", "may_browse"}
NEEDS = re.compile(r"\{# needs: (.+?) #\}")


def said(source: str) -> set[str]:
    """Names that a fragment says it needs."""
    found = NEEDS.match(source)
    return set(re.findall(r"\w+", found[1])) - {"nothing"} if found else set()


def used(environment: Environment, source: str) -> set[str]:
    """Names that a fragment uses without having set them, with those that its fragments say they need."""
    tree = environment.parse(source)
    found = meta.find_undeclared_variables(tree)
    set_here = {name.name for name in tree.find_all(nodes.Name) if name.ctx in {"store", "param"}}
    for include in tree.find_all(nodes.Include):
        if isinstance(include.template, nodes.Const):
            inner = (TEMPLATES / include.template.value).read_text(encoding="utf-8")
            found |= said(inner) - set_here
    return found - set(environment.globals) - ALWAYS


def test_fragments_need_what_they_say(app):
    wrong = {}
    for file in sorted(TEMPLATES.rglob("_*.html")):
        source = file.read_text(encoding="utf-8")
        if file.name != "_macros.html" and (needed := used(app.jinja_env, source)) != said(source):
            wrong[file.relative_to(TEMPLATES).as_posix()] = needed ^ said(source)

    assert not wrong, "\n".join(f"{name}: {sorted(names)}" for name, names in wrong.items())


def test_a_fragment_that_says_less_or_more_is_found(app):
    source = (
        "{# needs: book, mark #}\n{{ book.title }}{{ place }}{% set a = 1 %}{{ a }}{{ url_for('home.show') }}"
    )

    assert used(app.jinja_env, source) ^ said(source) == {"mark", "place"}
