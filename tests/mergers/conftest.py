"""A catalogue with the same people and books in it more than once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bookclub.books import actions as books_actions
from bookclub.extensions import Base, begin_write, db
from bookclub.lib.matches.book_fields import BookFields
from tests.indexes import wrong_rows
from tests.page_forms import form_to

# What a merger that was undone leaves: its own log, and what is counted again or only moves forward.
TRACES = {"merger", "merger_step", "job", "book_edit", "member_session", "member"}
COUNTED = {("thread", "version"), ("comment", "thread_id")}


@pytest.fixture
def add(app):
    """``add("Emma", "Jane Austen")`` adds a book as the club does, and gives it back."""

    def add(title, authors="Ada Moor", member=None, **fields):
        with app.app_context():
            begin_write()
            names = tuple(name.strip() for name in authors.split(";"))
            book = books_actions.add_book(
                BookFields(title=title, authors=names, **fields), member and member.id
            )
            db.session.commit()
            return book

    return add


def told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


@pytest.fixture
def dump(app):
    """``dump()`` is every row of every table but those that a merger and its undoing leave traces in."""

    def dump(*without: str) -> dict[str, list[tuple[Any, ...]]]:
        with app.app_context():
            return {
                table.name: sorted(
                    (
                        tuple(told(value) for value in row)
                        for row in db.session.execute(
                            select(*(c for c in table.c if (table.name, c.name) != ("thread", "version")))
                        )
                    ),
                    key=repr,
                )
                for table in Base.metadata.sorted_tables
                if table.name not in TRACES | set(without)
            }

    return dump


@pytest.fixture(autouse=True)
def index_follows(app):
    """The search's index is right afterwards, whatever was merged, parted and undone."""
    yield
    assert wrong_rows(app) == {}


@pytest.fixture
def merge(visit, olive):
    """``merge("authors", "moor-ada", into="ada-moor")`` merges on the page, as an organiser does."""

    def merge(kind, slug, *, into, client=None):
        client = client or visit(olive)
        page = client.get(f"/{kind}/{slug}/merger", query_string={"into": into})
        assert page.status_code == 200, page.text
        form = form_to(page.text, f"/{kind}/{slug}/merger")
        return client.post(f"/{kind}/{slug}/merger", data=form.fields)

    return merge
