"""How a placeholder says what lies behind it."""

from __future__ import annotations

from collections.abc import Sequence

from ...bidi import isolated
from ...readings.rules import NO_CONTENTS, Contents, say_span


def say_locked(
    authors: Sequence[str],
    horizons: Sequence[int] | None,
    contents: Contents = NO_CONTENTS,
    *,
    author_ids: Sequence[int] | None = None,
) -> str:
    """Who speaks ahead of the reader, and how far: "Bob, up to 45 %", or of several posts in a row
    "3 replies by Bob and Carol, chapters 9 to 12".

    ``horizons`` is None for a visitor, who learns no position. ``author_ids`` tell authors of one name apart,
    such as two former members: those are counted, as "people", since not all of them need be members.
    """
    names = list(dict(zip(author_ids or authors, map(isolated, authors), strict=True)).values())
    few = " and ".join([", ".join(names[:-1]), names[-1]] if 1 < len(names) <= 3 else [names[0]])
    who = few if len(names) <= 3 and len(set(names)) == len(names) else f"{len(names)} people"
    lead = who if len(authors) == 1 else f"{len(authors)} replies by {who}"
    return f"{lead}, {'later in the book' if horizons is None else say_span(horizons, contents)}"
