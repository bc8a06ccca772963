"""A member brings a library from Goodreads: from the file over the preview and the run to the report."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bookclub.extensions import utcnow
from bookclub.imports import jobs as imports_jobs
from bookclub.jobs import run_due_jobs
from tests.factories import make_book

HEADER = (
    "Title,Author,My Rating,Date Read,Date Added,Bookshelves,Exclusive Shelf,My Review,Private Notes,"
    "Read Count\n"
)
LIBRARY = (
    HEADER + "Emma,Jane Austen,4,2019/03/07,2018/12/01,favourites,read,Quiet.<br/>Then not.,Lent to Ann,1\n"
    '"Dune (Dune, #1)",Frank Herbert,0,,2018/12/01,,to-read,,,0\n'
    "Ulysses,James Joyce,0,,2018/12/01,,half-way,,,0\n"
    ",Nobody,0,,2018/12/01,,read,,,0\n"
)


@pytest.fixture
def slowly(app, monkeypatch):
    """``slowly(1)`` takes in so many rows as if the worker had got no further yet."""
    monkeypatch.setattr(imports_jobs.take_rows, "__defaults__", (1,))

    def slowly(rows=None):
        steps = iter([True] * (rows or 100) + [False])
        run_due_jobs(app, utcnow(), lambda: next(steps))

    return slowly


def test_a_library_comes_in_from_the_file_to_the_report(
    browse, save, bob, slowly, tmp_path, check_accessibility
):
    save(make_book("Emma", author="Jane Austen"))
    file = tmp_path / "goodreads_library_export.csv"
    file.write_text(LIBRARY)
    page = browse(bob)

    # The way there, and a file that is chosen too late.
    page.goto("/imports")
    page.get_by_role("link", name="Import a file").click()
    page.get_by_role("button", name="Preview the file").click()
    page.get_by_label("Library file", exact=True).set_input_files(file)
    page.get_by_role("button", name="Preview the file").click()

    # The preview: nothing is taken yet, and what a shelf becomes is the member's choice.
    expect(page.get_by_role("heading", level=1)).to_have_text("goodreads_library_export.csv")
    expect(page.locator("#known")).to_have_text(
        "The club has 1 of these books already. 2 are new and will be added to the catalogue."
    )
    expect(page.get_by_label("to-read")).to_have_value("to_read")
    expect(page.get_by_label("half-way")).to_have_value("tag")
    page.get_by_label("half-way").select_option("Did not finish")
    check_accessibility(page)
    page.get_by_role("button", name="Start the import").click()

    # It goes on whether or not anybody looks, and the page follows by itself.
    expect(page.locator("#standing")).to_contain_text("1 of 4 rows are done")
    slowly(1)
    expect(page.locator("#standing")).to_contain_text("2 of 4 rows are done: 1 taken, 1 skipped.")
    page.get_by_role("button", name="Stop the import").click()
    expect(page.locator("#standing")).to_contain_text("Stopped.")
    page.get_by_role("button", name="Continue the import").click()
    slowly()

    # The report, row by row.
    expect(page.locator("#standing")).to_contain_text("Finished. Of 4 rows: 3 taken, 1 skipped.")
    check_accessibility(page)
    expect(page.locator("#row-4")).to_contain_text("Did not finish.")
    page.get_by_role("link", name="Skipped 1").click()
    expect(page.locator("#row-5")).to_contain_text("Skipped.")
    expect(page.locator("#row-4")).to_have_count(0)

    # What it brought: a draft that only its writer sees, and a rating that counts at once.
    page.get_by_role("link", name="See the reviews, as drafts").click()
    expect(page.get_by_role("main")).to_contain_text("Emma")
    page.goto("/books/emma")
    expect(page.locator("textarea[name=notes]")).to_have_value("Lent to Ann")
    expect(page.get_by_role("main")).to_contain_text("4.0")
