"""Two private texts joined into one, and parted again without a copy of either."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

BETWEEN = "\n\n"


@dataclass(frozen=True)
class Joint:
    """Where two texts were joined: the first ends at ``first``, the second begins at ``second``.

    ``digest`` tells whether the joined text is still as it was; a text that was edited cannot be parted.
    """

    first: int
    second: int
    digest: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def join_texts(first: str, second: str, heading: str = "") -> tuple[str, Joint]:
    """Both texts, the second below the first with a heading that says where it comes from.

    Where there is nothing to add, nothing is: neither heading nor space.
    """
    added = BETWEEN.join(part for part in (heading, second) if part)
    joined = BETWEEN.join(part for part in (first, added) if part)
    return joined, Joint(len(first), len(joined) - len(second), _digest(joined))


def part_texts(joined: str, joint: Joint) -> tuple[str, str] | None:
    """The two texts of which this was joined; None where it was edited since."""
    if _digest(joined) != joint.digest:
        return None
    return joined[: joint.first], joined[joint.second :]


def part_fields(text: str, lengths: Iterable[tuple[str, int]]) -> tuple[dict[str, str], str]:
    """The texts of these lengths that stand in front of another one, by name, and that one."""
    fields = {}
    for name, length in lengths:
        fields[name] = text[:length]
        text = text[length:].removeprefix(BETWEEN) if length else text
    return fields, text


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
