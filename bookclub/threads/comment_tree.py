"""Nesting of a conversation in tree order into lists, with runs of locked comments folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class TreeRow(Protocol):
    """The properties of a comment that folding needs."""

    @property
    def level(self) -> int: ...
    @property
    def locked(self) -> bool: ...


class Prunable(Protocol):
    """The properties of a comment that pruning needs."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def withdrawn(self) -> bool: ...


R = TypeVar("R", bound=TreeRow)
D = TypeVar("D", bound=Prunable)


@dataclass(frozen=True)
class Node(Generic[R]):
    """One place in the nested list that shows a thread.

    ``rows`` is one comment, or a run of locked ones that is folded into a single line. ``closes`` is the
    number of open lists that end after it.
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
    """Leave out comments that their authors withdrew, unless a remaining comment replies to them."""
    kept: list[D] = []
    answered: set[int | None] = set()
    # Replies come after what they answer, so from the end every reply is decided before its parent.
    for row in reversed(rows):
        if not row.withdrawn or row.id in answered:
            kept.append(row)
            answered.add(row.parent_id)
    return kept[::-1]


def nest(rows: Sequence[R]) -> list[Node[R]]:
    """Arrange comments in tree order into nested lists, and fold runs of locked ones.

    A run starts at a locked comment and includes the locked ones that follow on its level or below it. A
    readable comment ends the run, so that one's own words under a locked post still show.
    """
    runs: list[list[R]] = []
    for row in rows:
        if runs and row.locked and runs[-1][0].locked and row.level >= runs[-1][0].level:
            runs[-1].append(row)
        else:
            runs.append([row])
    levels = _contiguous([run[0].level for run in runs])
    # The end of the thread closes as many lists as a comment at the top would.
    following = [*levels, 1][1:]
    return [
        # A reply closes nothing: its list opens inside the entry before it.
        Node(tuple(run), max(level - after + 1, 0))
        for run, level, after in zip(runs, levels, following, strict=True)
    ]


def _contiguous(levels: Sequence[int]) -> list[int]:
    """Return the levels without steps down of more than one, as nested lists need them.

    A run may swallow the levels between it and a readable comment further down.
    """
    result: list[int] = []
    # The real levels of the lists that are open, the innermost last.
    open_levels: list[int] = []
    for level in levels:
        # Lists as deep as this comment, or deeper, have ended before it.
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        result.append(len(open_levels))
    return result
