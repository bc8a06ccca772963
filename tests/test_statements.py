"""The number of statements of a page does not depend on the number of rows that it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookclub.accounts.models import Club
from bookclub.extensions import db, utcnow
from tests.factories import (
    make_book,
    make_comment,
    make_member,
    make_reading,
    make_review,
    make_thread,
)

FEW, MANY = 3, 300


@pytest.fixture
def count(app, save, visit, statements, alice):
    """``count(rows)`` is how many statements each page takes for a reader in a club with so many rows."""
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
        }.items():
            client.get(url)
            with statements() as sent:
                answer = client.get(url)
            assert answer.status_code == 200
            taken[name] = len(sent)
        return taken

    return count


@pytest.mark.databases("sqlite")
def test_a_page_takes_as_many_statements_for_300_rows_as_for_3(count):
    few, many = count(FEW), count(MANY)

    assert few == many
    assert max(few.values()) <= 20
