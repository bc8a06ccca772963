"""What members do at the same moment: two clicks are one, and nothing collides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bookclub.asks.models import Answer, AnswerEndorsement, Ask, Endorsement
from bookclub.readings.models import Promise, Reading

pytestmark = pytest.mark.databases("sqlite", "postgresql")

SENT = {"book": "the-remains-of-the-day", "reason": "It stays."}


def at_once(clients, url, **fields):
    """Send the same from every client at once; the statuses."""
    ready = Barrier(len(clients))

    def run(client):
        ready.wait()
        return client.post(url, data=fields).status_code

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(run, clients))


@pytest.mark.parametrize(
    ("who", "url", "fields", "model"),
    [
        ("alice", "/asks/new", {"question": "And?", "submission": "one-form-of-ours"}, Ask),
        ("bob", "/asks/1/answers", SENT, Answer),
        ("olive", "/answers/1/endorsement", {}, AnswerEndorsement),
        ("olive", "/books/never-let-me-go/endorsements", SENT, Endorsement),
        ("alice", "/answers/1/taking", {}, Reading),
        ("alice", "/answers/1/taking", {}, Promise),
    ],
)
def test_what_is_sent_three_times_at_once_is_there_once(
    visit, proposed, alice, bob, olive, rows, who, url, fields, model
):
    before = 1 if model is Ask else 0
    if model is Answer:
        visit(bob).post("/answers/1/deletion")
        before = 1
    member = {"alice": alice, "bob": bob, "olive": olive}[who]
    clients = [visit(member) for _ in range(3)]

    assert at_once(clients, url, **fields) == [303] * 3
    assert len(rows(model)) == before + 1


def test_two_who_endorse_at_once_both_do(visit, proposed, alice, olive, rows):
    assert at_once([visit(alice), visit(olive)], "/answers/1/endorsement") == [303, 303]
    assert len(rows(AnswerEndorsement)) == 2
