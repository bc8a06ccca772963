""" "Which one next?": asking, the list of what was asked, and who sees it."""

from __future__ import annotations

import pytest

from bookclub.asks.models import AnswerEndorsement, Ask
from bookclub.asks.queries import ASKS_PER_PAGE
from bookclub.lib.positions.places import END
from bookclub.threads.models import Comment, Thread
from tests.factories import make_answer, make_ask, make_comment, make_member, make_reading, make_tag
from tests.recommendations.words import BAD_WORDS


def test_a_member_asks_without_a_scope_and_lands_on_the_page_of_the_question(visit, alice, rows):
    answer = visit(alice).post("/asks/new", data={"question": " Something short  and funny? "})

    (asked,) = rows(Ask)
    assert (answer.status_code, answer.location) == (303, f"/asks/{asked.id}")
    assert (asked.question, asked.author_id, asked.book_id, asked.tag_id) == (
        "Something short and funny?", None, None, None,
    )  # fmt: skip
    (thread,) = rows(Thread)
    assert (thread.id, thread.book_id, thread.of_ask) == (asked.thread_id, None, True)
    page = visit(alice).get(answer.location).text
    assert "Something short and funny?" in page
    assert page.count('name="parent_id"') == 1


@pytest.mark.parametrize("field", ["author", "book", "tag"])
def test_an_ask_can_be_about_an_author_a_book_or_a_theme_by_slug_or_name(
    visit, save, alice, ishiguro, never, rows, field
):
    tag = save(make_tag("boarding schools"))
    slug, name, row = {
        "author": (ishiguro.slug, "kazuo ishiguro", ishiguro),
        "book": (never.slug, "never let me go", never),
        "tag": (tag.slug, "Boarding Schools", tag),
    }[field]
    for said in (slug, name):
        answer = visit(alice).post("/asks/new", data={"question": "And next?", field: said})
        assert answer.status_code == 303

    assert [getattr(one, f"{field}_id") for one in rows(Ask)] == [row.id, row.id]
    assert [one.book_id for one in rows(Thread)] == [one.book_id for one in rows(Ask)]
    assert (row.title if field == "book" else row.name) in visit(alice).get(answer.location).text


def test_the_form_is_about_what_the_address_says_and_offers_everything_where_that_is_nothing(
    visit, alice, ishiguro, never
):
    client = visit(alice)

    assert 'name="author" value="kazuo-ishiguro"' in client.get("/asks/new?author=kazuo-ishiguro").text
    assert 'name="book" value="never-let-me-go"' in client.get("/asks/new?book=never-let-me-go").text
    for address in ("/asks/new", "/asks/new?author=nobody&book=nothing&tag=a%00b"):
        page = client.get(address)
        assert page.status_code == 200
        assert '<option value="kazuo-ishiguro">' in page.text


@pytest.mark.parametrize("what", BAD_WORDS)
def test_a_question_that_will_not_do_is_refused_in_words(visit, alice, rows, what):
    question, words = BAD_WORDS[what]

    answer = visit(alice).post("/asks/new", data={"question": question})

    assert answer.status_code == 422
    assert words in answer.text
    assert rows(Ask) == []
    assert rows(Thread) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"author": "Kazuo Ishiguru"}, "Did you mean “Kazuo Ishiguro”?"),
        ({"book": "Never Let Him Go"}, "Did you mean “Never Let Me Go”?"),
        ({"tag": "nowhere"}, "There is no “nowhere” here. Check the spelling."),
        ({"author": "kazuo-ishiguro", "book": "never-let-me-go"}, "Choose one of these"),
    ],
)
def test_a_scope_that_is_not_known_is_refused_with_the_near_ones_and_the_question_kept(
    visit, alice, never, rows, fields, words
):
    answer = visit(alice).post("/asks/new", data={"question": "And what next?", **fields})

    assert answer.status_code == 422
    assert words in answer.text
    assert "And what next?" in answer.text
    assert rows(Ask) == []


def test_two_clicks_ask_once_and_another_question_of_the_same_form_is_another(visit, alice, rows):
    client, sent = visit(alice), {"question": "Which next?", "submission": "a-form-of-ours"}
    places = [client.post("/asks/new", data=sent).location for _ in range(2)]
    client.post("/asks/new", data={**sent, "question": "Which then?"})

    assert places == ["/asks/1", "/asks/1"]
    assert [one.question for one in rows(Ask)] == ["Which next?", "Which then?"]


def test_the_list_says_how_it_stands_finds_questions_and_books_and_pages_by_key(
    visit, save, asked, proposed, alice, bob
):
    client = visit(alice)
    client.post(f"/answers/{proposed.id}/taking")
    page = client.get("/asks").text
    assert "1 answer" in page
    assert "<em>The Remains of the Day</em>" in page
    for query, found in {
        "ishiguro NEXT": True,
        "remains": True,
        "proust": False,
        "\0": True,
        "%": False,
    }.items():
        assert ("Which Ishiguro next?" in client.get("/asks", query_string={"q": query}).text) is found

    save(*(make_ask(bob, f"Question {number}?") for number in range(ASKS_PER_PAGE)))
    first = client.get("/asks").text
    assert "Which Ishiguro next?" not in first
    second = client.get(f"/asks?after={asked.id + 1}").text
    assert f"/asks?after={asked.id + 1}" in first
    assert "Which Ishiguro next?" in second
    assert "after=" not in second.partition("<main")[2]


