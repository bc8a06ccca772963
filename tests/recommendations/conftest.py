"""Authors with their books, a club that has read much, a question of Alice's, and ways to look at it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.members.models import Club
from tests.factories import (
    make_answer,
    make_ask,
    make_author,
    make_book,
    make_endorsement,
    make_member,
    make_reading,
    make_tag,
)


@pytest.fixture
def ishiguro(save):
    return save(make_author("Kazuo Ishiguro"))


@pytest.fixture
def never(save, ishiguro):
    return save(make_book("Never Let Me Go", author=ishiguro, first_published=2005))


@pytest.fixture
def remains(save, never, ishiguro):
    """The book that Bob proposes."""
    return save(make_book("The Remains of the Day", author=ishiguro, first_published=1989, pages=258))


@pytest.fixture
def asked(save, alice, ishiguro, never, remains):
    """Alice asks which Ishiguro to read next."""
    return save(make_ask(alice, "Which Ishiguro next?", author=ishiguro))


@pytest.fixture
def proposed(save, asked, bob, remains):
    """Bob proposes The Remains of the Day."""
    return save(make_answer(asked, bob, remains, "The quietest heartbreak."))


@pytest.fixture
def rows(app):
    """``rows(Answer)`` is every row there is, the oldest first."""

    def rows(model):
        with app.app_context():
            return list(db.session.scalars(select(model).order_by(*model.__table__.primary_key)))

    return rows


@pytest.fixture
def public(app, save):
    """The club is public."""
    with app.app_context():
        club = db.session.get(Club, 1)
    club.is_public = True
    save(club)


@pytest.fixture
def titles(save, alice, bob, ishiguro, never, remains):
    """Alice loved three books; others have read them, and more, some of it in private."""
    memory, narrator = (save(make_tag(name)) for name in ("memory", "unreliable narrator"))
    books = [never, remains]
    for title in ("Emma", "Dune", "Clay", "Secret"):
        author = ishiguro if title == "Clay" else None
        books.append(save(make_book(title, author=author, tags=(memory, narrator))))
    books += [
        save(make_book(f"Filler {number}", tags=(save(make_tag(f"f{number}")),))) for number in range(9)
    ]
    never, remains, emma, dune, clay, secret, *fillers = books
    members = [save(make_member(f"reader{number}")) for number in range(6)]
    rows = [make_reading(alice, book, status="finished", rating=9) for book in (emma, dune, never)]
    for at, member in enumerate(members):
        rows += [
            make_reading(member, book, status="finished") for book in (never, remains, dune)[: 2 + at % 2]
        ]
        rows.append(make_reading(member, secret, status="finished", is_private=True))
        rows.append(make_reading(member, fillers[at], status=("finished", "did_not_finish")[at % 2]))
    save(*rows)
    save(make_endorsement(bob, never, clay, "The same ache."))
    return {book.title: book for book in books}
