"""What the database holds, and clubs of another kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bookclub.members.queries import the_club


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