def test_an_empty_list_says_what_to_do(visit, alice):
    assert "Ask the first question" in visit(alice).get("/asks").text
    assert "Nothing found" in visit(alice).get("/asks?q=nothing").text


def test_it_is_talked_about_under_the_question_and_locked_text_never_appears(
    visit, save, alice, bob, olive, never, rows
):
    asked = save(make_ask(alice, "What after the ending?", book=never))
    save(make_reading(bob, never, position=END))
    posted = visit(bob).post(
        f"/threads/{asked.thread_id}/comments", data={"body": "They all complete.", "horizon": "finished"}
    )
    (comment,) = rows(Comment)
    assert posted.location == f"/asks/{asked.id}#comment-{comment.id}"
    assert visit(bob).get(f"/threads/{asked.thread_id}").location == f"/asks/{asked.id}"

    assert "They all complete." in visit(bob).get(f"/asks/{asked.id}").text
    for member in (alice, olive):
        for url in (
            f"/asks/{asked.id}",
            f"/comments/{comment.id}",
            "/notices",
            "/asks",
            "/",
            f"/books/{never.slug}",
        ):
            page = visit(member).get(url)
            assert page.status_code == 200
            assert "all complete" not in page.text
    assert "Bob wrote under your question." in visit(alice).get("/notices").text
    assert "1 thought: 0 here, 1 ahead of you" in visit(olive).get(f"/asks/{asked.id}").text

    for wish in (f"/threads/{asked.thread_id}/reveal", f"/books/{never.slug}/reveal"):
        visit(olive).post(wish)
        page = visit(olive).get(f"/asks/{asked.id}").text
        assert "They all complete." in page
        assert "You chose to see everything" in page
        assert ("Alice’s question" in visit(olive).get("/settings").text) is wish.startswith("/threads")
        visit(olive).post(f"{wish}/deletion")


def test_the_talk_of_an_ask_without_a_book_is_safe_for_everybody(visit, asked, bob, rows):
    visit(bob).post(f"/threads/{asked.thread_id}/comments", data={"body": "I, too.", "horizon": "0"})

    assert rows(Comment)[0].horizon == 0
    assert "I, too." in visit(bob).get(f"/asks/{asked.id}").text
    assert "Everybody sees this" in visit(bob).get(f"/asks/{asked.id}").text


def test_what_reading_unlocks_under_a_question_is_told_by_the_question(visit, save, alice, bob, olive, never):
    asked = save(make_ask(alice, "What after the ending?", book=never))
    save(make_comment(asked.thread, bob, "They all complete.", horizon=5000))
    save(make_reading(olive, never, position=1000))
    visit(olive).post(
        f"/books/{never.slug}/reading", data={"position": "60", "position_unit": "percent", "confirmed": "1"}
    )

    page = visit(olive).get(f"/books/{never.slug}/unlocked").text
    assert "What after the ending?" in page
    assert "They all complete." in page


def test_visitors_of_a_public_club_see_nothing_of_it(visit, save, public, asked, proposed, never, bob):
    comment = save(make_comment(asked.thread, bob, "I wonder, too."))
    visitor = visit()

    for url in ("/asks", "/asks/new", f"/asks/{asked.id}"):
        assert visitor.get(url).status_code == 303
    for url in (f"/threads/{asked.thread_id}", f"/comments/{comment.id}"):
        assert visitor.get(url).status_code == 404
    for url in ("/", "/books", f"/books/{never.slug}", "/authors/kazuo-ishiguro"):
        page = visitor.get(url)
        assert page.status_code == 200
        for words in ("Which Ishiguro", "heartbreak", "I wonder", 'href="/asks'):
            assert words not in page.text


def test_a_question_is_shown_on_its_author_and_on_every_book_it_was_answered_with(
    visit, asked, proposed, never, remains, olive
):
    client = visit(olive)

    assert "Which Ishiguro next?" in client.get("/authors/kazuo-ishiguro").text
    assert "Which Ishiguro next?" in client.get(f"/books/{remains.slug}").text
    assert "Which Ishiguro next?" not in client.get(f"/books/{never.slug}").text
    assert "/asks/new?author=kazuo-ishiguro" in client.get("/authors/kazuo-ishiguro").text


def test_the_pages_take_as_many_statements_for_many_rows_as_for_few(
    visit, save, asked, remains, alice, bob, statements
):
    client, taken = visit(alice), []
    for count in (3, 60):
        members = save(*(make_member() for _ in range(count)))
        given = save(*(make_answer(asked, member, remains) for member in members))
        save(*(AnswerEndorsement(answer_id=one.id, member_id=bob.id) for one in given))
        save(*(make_ask(member, author=None) for member in members))
        sent_for = {}
        for url in (f"/asks/{asked.id}", "/asks", f"/books/{remains.slug}", "/authors/kazuo-ishiguro"):
            client.get(url)
            with statements() as sent:
                assert client.get(url).status_code == 200
            sent_for[url] = len(sent)
        taken.append(sent_for)

    assert taken[0] == taken[1]
    assert max(taken[0].values()) <= 26, taken
