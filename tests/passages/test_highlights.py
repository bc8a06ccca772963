"""Kindle's clippings among a member's notes, as the import writes them."""

from __future__ import annotations

import pytest

from bookclub.lib.library_files.clippings import Highlight, clippings_from, highlights_in

FILE = """Emma (Austen, Jane)
- Your Highlight on page 300 | location 912-914 | Added on Monday, 1 May 2023

Badly done, Emma!
==========
Emma (Austen, Jane)
- Your Highlight at location 1200-1202 | Added on Monday, 1 May 2023

I was blinded.
==========
Emma (Austen, Jane)
- Ihre Markierung auf Seite 12 | Hinzugefügt am Montag, 1. Mai 2023

Eins, zwei.
==========
"""


def test_what_the_import_writes_is_read_back():
    (entry,) = clippings_from(FILE.splitlines())

    assert highlights_in(entry.notes) == [
        Highlight("Badly done, Emma!", "Your Highlight on page 300 | location 912-914"),
        Highlight("I was blinded.", "Your Highlight at location 1200-1202"),
        Highlight("Eins, zwei.", "Ihre Markierung auf Seite 12"),
    ]
    assert [each.page for each in highlights_in(entry.notes)] == ["300", "", "12"]


def test_blank_lines_stay_within_a_highlight_and_other_notes_are_none():
    notes = "One.\n\nTwo.\n(Your Highlight on page 3)\n\nTo lend to Olive.\n(and to Bob)"

    assert highlights_in(notes) == [Highlight("One.\n\nTwo.", "Your Highlight on page 3")]
    assert highlights_in("") == []


@pytest.mark.parametrize("line", ["(1984)", "()", "(page three)", "(Your Highlight on page 3) and more"])
def test_a_line_in_brackets_that_names_no_place_ends_nothing(line):
    assert highlights_in(f"Some words.\n{line}") == []


def test_keys_tell_highlights_apart_and_say_nothing_of_them():
    first, second = highlights_in("One.\n(On page 3)\n\nTwo.\n(On page 3)")

    assert first.key != second.key
    assert "One" not in first.key
    assert len(first.key) == 16
