"""What holds of every stylesheet: none lays hands on members' prose but the one that is for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parent.parent / "bookclub" / "static" / "css"
SHEETS = {sheet.stem: re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S) for sheet in CSS.glob("*.css")}
LAYERS = ["tokens", "base", "layout", "components", "prose", "utilities"]


def selectors(css: str) -> list[str]:
    """The selectors of a sheet, without the rules for layers and media around them."""
    return [found.strip() for found in re.findall(r"(?:^|[{};])\s*([^{};@]+)(?=\{)", css)]


def test_prose_comes_after_all_that_lays_pages_out():
    assert re.search(r"@layer ([^;{]+);", SHEETS["tokens"])[1].split(", ") == LAYERS


def test_prose_begins_by_undoing_what_others_say_of_its_elements():
    assert ".prose :where(*) { all: revert;" in SHEETS["prose"]


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_every_rule_stands_in_its_layer(name):
    layers = re.findall(r"@layer (\w+) \{", SHEETS[name])

    assert layers
    assert set(layers) <= set(LAYERS)
    assert ("prose" in layers) == (name == "prose")
    # What is important in an earlier layer wins over all that comes later.
    assert "!important" not in SHEETS[name]


@pytest.mark.parametrize("name", sorted(set(SHEETS) - {"prose"}))
def test_no_other_sheet_reaches_into_prose(name):
    assert selectors(SHEETS[name])
    assert [each for each in selectors(SHEETS[name]) if re.search(r"\.prose\b[^,]*[\s>+~]\S", each)] == []
    assert [each for each in selectors(SHEETS[name]) if ".spoiler" in each] == []


def test_what_comes_after_prose_speaks_of_no_element_in_it():
    """On paper a paragraph may be kept together, and who wants no motion gets none: nothing else."""
    allowed = {"*", "::before", "::after", "figure", "blockquote", "li", "h1", "h2", "h3", "h4", "h5", "h6"}
    parts = {part.strip() for each in selectors(SHEETS["utilities"]) for part in each.split(",")}
    elements = {part for part in parts if re.fullmatch(r"\*|::\w+|[a-z]\w*", part) and part not in allowed}

    assert elements <= {"form", "button", "main", "header"}
