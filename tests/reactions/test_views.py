"""Reactions as members give them, take them back and see them."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from zipfile import ZipFile

import pytest

from bookclub.extensions import db
from bookclub.members.models import Club
from bookclub.reactions.models import Reaction
from tests.factories import make_comment, make_member, make_reading, make_thread

HTMX = {"HX-Request": "true"}


def react(client, post, kind="like", on="1", *, what="comments", **options):
    return client.post(f"/{what}/{post.id}/reactions", data={"kind": kind, "on": on}, **options)


def bar(page: str, post, what="comment") -> str:
    """The words in the bar under a post; "" if there is none."""
    found = re.search(
        rf'<(form|p) class="reactions[^"]*" id="reactions-{what}-{post.id}".*?</\1>', page, re.S
    )
    return " ".join(re.sub(r"<[^>]*>", " ", found[0]).split()) if found else ""


def test_a_reaction_is_one_row_for_each_member_post_and_kind(visit, bob, said, reactions):
    for _ in range(2):
        assert react(visit(bob), said).status_code == 303
    react(visit(bob), said, "thanks")

    assert reactions() == [(bob.id, said.id, None, "like"), (bob.id, said.id, None, "thanks")]


def test_taking_it_back_twice_changes_nothing_more(visit, bob, said, reactions):
    react(visit(bob), said)
    for _ in range(2):
        assert react(visit(bob), said, on="0").status_code == 303

    assert reactions() == []


def test_the_plain_answer_leads_back_to_the_post(visit, bob, said, review, save, book):
    save(make_reading(bob, book, position=6000))

    assert react(visit(bob), said).location == f"/comments/{said.id}/in-thread"
    assert react(visit(bob), review, what="reviews").location.startswith(f"/reviews/{review.id}#")


def test_htmx_gets_the_bar_alone(visit, bob, said):
    answer = react(visit(bob), said, headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert bar(answer.text, said).startswith("Like 1")
    assert 'data-announce="' in answer.text


def test_a_button_names_its_kind_in_the_address(visit, bob, said, reactions):
    visit(bob).post(f"/comments/{said.id}/reactions?kind=me_too", data={"on": "1"})

    assert reactions() == [(bob.id, said.id, None, "me_too")]


@pytest.mark.parametrize(("kind", "on"), [("", "1"), ("love", "1"), ("like", ""), ("like", "2"), ("", "")])
@pytest.mark.parametrize("what", ["comments", "reviews"])
def test_what_makes_no_sense_is_refused(visit, bob, save, book, said, review, reactions, what, kind, on):
    save(make_reading(bob, book, position=6000))
    post = said if what == "comments" else review

    assert react(visit(bob), post, kind, on, what=what).status_code == 422
    assert reactions() == []


def test_members_see_counts_and_names(visit, bob, olive, said):
    react(visit(olive), said)
    react(visit(bob), said)
    react(visit(bob), said, "made_me_think")

    words = bar(visit(olive).get(f"/comments/{said.id}").text, said)
    assert "Like 2" in words
    assert "Made me think 1" in words
    assert re.search(r"Like: \W*Olive\W* and \W*Bob", words)


def test_visitors_of_a_public_club_see_counts_alone(app, save, visit, visitor, bob, said):
    with app.app_context():
        club = db.session.get(Club, 1)
    club.is_public = True
    save(club)
    react(visit(bob), said)

    page = visitor.get(f"/comments/{said.id}").text
    assert bar(page, said) == "Like 1"
    assert "Bob" not in page


# Nobody is spoiled, and a private reading is known to its owner alone


def test_reactions_are_locked_with_their_post(
    visit, save, bob, olive, book, secret, review, readers, reactions
):
    late = save(make_member("late"))
    react(visit(olive), secret)
    react(visit(olive), review, what="reviews")

    assert react(visit(late), secret).status_code == 403
    assert react(visit(late), review, what="reviews").status_code == 403
    assert len(reactions()) == 2
    for page, what, post in (
        (f"/comments/{secret.id}", "comment", secret),
        (f"/comments/{secret.id}/reveal", "comment", secret),
        (f"/threads/{secret.thread_id}", "comment", secret),
        (f"/reviews/{review.id}", "review", review),
    ):
        text = visit(late).get(page).text
        assert bar(text, post, what) == ""
        assert "reactions-" + what + f"-{post.id}" not in text


@pytest.mark.parametrize("what", ["comment", "review"])
def test_a_private_reader_is_neither_named_nor_counted_to_others(
    visit, bob, olive, secret, review, readers, what
):
    post, url = (secret, f"/comments/{secret.id}") if what == "comment" else (review, f"/reviews/{review.id}")
    react(visit(bob), post, what=f"{what}s")
    react(visit(bob), post, "thanks", what=f"{what}s")
    assert "Like 1" in bar(visit(bob).get(url).text, post, what)  # Bob sees his own.

    others = bar(visit(olive).get(url).text, post, what)
    assert "Bob" not in others
    assert not re.search(r"\d", others)

    react(visit(olive), post, what=f"{what}s")
    assert "Like 1" in bar(visit(olive).get(url).text, post, what)
    assert "Like 2" in bar(visit(bob).get(url).text, post, what)


def test_on_a_safe_post_a_private_reader_counts_like_everybody(visit, bob, olive, said, readers):
    react(visit(bob), said)

    assert "Like 1" in bar(visit(olive).get(f"/comments/{said.id}").text, said)


def test_a_comment_that_is_hidden_further_hides_private_reactions_at_once(
    visit, save, bob, olive, said, readers
):
    react(visit(bob), said)
    said.horizon = said.lifted_horizon = 5000
    save(said)

    assert not re.search(r"\d", bar(visit(olive).get(f"/comments/{said.id}").text, said))


def test_a_post_without_words_takes_no_reaction_and_shows_none(visit, alice, bob, said):
    react(visit(bob), said)
    visit(alice).post(f"/comments/{said.id}/deletion")

    assert react(visit(bob), said).status_code == 403
    assert bar(visit(bob).get(f"/comments/{said.id}").text, said) == ""


# Where they go


def test_reactions_leave_with_their_member(visit, bob, olive, said, reactions):
    react(visit(bob), said)
    react(visit(olive), said)

    visit(olive).post("/members/bob/removal", data={"words": "keep"})

    assert [member_id for member_id, *_ in reactions()] == [olive.id]


def test_a_suspended_member_is_not_counted(visit, bob, olive, said):
    react(visit(bob), said)
    visit(olive).post("/members/bob/suspension")

    assert not re.search(r"\d", bar(visit(olive).get(f"/comments/{said.id}").text, said))


def test_my_data_holds_my_reactions(visit, bob, olive, said):
    react(visit(bob), said, "thanks")
    react(visit(olive), said)

    with ZipFile(BytesIO(visit(bob).get("/my-data.zip").data)) as archive:
        rows = json.loads(archive.read("reactions.json"))

    assert [(row["kind"], row["comment_id"]) for row in rows] == [("thanks", said.id)]


def test_they_order_nothing_and_no_profile_counts_them(visit, save, alice, bob, thread, said):
    later = save(make_comment(thread, alice, "And another thing."))
    page = visit(bob).get(f"/threads/{thread.id}").text
    profile = visit(bob).get("/members/alice").text
    react(visit(bob), later)

    after = visit(bob).get(f"/threads/{thread.id}").text
    assert re.findall(r'id="(comment-\d+)"', after) == re.findall(r'id="(comment-\d+)"', page)
    assert re.sub(r'value="[^"]*"', "", visit(bob).get("/members/alice").text) == re.sub(
        r'value="[^"]*"', "", profile
    )


# At once, and in bulk


@pytest.mark.databases("sqlite", "postgresql")
def test_the_same_reaction_sent_four_times_at_once_is_one(visit, bob, said, reactions):
    clients = [visit(bob) for _ in range(4)]
    at_once = Barrier(4)

    def send(client):
        at_once.wait()
        return react(client, said).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(send, clients)) == {303}
    assert len(reactions()) == 1


def test_a_page_reads_its_reactions_in_one_statement(visit, save, statements, alice, bob, book):
    def count(rows: int) -> int:
        thread = save(make_thread(alice, book))
        posts = save(*(make_comment(thread, alice) for _ in range(rows)))
        fans = save(*(make_member() for _ in range(3)))
        save(*(Reaction(member_id=fan.id, comment_id=post.id, kind="like") for fan in fans for post in posts))
        visit(bob).get(f"/threads/{thread.id}")
        with statements() as sent:
            page = visit(bob).get(f"/threads/{thread.id}").text
        assert bar(page, posts[-1]).startswith("Like 3")
        assert len([one for one in sent if "FROM reaction" in one]) == 1
        return len(sent)

    assert count(3) == count(150)
