"""How a test says in a composer who can read a post."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

SAFE = "no spoilers: everybody can read it"


def choose_readers(form: Locator | Page, choice: str) -> None:
    """Choose by the first chip if that is what is chosen, and otherwise in the list behind the second.

    Without JavaScript there are no chips, and the list always shows.
    """
    chips, select = form.locator("[data-chips]").first, form.get_by_label("Who can read this?")
    page = form if isinstance(form, Page) else form.page
    if page.evaluate("typeof window.htmx === 'undefined'"):
        select.select_option(choice)
        return
    # A composer that has just opened gets its chips a moment later.
    chips.wait_for()
    if choice in (SAFE, "0"):
        form.locator('[data-chip="safe"]').click()
        return
    if not select.is_visible():
        form.locator('[data-chip="further"]').click()
    select.select_option(choice)
