""" "If you loved this, read …": both lists on the pages of books, the form, and what is taken away."""

from __future__ import annotations

import pytest

from bookclub.asks.models import Endorsement
from bookclub.asks.queries import ENDORSEMENTS_PER_PAGE
from tests.factories import make_book, make_endorsement, make_member


@pytest.fixture
def given(save, never, remains, alice):
    """Alice recommends The Remains of the Day to whoever loved Never Let Me Go."""
    return save(make_endorsement(alice, never, remains, "As quiet, and as sad."))


def test_a_member_recommends_a_book_and_both_books_show_it(visit, never, remains, alice, bob, rows):
    sent = {"book": "the remains of the day", "reason": "As quiet,\r\nand as sad."}
    answer = visit(alice).post(f"/books/{never.slug}/endorsements", data=sent)

    (given,) = rows(Endorsement)
    assert (answer.status_code, answer.location) == (303, f"/books/{never.slug}#endorsement-{given.id}")
    assert (given.book_id, given.other_id, given.reason) == (never.id, remains.id, "As quiet,\nand as sad.")
    page = visit(bob).get(f"/books/{never.slug}").text
    assert "If you loved this, read …" in page
    assert "As quiet,\nand as sad." in page
    assert "Recommended to readers who loved …" not in page
    page = visit(bob).get(f"/books/{remains.slug}").text
    assert "Recommended to readers who loved …" in page
    assert "As quiet,\nand as sad." in page


@pytest.mark.parametrize(
    ("book", "reason", "words"),
    [
        ("", "As sad.", "Type the title of a book."),
        ("The Remain of the Day", "As sad.", "Did you mean “The Remains of the Day”?"),
        ("Never Let Me Go", "As sad.", "Type another title than “Never Let Me Go” itself."),
        ("the-remains-of-the-day", "", "Type a sentence or two that say why."),
        ("the-remains-of-the-day", "x" * 501, "Use at most 500"),
        (
            "the-remains-of-the-day",
            "So ||they die|| too.",
            "can be read by everyone, so it cannot hide a spoiler",
        ),
    ],
)
def test_what_will_not_do_is_refused_in_words_and_kept(
    visit, never, remains, alice, rows, book, reason, words
):
    answer = visit(alice).post(f"/books/{never.slug}/endorsements", data={"book": book, "reason": reason})

    assert answer.status_code == 422
    assert words in answer.text
    assert "\0" in reason or reason in answer.text
    assert rows(Endorsement) == []


def test_a_second_one_of_the_same_books_is_pointed_out_and_two_clicks_are_one(
    visit, never, remains, given, alice, bob, rows
):
    url, sent = f"/books/{never.slug}/endorsements", {"book": remains.slug, "reason": given.reason}

    assert visit(alice).post(url, data=sent).location.endswith(f"#endorsement-{given.id}")
    other = visit(alice).post(url, data={**sent, "reason": "A butler."})
    assert other.status_code == 422
    assert "You have suggested “The Remains of the Day” here already" in other.text
    assert "A butler." in other.text
    assert len(rows(Endorsement)) == 1
    assert visit(bob).post(url, data=sent).status_code == 303
    assert len(rows(Endorsement)) == 2


def test_its_author_takes_it_away_and_may_give_another(visit, never, remains, given, alice, bob, rows):
    client, url = visit(alice), f"/endorsements/{given.id}/deletion"
    assert visit(bob).post(url).status_code == 403
    assert "will be gone for good" in client.get(url).text
    assert client.post(url).location == f"/books/{never.slug}#endorsements"

    for book in (never, remains):
        assert "As quiet" not in client.get(f"/books/{book.slug}").text
    sent = {"book": remains.slug, "reason": "A butler."}
    assert client.post(f"/books/{never.slug}/endorsements", data=sent).status_code == 303
    assert [one.reason for one in rows(Endorsement)] == ["", "A butler."]


def test_a_moderator_removes_it_with_a_reason(visit, never, remains, given, bob, mod):
    url = f"/endorsements/{given.id}/removal"
    assert visit(bob).post(url, data={"reason": "No."}).status_code == 403
    assert visit(mod).get(url).status_code == 200
    assert visit(mod).post(url, data={"reason": ""}).status_code == 422
    assert visit(mod).post(url, data={"reason": "It gives the end away."}).status_code == 303

    page = visit(bob).get(f"/books/{never.slug}").text
    assert "Removed by a moderator: It gives the end away." in page
    assert "As quiet" not in page
    assert "Recommended to those" not in visit(bob).get(f"/books/{remains.slug}").text


def test_the_words_of_somebody_who_has_left_stay(visit, save, never, given, alice, bob):
    alice.forget(alice.joined_at)
    save(alice)

    page = visit(bob).get(f"/books/{never.slug}").text
    assert "As quiet, and as sad." in page
    assert "/members/former" not in page


def test_long_lists_page_by_key_in_both_directions(visit, save, never, remains, bob):
    others = save(*(make_book() for _ in range(ENDORSEMENTS_PER_PAGE + 1)))
    save(*(make_endorsement(bob, never, other, f"From {other.id}.") for other in others))
    save(*(make_endorsement(bob, other, remains, f"To {other.id}.") for other in others))
    client, url = visit(bob), f"/books/{never.slug}/endorsements"

    assert "After" not in client.get(f"/books/{never.slug}").text
    assert f"{url}?after=2" in client.get(f"/books/{never.slug}").text
    assert f"From {others[0].id}." not in client.get(url).text
    page = client.get(f"{url}?after=2").text
    assert f"From {others[0].id}." in page
    assert "after=" not in page.partition("<main")[2]
    back = f"/books/{remains.slug}/endorsements"
    key = ENDORSEMENTS_PER_PAGE + 3
    assert f"{back}?loved_after={key}#endorsed-for" in client.get(f"/books/{remains.slug}").text
    assert f"To {others[0].id}." in client.get(f"{back}?loved_after={key}").text


def test_visitors_of_a_public_club_see_none_of_it(visit, public, never, remains, given):
    for book in (never, remains):
        page = visit().get(f"/books/{book.slug}")
        assert page.status_code == 200
        assert "As quiet" not in page.text
        assert "If you loved" not in page.text
    assert visit().get(f"/books/{never.slug}/endorsements").status_code == 303
    assert visit().post(f"/books/{never.slug}/endorsements").status_code == 401


def test_a_book_takes_as_many_statements_for_many_as_for_few(visit, save, never, remains, bob, statements):
    client, taken = visit(bob), []
    for count in (3, 60):
        members = save(*(make_member() for _ in range(count)))
        save(*(make_endorsement(member, never, remains) for member in members))
        save(*(make_endorsement(member, remains, never) for member in members))
        client.get(f"/books/{never.slug}")
        with statements() as sent:
            client.get(f"/books/{never.slug}")
        taken.append(len(sent))

    assert taken[0] == taken[1]
