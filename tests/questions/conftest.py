"""A meeting about Emma, with readers who have come so far."""

from __future__ import annotations

import pytest

from tests.factories import make_book, make_comment, make_meeting, make_reading, make_thread

END = 10_000


@pytest.fixture
def emma(save):
    return save(make_book("Emma"))


@pytest.fixture
def meeting(save, olive, emma):
    """A meeting for which half of Emma was to be read."""
    return save(make_meeting(olive, emma, horizon=5000))


@pytest.fixture
def readers(save, emma, alice, bob, olive):
    """Alice and Olive have finished the book, Bob has begun it."""
    return save(
        make_reading(alice, emma, position=END),
        make_reading(olive, emma, position=END),
        make_reading(bob, emma, position=1000),
    )


@pytest.fixture
def comment(save, alice, emma):
    """Something that Alice said about the middle of Emma, in a conversation about it."""
    thread = save(make_thread(alice, emma, "The picnic"))
    return save(make_comment(thread, alice, "Badly done, Emma.", horizon=5000))


@pytest.fixture
def ask(visit, meeting):
    """``ask(alice, body, **fields)`` sends a question for the meeting."""

    def ask(member, body, **fields):
        data = {"body": body, "horizon": "0", **fields}
        return visit(member).post(f"/meetings/{meeting.id}/questions", data=data)

    return ask


@pytest.fixture
def open_question(visit, comment, alice):
    """``open_question(on="1")`` marks Alice's comment as something to discuss."""
    return lambda on="1", member=alice: visit(member).post(
        f"/comments/{comment.id}/open-question", data={"on": on}
    )


@pytest.fixture
def put(visit, meeting, comment):
    """``put(bob)`` puts that comment on the agenda."""
    return lambda member: visit(member).post(
        f"/meetings/{meeting.id}/questions", data={"comment": str(comment.id)}
    )
