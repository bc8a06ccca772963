"""Nobody is spoiled by searching: a word that lies ahead of a reader finds nothing for them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import literal

from bookclub.readings import visibility_queries
from bookclub.search import hit_queries
from bookclub.search.rules import KIND_NAMES
from tests.spoilers.story import ALL, CHAPTERS, MARKS, may_see

# Former words, titles of chapters and advice about two books are read on their own pages alone.
UNSEARCHED = {
    *CHAPTERS,
    *(word for word in ALL if re.fullmatch(r"canary(safe|fifth|later|ending)revision", word)),
    "canaryrevisionbars",
    "canarywassafe",
    "canaryendorsement",
}


def found_by(client, word: str) -> bool:
    """Whether a reader finds anything by a word; what they find shows only what they may see."""
    page = client.get(f"/search?q={word}")
    assert page.status_code == 200
    return 'class="found"' in page.text


@pytest.mark.parametrize("who", MARKS)
def test_a_word_is_found_by_those_who_may_read_it_and_by_nobody_else(read_story, who):
    client = read_story.clients[who]

    found = {word for word in ALL if found_by(client, word)}

    # Visitors read the pitches of a round that is over on its page, but search in no rounds.
    assert found == may_see(who) - UNSEARCHED - ({"canarypitch"} if who == "visitor" else set())


@pytest.mark.parametrize("who", ["visitor", "fifth", "finished"])
def test_all_pages_of_hits_show_what_a_reader_may_read(read_story, who):
    client, shown = read_story.clients[who], ""
    for kind in KIND_NAMES:
        url = f"/search?q=canary&kind={kind}"
        while url:
            page = client.get(url).text
            shown += page
            more = re.search(r'href="(/search\?[^"]*after=[^"]*)"', page)
            url = more[1].replace("&amp;", "&") if more else ""

    seen = {word for word in ALL if word in shown}
    # A snippet is the beginning of a long text, and these are short, but for the bars in some.
    assert seen <= may_see(who)
    assert {"canarysafecomment", "canarysafereview"} <= seen


def test_nothing_is_found_by_what_is_left_out(read_story):
    """A reader who may not read a word cannot learn by its absence where it stands."""
    client = read_story.clients["fifth"]
    plain = [client.get(f"/search?q=canary&kind={kind}").text.count("<h3>") for kind in KIND_NAMES]

    for word in ("canarycommentbars", "canarylaterreply", "canaryreviewbars"):
        without = [
            client.get(f"/search?q=-{word}+canary&kind={kind}").text.count("<h3>") for kind in KIND_NAMES
        ]
        assert without == plain, word


def test_it_finds_out_when_the_predicate_lets_everything_through(story, monkeypatch):
    hit_queries._statement.cache_clear()
    monkeypatch.setattr(hit_queries, "visible_to", lambda *_, **__: literal(True))

    try:
        found = {word for word in ALL if found_by(story.clients["fifth"], word)}
    finally:
        hit_queries._statement.cache_clear()
    # The texts are loaded by the predicate, too, so only a review's public words show.
    assert "canarylaterreview" in found - may_see("fifth")
    assert visibility_queries.visible_to is not hit_queries.visible_to
