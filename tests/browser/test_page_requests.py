"""The requests that one page makes."""

from __future__ import annotations

from collections import Counter


def test_a_page_asks_for_one_stylesheet_and_few_scripts(browse, alice):
    page = browse(alice)
    kinds: Counter[str] = Counter()
    page.on("request", lambda request: kinds.update([request.resource_type]))

    page.goto("/books")

    assert kinds["document"] == 1
    assert kinds["stylesheet"] == 1
    # htmx and app.js; for members also reader.js, composer.js, conversation.js, mentions.js, stars.js and
    # paste.js.
    assert kinds["script"] <= 8
    # The page, the stylesheet and the scripts.
    assert sum(kinds.values()) <= 10
