"""What the page of a round says, read off its HTML."""

from __future__ import annotations

import re

from tests.page import Page
from tests.page_forms import read_page


def answers(page: Page) -> dict[str, str]:
    """What the ballot on a page holds: the selected place of every book, or whether it is ticked."""
    # A ballot that came too late stands in no form.
    (controls,) = read_page(f"<form>{re.sub('</?form[^>]*>', '', page.text)}</form>").forms
    return {name: controls.fields.get(name, "") for name in controls.kinds if name.startswith("rank-")}


def order(page: str) -> list[int]:
    """The ids of the nominations, in the order of their cards."""
    return [int(found) for found in re.findall(r'id="nomination-(\d+)"', page)]
