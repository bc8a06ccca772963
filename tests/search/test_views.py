"""The page of the search."""

from __future__ import annotations

from time import monotonic

import pytest

from bookclub.search import rules
from tests.cases import each
from tests.factories import make_comment, make_meeting, make_question


def test_a_hit_leads_to_its_place_and_shows_the_words_marked(visit, save, thread, alice, bob):
    said = save(make_comment(thread, alice, "I *liked* the <b>quiet</b> butler & his tea."))

    page = visit(bob).get("/search?q=quiet+butler")

    assert page.status_code == 200
    assert page.link("A quiet man") in (f"/threads/{thread.id}", f"/comments/{said.id}/in-thread")
    assert "I liked the &lt;b&gt;<mark>quiet</mark>&lt;/b&gt; <mark>butler</mark> &amp; his tea." in page.text
    assert "Alice · The Remains of the Day · just now" in page.words


def test_a_question_of_a_meeting_leads_to_the_agenda(find, save, alice, bob, book):
    meeting = save(make_meeting(alice, book))
    question = save(make_question(meeting, alice, "Why the butler?", book=book))

    assert find(bob, "butler") == [f"/meetings/{meeting.id}#question-{question.id}"]


@each(
    ("q", "answer"),
    [
        ("*", "Type at least one word to look for."),
        ('"', "Type at least one word to look for."),
        ("-", "Type at least one word to look for."),
        ("👍", "Type at least one word to look for."),
        ("-butler", "Add a word to look for: a hyphen only leaves out what has the word."),
        ("x" * 10_000, "Search for at most 200 characters, such as a few words."),
    ],
)
def test_a_query_that_says_nothing_is_explained_and_kept(visit, bob, q, answer):
    page = visit(bob).get("/search", query_string={"q": q})

    assert page.status_code == 422
    assert answer in page.words
    assert page.form("search").fields["q"] == q


@each(
    "q", ["NEAR(", "col:", "a AND", '"a" OR', "{title}: x", "^x", "x\x00y", "'; --", "\\", "%_", "(", "&!|"]
)
def test_no_query_breaks_the_language_of_the_database(visit, bob, q):
    assert visit(bob).get("/search", query_string={"q": q}).status_code in (200, 422)


@each(
    ("narrowed", "answer"),
    [
        ({"book": "Nowhere"}, "There is no “Nowhere” in the catalogue."),
        ({"book": "The Remains of a Day"}, "Did you mean “The Remains of the Day”?"),
        ({"by": "Zora"}, "Nobody in the club is called “Zora”."),
        ({"since": "soon"}, "Type a day such as 2026-01-31."),
    ],
)
def test_what_narrows_nothing_is_explained_beside_its_field(visit, bob, book, narrowed, answer):
    page = visit(bob).get("/search", query_string={"q": "tea", **narrowed})

    assert page.status_code == 422
    assert answer in page.words
    assert page.form("search").fields["q"] == "tea"


@each(
    "asked",
    [
        "kind=nonsense",
        "after=title-x",
        "after=text-99999999999",
        "since=0001-01-01",
        "kind=comment&after=text-1",
    ],
)
def test_an_address_that_nobody_made_shows_a_page(visit, bob, asked):
    assert visit(bob).get(f"/search?q=tea&{asked}").status_code == 200


def test_an_empty_search_shows_how_to_search(visit, bob):
    page = visit(bob).get("/search")

    assert page.status_code == 200
    assert "All of your words must occur." in page.words
    assert "Nothing found" in visit(bob).get("/search?q=zzz").words


@pytest.mark.databases("sqlite", "postgresql")
def test_kinds_without_the_words_are_not_asked_one_by_one(visit, save, thread, alice, bob, statements):
    """One statement says which of them have any; comments stand in an index to themselves."""
    save(make_comment(thread, alice, "A butler."))
    client = visit(bob)
    client.get("/search?q=nowhere")
    with statements() as sent:
        assert "Nothing found" in client.get("/search?q=nowhere").text
    searching = [each for each in sent if "search_index" in each]

    assert len(searching) == 2
    assert "A butler." in client.get("/search?q=butler").words


def test_every_search_takes_its_time(visit, save, thread, alice, bob, monkeypatch):
    """Nobody learns by the clock what lies ahead of them."""
    monkeypatch.setattr(rules, "LEAST_TIME", 0.3)
    save(make_comment(thread, alice, "The butler.", horizon=6000))

    for q in ("butler", "nothing", "quiet"):
        began_at = monotonic()
        visit(bob).get(f"/search?q={q}")
        assert monotonic() - began_at >= 0.3


def test_who_searches_all_the_time_has_to_wait(visit, bob, alice, monkeypatch):
    monkeypatch.setattr(rules, "SEARCHES_BY_MEMBER", 3)
    monkeypatch.setattr(rules, "SEARCHES_FROM_ADDRESS", 5)
    client = visit(bob)

    assert [client.get("/search?q=tea").status_code for _ in range(4)] == [200, 200, 200, 429]
    page = client.get("/search?q=tea+time")
    assert page.headers["Retry-After"] == "60"
    assert page.form("search").fields["q"] == "tea time"
    # The page without a query is no search, and others share the address.
    assert client.get("/search").status_code == 200
    assert [visit(alice).get("/search?q=tea").status_code for _ in range(3)] == [200, 200, 429]
