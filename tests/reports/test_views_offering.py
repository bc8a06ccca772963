"""A page offers to report a spoiler exactly where that can be reported."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookclub.extensions import utcnow
from bookclub.lib.positions.places import END
from tests.factories import (
    make_ask,
    make_book,
    make_comment,
    make_reading,
    make_report,
    make_review,
    make_round,
    make_thread,
)


@pytest.fixture
def decided(alice):
    """Columns of a report on which Alice decided an hour ago."""
    return {"decided_at": utcnow() - timedelta(hours=1), "decided_by_id": alice.id}


@pytest.fixture
def said(save, thread, alice, bob, mod, decided):
    """Alice's posts by their state, which Bob may report or not."""
    open_to_all, ending, edited = {}, {"horizon": END}, {"edited_at": utcnow()}
    posts = {
        name: save(make_comment(thread, alice, name, **columns))
        for name, columns in {
            "safe": open_to_all,
            "halfway": {"horizon": 5000},
            "for people who have finished": ending,
            "reported by others to the end": ending,
            "reported by Bob": {"horizon": 5000},
            "reported by Bob to the end": ending,
            "reported by Bob and by others to the end": ending,
            "dismissed": open_to_all,
            "dismissed and edited": edited,
            "upheld": {"horizon": 5000},
            "deleted": {"deleted_at": utcnow()},
        }.items()
    }
    for post in (post for name, post in posts.items() if name.startswith("reported")):
        post.own_horizon = 0
        save(post)
    posts["under the ending"] = save(
        make_comment(thread, alice, "A reply.", parent=posts["for people who have finished"])
    )
    posts["Bob's own"] = save(make_comment(thread, bob, "My own."))
    save(
        make_report(mod, posts["reported by others to the end"], horizon=END),
        make_report(bob, posts["reported by Bob"], horizon=5000),
        make_report(bob, posts["reported by Bob to the end"], horizon=END),
        make_report(bob, posts["reported by Bob and by others to the end"], horizon=5000),
        make_report(mod, posts["reported by Bob and by others to the end"], horizon=END),
        make_report(bob, posts["dismissed"], horizon=5000, upheld=False, **decided),
        make_report(bob, posts["dismissed and edited"], horizon=5000, upheld=False, **decided),
        make_report(bob, posts["upheld"], horizon=5000, upheld=True, **decided),
    )
    return posts


def check(client, post, kind, pages):
    """Check that each of these pages offers a report only where one is possible."""
    address = f"/{kind}/{post.id}/spoiler-report"
    can = client.get(address).status_code == 200
    for page in pages:
        assert (f'href="{address}"' in client.get(page).text) == can, (page, address)
    return can


def test_a_thread_offers_a_report_where_it_would_be_taken(visit, save, book, thread, said, bob):
    save(make_reading(bob, book, position=END))
    client = visit(bob)

    can = {
        name
        for name, post in said.items()
        if check(client, post, "comments", (f"/threads/{thread.id}", f"/comments/{post.id}"))
    }
    assert can == {
        "safe",
        "halfway",
        "reported by Bob",
        "reported by Bob to the end",
        "dismissed and edited",
    }


def test_what_is_revealed_for_once_cannot_be_reported(visit, said, bob):
    client = visit(bob)

    for name, expected in (("safe", True), ("halfway", False), ("for people who have finished", False)):
        page = f"/comments/{said[name].id}/reveal"
        assert check(client, said[name], "comments", [page]) is expected


def test_what_is_not_about_a_book_offers_no_report(visit, save, alice, bob, olive):
    ask, voting_round = save(make_ask(alice)), save(make_round(olive))

    for thread, page in (
        (ask.thread, f"/asks/{ask.id}"),
        (voting_round.thread, f"/threads/{voting_round.thread_id}"),
    ):
        comment = save(make_comment(thread, alice))
        assert not check(visit(bob), comment, "comments", [page, f"/comments/{comment.id}"])


def test_the_opening_words_of_a_thread_can_be_reported(visit, save, book, alice, bob):
    save(make_reading(bob, book, position=END))
    thread = save(make_thread(alice, book, "The picnic", floor=5000))
    opening = save(make_comment(thread, alice, horizon=5000))
    save(make_report(bob, opening, horizon=7000))

    assert check(visit(bob), opening, "comments", [f"/threads/{thread.id}", f"/comments/{opening.id}"])


@pytest.mark.parametrize(
    ("columns", "lifted", "reports", "expected"),
    [
        ({}, False, [], True),
        ({"horizon": END}, False, [], False),
        ({"horizon": END}, True, [("bob", END, None)], True),
        ({"horizon": END}, True, [("bob", 5000, None), ("mo", END, None)], False),
        ({}, False, [("bob", 5000, False)], False),
        ({"edited_at": utcnow() + timedelta(days=1)}, False, [("bob", 5000, False)], True),
        ({"horizon": 5000}, False, [("bob", 5000, True)], False),
        ({"deleted_at": utcnow()}, False, [], False),
    ],
)
def test_a_review_offers_a_report_where_it_would_be_taken(
    visit, save, alice, bob, mod, decided, columns, lifted, reports, expected
):
    book = save(make_book("Persuasion"))
    save(make_reading(bob, book, position=END))
    review = make_review(alice, book, **columns)
    if lifted:
        review.own_horizon = 0
    save(review)
    for who, horizon, upheld in reports:
        member = bob if who == "bob" else mod
        more = {} if upheld is None else {"upheld": upheld, **decided}
        save(make_report(member, review, horizon=horizon, **more))

    assert check(visit(bob), review, "reviews", [f"/reviews/{review.id}"]) is expected


def test_a_review_that_is_revealed_for_once_cannot_be_reported(visit, save, alice, bob, book):
    review = save(make_review(alice, book, horizon=5000))

    assert not check(visit(bob), review, "reviews", [f"/reviews/{review.id}/reveal", f"/reviews/{review.id}"])


def test_what_can_be_reported_is_looked_up_once_for_a_page(visit, save, thread, alice, bob, statements):
    taken = []
    for _ in range(2):
        save(*(make_comment(thread, alice) for _ in range(20)))
        client = visit(bob)
        client.get(f"/threads/{thread.id}")
        with statements() as sent:
            client.get(f"/threads/{thread.id}")
        taken.append(sum("spoiler_report" in statement for statement in sent))

    assert taken == [1, 1]
