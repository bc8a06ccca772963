"""Answering, endorsing an answer, and what is taken away."""

from __future__ import annotations

import pytest

from bookclub.asks.models import Answer, AnswerEndorsement, Ask
from bookclub.extensions import utcnow
from bookclub.notices.models import Notice
from bookclub.readings.models import Promise
from tests.factories import make_answer, make_ask, make_book, make_comment, make_member
from tests.recommendations.words import BAD_WORDS

HTMX = {"HX-Request": "true"}


def test_a_member_answers_with_a_book_and_its_reason_and_the_asker_hears_once(
    visit, asked, alice, bob, never, remains, rows
):
    client = visit(bob)
    for book in ("Never let me go", remains.slug):
        answer = client.post(f"/asks/{asked.id}/answers", data={"book": book, "reason": "It stays."})
        assert answer.status_code == 303

    assert answer.location == f"/asks/{asked.id}#answer-2"
    page = client.get(f"/asks/{asked.id}").text
    assert 'id="answer-2"' in page
    assert "Kazuo Ishiguro · 1989 · 258 pages" in page
    assert [(one.kind, one.member_id, one.ask_id) for one in rows(Notice)] == [("answer", alice.id, asked.id)]
    told = visit(alice).get("/notices").text
    assert "Bob answers “Which Ishiguro next?” with The Remains of the Day." in told
    assert f'href="/asks/{asked.id}"' in told


def test_an_unknown_book_is_refused_with_the_near_ones_named_and_the_reason_kept(visit, asked, bob, rows):
    answer = visit(bob).post(
        f"/asks/{asked.id}/answers", data={"book": "The Remain of the Day", "reason": "It stays with you."}
    )

    assert answer.status_code == 422
    assert "Did you mean “The Remains of the Day”?" in answer.text
    assert "It stays with you." in answer.text
    assert "/books/new?title=The+Remain+of+the+Day" in answer.text
    assert rows(Answer) == []


@pytest.mark.parametrize("what", BAD_WORDS)
def test_a_reason_that_will_not_do_is_refused_in_words(visit, asked, bob, rows, what):
    reason, words = BAD_WORDS[what]
    if what in ("empty", "blank"):
        words = "Type a sentence or two that say why."
    elif what == "too long":
        reason, words = "x" * 501, "501 characters long. Use at most 500."

    answer = visit(bob).post(f"/asks/{asked.id}/answers", data={"book": "Never Let Me Go", "reason": reason})

    assert answer.status_code == 422
    assert words in answer.text
    assert rows(Answer) == []


@pytest.mark.parametrize("book", ["", "\0", "x" * 301, "🦊", "||bars||"])
def test_an_odd_book_is_refused_and_the_reason_kept(visit, asked, bob, rows, book):
    answer = visit(bob).post(f"/asks/{asked.id}/answers", data={"book": book, "reason": "It stays."})

    assert answer.status_code == 422
    assert "It stays." in answer.text
    assert rows(Answer) == []


def test_a_second_answer_with_the_same_book_is_pointed_out_and_two_clicks_are_one(
    visit, asked, proposed, bob, rows
):
    client, url = visit(bob), f"/asks/{asked.id}/answers"
    twice = client.post(url, data={"book": "The Remains of the Day", "reason": "The quietest heartbreak."})
    other = client.post(url, data={"book": "The Remains of the Day", "reason": "A butler drives west."})

    assert (twice.status_code, twice.location) == (303, f"/asks/{asked.id}#answer-{proposed.id}")
    assert other.status_code == 422
    assert "You have suggested “The Remains of the Day” here already" in other.text
    assert "A butler drives west." in other.text
    assert len(rows(Answer)) == 1


def test_nobody_answers_their_own_question_nor_one_that_was_taken_away(visit, asked, alice, bob, rows):
    sent = {"book": "Never Let Me Go", "reason": "It stays."}
    answer = visit(alice).post(f"/asks/{asked.id}/answers", data=sent)
    assert answer.status_code == 403
    assert "It is your own question" in answer.text
    assert "Answer with a book" not in visit(alice).get(f"/asks/{asked.id}").text

    visit(alice).post(f"/asks/{asked.id}/deletion")
    answer = visit(bob).post(f"/asks/{asked.id}/answers", data=sent)
    assert answer.status_code == 403
    assert "The question is gone." in answer.text
    assert rows(Answer) == []


# To endorse


def test_others_endorse_an_answer_once_and_take_that_back(visit, proposed, olive, rows):
    client, url = visit(olive), f"/answers/{proposed.id}/endorsement"
    for _ in range(2):
        assert client.post(url).location == f"/asks/{proposed.ask_id}#answer-{proposed.id}"

    assert [(one.answer_id, one.member_id) for one in rows(AnswerEndorsement)] == [(proposed.id, olive.id)]
    assert "Olive agrees" in client.get(f"/asks/{proposed.ask_id}").text
    for _ in range(2):
        assert client.post(f"{url}/deletion").status_code == 303
    assert rows(AnswerEndorsement) == []


