"""A club in which much has been written, and what its members are sent of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from zipfile import ZipFile

import pytest

from bookclub.members.models import Member

Unpack = Callable[[Member], dict[str, str]]


@pytest.fixture
def unpack(visit) -> Unpack:
    """``unpack(alice)`` is what Alice's zip holds, by the names of its files."""

    def unpack(member: Member) -> dict[str, str]:
        answer = visit(member).get("/my-data.zip", buffered=True)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        with ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name).decode() for name in archive.namelist()}

    return unpack
