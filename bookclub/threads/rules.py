"""How a conversation is ordered, how deep it goes, and how long a comment may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from ..readings.rules import say_horizon

MAX_BODY = 20_000
MAX_TITLE = 150
PAGE_SIZE = 200

# PostgreSQL refuses index rows much longer than this: a deeper reply keeps its parent, and stands here.
MAX_LEVEL = 100
SEGMENT = 6
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def segment(comment_id: int) -> str:
    """Six base-62 digits of an id, so that ids and their digits sort alike as bytes.

    Raises OverflowError beyond 62**6 - 1, some 56 thousand million comments.
    """
    if not 0 <= comment_id < len(DIGITS) ** SEGMENT:
        raise OverflowError(f"comment id {comment_id} does not fit into {SEGMENT} base-62 digits")
    digits = ""
    for _ in range(SEGMENT):
        comment_id, digit = divmod(comment_id, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits


def path_of(comment_id: int, parent_path: str) -> str:
    """The materialised path of a comment under its parent ("" at the top): ancestors first, then itself."""
    room = (MAX_LEVEL - 1) * SEGMENT
    return parent_path[:room] + segment(comment_id)


def level_of(path: str) -> int:
    """How deep a path stands: 1 at the top."""
    return len(path) // SEGMENT


def ancestors_of(path: str) -> list[int]:
    """The ids of the comments above the one with this path, the topmost first."""
    return [_number(path[start : start + SEGMENT]) for start in range(0, len(path) - SEGMENT, SEGMENT)]


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * len(DIGITS) + DIGITS.index(digit)
    return number


@dataclass(frozen=True)
class CommentRow:
    """A comment as one reader sees it. ``html`` is None where it is locked, and where its words are gone.

    A ``context`` row only says whose comment the following ones answer.
    """

    id: int
    thread_id: int
    parent_id: int | None
    path: str
    member_id: int
    author: str
    username: str | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    removed_by_id: int | None
    removal_reason: str | None
    horizon: int
    html: str | None
    bars_closed: bool
    is_mine: bool
    is_new: bool
    context: bool = False

    @property
    def level(self) -> int:
        return level_of(self.path)

    @property
    def is_gone(self) -> bool:
        return self.deleted_at is not None

    @property
    def withdrawn(self) -> bool:
        """Whether its own author took it away."""
        return self.is_gone and self.removed_by_id is None

    @property
    def locked(self) -> bool:
        """Whether its words lie ahead of the reader. Words that are gone lock nothing."""
        return self.html is None and not self.is_gone and not self.context


@dataclass(frozen=True)
class Page:
    """Part of a list, and the key by which the next part begins (None at the end)."""

    entries: Sequence[Any]
    next_after: int | None


class Row(Protocol):
    """What folding needs to know of a comment."""

    @property
    def level(self) -> int: ...
    @property
    def locked(self) -> bool: ...


class Withdrawable(Protocol):
    """What pruning needs to know of a comment."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def withdrawn(self) -> bool: ...


R = TypeVar("R", bound=Row)
D = TypeVar("D", bound=Withdrawable)


@dataclass(frozen=True)
class Node(Generic[R]):
    """One place in the nested list that a thread is shown as.

    ``rows`` is one comment, or a run of locked ones folded into a single line. ``closes`` says how many
    open lists end behind it.
    """

    rows: tuple[R, ...]
    closes: int

    @property
    def row(self) -> R:
        return self.rows[0]

    @property
    def folded(self) -> bool:
        return self.row.locked


def prune(rows: Sequence[D]) -> list[D]:
    """Leave out comments that their authors took away, unless something that stays hangs on them."""
    kept: list[D] = []
    answered: set[int | None] = set()
    for row in reversed(rows):
        if not row.withdrawn or row.id in answered:
            kept.append(row)
            answered.add(row.parent_id)
    return kept[::-1]


def say_locked(authors: Sequence[str], horizon: int | None) -> str:
    """Who speaks ahead of the reader, and how far: "Bob, up to 45 %", "3 comments by Bob and Carol, …".

    ``horizon`` is None for a visitor, who learns no position.
    """
    names = list(dict.fromkeys(authors))
    few = " and ".join([", ".join(names[:-1]), names[-1]] if 1 < len(names) <= 3 else [names[0]])
    who = few if len(names) <= 3 else f"{len(names)} members"
    lead = who if len(authors) == 1 else f"{len(authors)} comments by {who}"
    return f"{lead}, {'later in the book' if horizon is None else say_horizon(horizon)}"


def nest(rows: Sequence[R]) -> list[Node[R]]:
    """Arrange comments that stand in tree order into nested lists, folding runs of locked ones.

    A run begins at a locked comment and takes in the locked ones that follow on its level or below it.
    A readable comment ends the run, so that one's own words under a locked post still show.
    """
    runs: list[list[R]] = []
    for row in rows:
        if runs and row.locked and runs[-1][0].locked and row.level >= runs[-1][0].level:
            runs[-1].append(row)
        else:
            runs.append([row])
    levels = _contiguous([run[0].level for run in runs])
    following = [*levels, 1][1:]
    return [
        Node(tuple(run), max(level - after + 1, 0))
        for run, level, after in zip(runs, levels, following, strict=True)
    ]


def _contiguous(levels: Sequence[int]) -> list[int]:
    """The same levels with no step down of more than one, as nested lists need them.

    A run may swallow the levels between it and a readable comment further down.
    """
    result: list[int] = []
    open_levels: list[int] = []  # The real levels of the lists that are open, the innermost last.
    for level in levels:
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        result.append(len(open_levels))
    return result


@dataclass(frozen=True)
class Count:
    """How many comments a thread has, and how many of them this reader may see."""

    total: int = 0
    here: int = 0

    def say(self, *, visitor: bool = False) -> str:
        """ "4 thoughts", or "9 thoughts: 4 here, 5 ahead of you" where some are locked."""
        thoughts = "1 thought" if self.total == 1 else f"{self.total} thoughts"
        if self.here >= self.total:
            return thoughts
        ahead = "later in the book" if visitor else "ahead of you"
        return f"{thoughts}: {self.here} here, {self.total - self.here} {ahead}"