def test_through_htmx_the_answer_comes_back_in_its_place(visit, proposed, olive):
    client, url = visit(olive), f"/answers/{proposed.id}/endorsement"

    endorsed = client.post(url, headers=HTMX)
    assert endorsed.status_code == 200
    assert "<html" not in endorsed.text
    assert f'id="answer-{proposed.id}"' in endorsed.text
    assert 'data-announce="You agree with this answer."' in endorsed.text
    assert f'hx-post="{url}/deletion"' in endorsed.text
    assert f'hx-post="{url}"' in client.post(f"{url}/deletion", headers=HTMX).text


def test_nobody_endorses_their_own_answer(visit, proposed, bob, rows):
    answer = visit(bob).post(f"/answers/{proposed.id}/endorsement")

    assert answer.status_code == 403
    assert "It is your own answer: others endorse it." in answer.text
    assert "I agree</button>" not in visit(bob).get(f"/asks/{proposed.ask_id}").text
    assert rows(AnswerEndorsement) == []


def test_answers_stand_in_order_taken_first_then_by_endorsements_then_the_oldest(
    visit, save, asked, alice, bob, olive
):
    books = save(*(make_book(title) for title in ("Oldest", "Younger", "Endorsed", "Taken")))
    given = [save(make_answer(asked, bob, book)) for book in books]
    visit(olive).post(f"/answers/{given[2].id}/endorsement")
    visit(alice).post(f"/answers/{given[3].id}/taking")

    page = visit(alice).get(f"/asks/{asked.id}").text
    places = [page.index(f'id="answer-{given[at].id}"') for at in (3, 2, 0, 1)]
    assert places == sorted(places)


# What is taken away


def test_a_deleted_question_keeps_its_page_with_the_answers_and_the_talk(
    visit, save, asked, proposed, alice, olive, rows
):
    save(make_comment(asked.thread, olive, "I wonder, too."))
    assert "will be gone for good" in visit(alice).get(f"/asks/{asked.id}/deletion").text
    assert visit(alice).post(f"/asks/{asked.id}/deletion").location == f"/asks/{asked.id}"

    page = visit(olive).get(f"/asks/{asked.id}").text
    assert "A question that was removed" in page
    assert "Removed by its author" in page
    assert "The quietest heartbreak." in page
    assert "I wonder, too." in page
    assert rows(Ask)[0].question == ""
    assert "A question that was removed" in visit(olive).get("/asks").text
    save(make_ask(alice, "Gone, and nobody had answered.", deleted_at=utcnow()))
    assert "nobody had answered" not in visit(olive).get("/asks").text


def test_a_moderator_removes_a_question_and_an_answer_with_a_reason_and_bob_does_not(
    visit, asked, proposed, bob, mod, olive
):
    for url in (f"/asks/{asked.id}", f"/answers/{proposed.id}"):
        assert visit(olive if "asks" in url else mod).post(f"{url}/removal").status_code == 422
        assert visit(bob).post(f"{url}/removal", data={"reason": "No."}).status_code == 403
        assert visit(mod).get(f"{url}/removal").status_code == 200
        assert visit(mod).post(f"{url}/removal", data={"reason": f"Unkind: {url}"}).status_code == 303

    page = visit(bob).get(f"/asks/{asked.id}").text
    assert f"Removed by a moderator: Unkind: /asks/{asked.id}" in page
    assert f"Removed by a moderator: Unkind: /answers/{proposed.id}" in page
    assert "quietest heartbreak" not in page
    assert visit(olive).post(f"/answers/{proposed.id}/endorsement").status_code == 403


def test_who_took_their_answer_back_may_give_another_reason(visit, asked, remains, alice, bob, rows):
    client, url = visit(bob), f"/asks/{asked.id}/answers"
    client.post(url, data={"book": remains.slug, "reason": "The quietest heartbreak."})
    assert "The quietest heartbreak." in visit(alice).get("/notices").text

    assert client.get("/answers/1/deletion").status_code == 200
    assert client.post("/answers/1/deletion").location == f"/asks/{asked.id}"
    assert "answer-1" not in client.get(f"/asks/{asked.id}").text
    for words in ("heartbreak", "answers “Which"):
        assert words not in visit(alice).get("/notices").text
    assert rows(Notice) == []

    assert client.post(url, data={"book": remains.slug, "reason": "A butler."}).status_code == 303
    assert [one.reason for one in rows(Answer)] == ["", "A butler."]
    assert "A butler." in visit(alice).get("/notices").text


def test_the_answer_of_somebody_who_has_left_stays_and_promises_nothing(
    visit, save, asked, remains, alice, rows
):
    gone = save(make_member("gone"))
    proposed = save(make_answer(asked, gone, remains, "Read it twice."))
    gone.forget(gone.joined_at)
    save(gone)

    page = visit(alice).get(f"/asks/{asked.id}").text
    assert "a former member" in page.lower()
    assert "Read it twice." in page
    assert "/members/former" not in page
    answer = visit(alice).post(f"/answers/{proposed.id}/taking", follow_redirects=True)
    assert "is on your shelf." in answer.text
    assert rows(Promise) == []
