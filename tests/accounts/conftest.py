"""What the database holds, and clubs of another kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select

from bookclub.accounts.queries import the_club
from bookclub.extensions import begin_write, db


@pytest.fixture
def rows(app: Flask) -> Callable[[Select[Any]], list[Any]]:
    """``rows(select(Member))`` is what the database holds now."""

    def rows(statement: Select[Any]) -> list[Any]:
        with app.app_context():
            return list(db.session.execute(statement).scalars())

    return rows


@pytest.fixture
def write(app: Flask) -> Callable[..., Any]:
    """``write(lambda: actions.suspend(…))`` does it in a transaction of its own, and commits."""

    def write(act: Callable[[], Any]) -> Any:
        with app.app_context():
            begin_write()
            came_of_it = act()
            db.session.commit()
        return came_of_it

    return write


@pytest.fixture
def open_club(write: Callable[..., Any]) -> None:
    """A club that everybody may join."""
    write(lambda: set_club(sign_up="open"))


@pytest.fixture
def public_club(write: Callable[..., Any]) -> None:
    """A club that visitors may look into."""
    write(lambda: set_club(is_public=True))


def set_club(**columns: Any) -> None:
    """Change the club's settings."""
    club = the_club()
    for name, value in columns.items():
        setattr(club, name, value)
