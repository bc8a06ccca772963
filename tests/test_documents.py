"""README, CONTRIBUTING and GLOSSARY name what is there."""

from __future__ import annotations

import re

import pytest

from tests.test_architecture import LAYERS, PACKAGES, ROOT

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "GLOSSARY.md")
PATH = re.compile(r"`((?:bookclub|tests|migrations|\.ci)/[^`<>*\s]*)`")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(name):
    named = PATH.findall((ROOT / name).read_text(encoding="utf-8"))

    assert len(named) > 5
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_map_has_every_package_and_kind_of_file():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    kinds = re.findall(r"^\| `(\w+)\.py` \|", readme, re.MULTILINE)
    libraries = re.findall(r"^\| `bookclub/lib/(\w+)/` \|", readme, re.MULTILINE)

    assert f"`{' · '.join(PACKAGES)}`" in readme
    assert set(LAYERS) - {"blueprints"} <= set(kinds)
    assert sorted(libraries) == sorted(
        folder.name for folder in (ROOT / "bookclub/lib").iterdir() if (folder / "__init__.py").exists()
    )


def test_every_top_level_module_on_the_map_or_named_plainly():
    """A newcomer looks for a module here first: whatever the map leaves out says its noun itself."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    plain = {
        "addresses", "app", "background", "bulk", "config", "errors", "extensions", "hosts", "jobs",
        "private_files", "visits",
    }  # fmt: skip
    there = {file.stem for file in (ROOT / "bookclub").glob("*.py")} - {"__init__"}

    assert sorted(name for name in there - plain if f"`bookclub/{name}.py`" not in readme) == []
    assert plain <= there


def test_the_glossary_names_where_each_word_is_decided():
    rows = re.findall(
        r"^\| ([^|]+) \| .+ \| `(bookclub/[^`]+)` \|$",
        (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    missing = [
        word
        for words, path in rows
        for word in words.split(", ")
        if not re.search(word.replace(" ", "[ _]?"), (ROOT / path).read_text(encoding="utf-8"), re.IGNORECASE)
    ]

    assert len(rows) > 20
    assert missing == []
