"""The number of statements of a page does not depend on the number of rows that it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookclub.extensions import db, utcnow
from bookclub.members.models import Club
from bookclub.rounds.models import Ballot, RoundEvent, Tally
from bookclub.rounds.rules import voter_tag
from bookclub.threads import rules as of_threads
from tests.factories import (
    make_book,
    make_comment,
    make_member,
    make_nomination,
    make_reading,
    make_review,
    make_round,
    make_thread,
)

# Many are more than a page shows at once; of comments a page holds more, unless told.
FEW, MANY, PAGE = 3, 60, 40


@pytest.fixture
def count(app, save, visit, statements, alice, monkeypatch):
    """``count(rows)`` is how many statements each page takes for a reader in a club with so many rows."""
    monkeypatch.setattr(of_threads, "PAGE_SIZE", PAGE)
    reader = save(make_member("reader", new_since=utcnow() - timedelta(days=7)))
    client = visit(reader)

    def count(rows: int) -> dict[str, int]:
        book = save(make_book())
        with app.app_context():
            club = db.session.get(Club, 1)
        club.current_book_id = book.id
        save(club)
        save(make_reading(reader, book, position=2000))
        members = save(*(make_member() for _ in range(rows)))
        reviews = save(
            *(make_review(member, book, horizon=5000 * (at % 2)) for at, member in enumerate(members))
        )
        save(*(make_reading(member, book, rating=7) for member in members))
        save(*(make_reading(reader, other) for other in save(*(make_book() for _ in range(rows)))))
        threads = save(*(make_thread(member, book) for member in members))
        for thread in (reviews[0].thread, threads[0]):
            first = save(make_comment(thread, alice))
            save(
                *(
                    make_comment(thread, member, "||So|| it is.", parent=first, horizon=5000 * (at % 2))
                    for at, member in enumerate(members)
                )
            )
        save(*(make_comment(thread, alice) for thread in threads[1:]))
        taken = {}
        for name, url in {
            "home": "/",
            "book": f"/books/{book.slug}",
            "review": f"/reviews/{reviews[0].id}",
            "thread": f"/threads/{threads[0].id}",
            "comment": f"/comments/{first.id}",
            "revisions": f"/reviews/{reviews[0].id}/revisions",
            "recommendations": "/recommendations",
            "recommendations for the club": "/recommendations/club",
            "next by an author": f"/authors/{book.credits[0].author.slug}/next",
            "search": "/search?q=is",
        }.items():
            client.get(url)
            with statements() as sent:
                answer = client.get(url)
            assert answer.status_code == 200
            taken[name] = len(sent)
        return taken

    return count


def test_a_page_takes_as_many_statements_for_60_rows_as_for_3(count):
    few, many = count(FEW), count(MANY)

    assert few == many
    assert max(few.values()) <= 27


@pytest.fixture
def count_of_rounds(save, visit, statements, alice, olive):
    """``count_of_rounds(rows)`` is how many statements the pages of rounds take: for so many nominations
    and ballots in a round, and ten times as many rounds.
    """
    client = visit(olive)

    def count(rows: int) -> dict[str, int]:
        now = utcnow()
        over = {"settled_at": now, "outcome": "decided", "turnout": rows, "electorate": rows}
        stages = {"nominating": {}, "voting": {"voting": True}, "over": {"voting": True, **over}}
        rounds = {name: save(make_round(olive, now=now, **columns)) for name, columns in stages.items()}
        books, voters = save(*(make_book() for _ in range(rows))), save(*(make_member() for _ in range(rows)))
        for voting_round in rounds.values():
            first, *_ = save(
                *(make_nomination(voting_round, book, who) for book, who in zip(books, voters, strict=True))
            )
            save(
                *(
                    Ballot(
                        round_id=voting_round.id,
                        voter=voter_tag(voting_round.ballot_key, who.id),
                        receipt=f"{who.id:014}",
                        ranks={first.id: 1},
                        member_id=who.id,
                        cast_at=now,
                    )
                    for who in (olive, *voters)
                )
            )
            save(RoundEvent(round_id=voting_round.id, kind="changed", member_id=olive.id))
        save(Tally(round_id=rounds["over"].id, winner_id=first.id))
        for columns in stages.values():
            others = save(*(make_round(olive, now=now, **columns) for _ in range(10 * rows // len(stages))))
            save(*(make_nomination(each, book, alice) for each in others for book in books[:2]))
        taken = {}
        for name, url in {
            "home": "/",
            "rounds": "/rounds",
            **{name: f"/rounds/{each.id}" for name, each in rounds.items()},
            "csv": f"/rounds/{rounds['over'].id}/ballots.csv",
        }.items():
            client.get(url)
            with statements() as sent:
                answer = client.get(url)
            assert answer.status_code == 200
            taken[name] = len(sent)
        return taken

    return count


def test_the_pages_of_rounds_take_as_many_statements_for_30_nominations_and_300_rounds_as_for_3(
    count_of_rounds,
):
    few, many = count_of_rounds(FEW), count_of_rounds(30)

    assert few == many
    assert max(few.values()) <= 21
