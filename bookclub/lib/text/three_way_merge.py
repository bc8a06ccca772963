"""Three-way merge of a form's fields: the values it was made from, the present ones, and those sent.

A form carries a short digest of each value it was made from, never the value itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from hashlib import sha256
from unicodedata import normalize

# 48 bits: far more than enough to tell the versions of one field apart.
DIGITS = 12
_DIGEST = re.compile(rf"([\w-]+):([0-9a-f]{{{DIGITS}}})", re.ASCII)


class Fate(Enum):
    """Result for one field: keep the present value, write the sent one, or show both to the member."""

    KEPT = "kept"
    WRITTEN = "written"
    DISPUTED = "disputed"


def merge(
    made_from: Mapping[str, str],
    present: Mapping[str, str],
    sent: Mapping[str, str],
    together: Iterable[tuple[str, ...]] = (),
) -> dict[str, Fate]:
    """Decide the fate of every sent field.

    ``made_from`` holds digests, ``present`` and ``sent`` hold texts, each by field name. A field without a
    digest is written. The fields of a tuple in ``together`` make one statement: they are all kept or all
    written, and a change to one of them, even to one that was not sent, is a change to the statement.
    """
    grouped = {name for group in together for name in group}
    groups = [*together, *((name,) for name in sent if name not in grouped)]
    fates: dict[str, Fate] = {}
    for group in groups:
        fates |= _merge_group(group, made_from, present, sent)
    return fates


def _merge_group(
    group: tuple[str, ...], made_from: Mapping[str, str], present: Mapping[str, str], sent: Mapping[str, str]
) -> dict[str, Fate]:
    names = [name for name in group if name in sent]
    if any(name not in made_from for name in names):
        return dict.fromkeys(names, Fate.WRITTEN)
    # There is nothing to write if the member changed nothing, or made the change that stands already.
    differs = [name for name in names if not is_same(sent[name], present.get(name, ""))]
    if not any(has_changed(made_from, name, sent[name]) for name in names) or not differs:
        return dict.fromkeys(names, Fate.KEPT)
    # Nobody else has changed the group since the form was made.
    if not any(has_changed(made_from, name, present[name]) for name in group if name in present):
        return dict.fromkeys(names, Fate.WRITTEN)
    # Fields in which both members say the same are not shown as disputed.
    return dict.fromkeys(names, Fate.KEPT) | dict.fromkeys(differs, Fate.DISPUTED)


def has_changed(made_from: Mapping[str, str], name: str, text: str) -> bool:
    """Return whether a field differs from the value its form was made from; False without a digest."""
    return name in made_from and made_from[name] != digest(text)


def is_made_with(made_from: Mapping[str, str], name: str, text: str) -> bool:
    """Return whether a form was made from this text in a field; False without a digest."""
    return made_from.get(name) == digest(text)


def is_same(one: str, other: str) -> bool:
    """Return whether two texts differ at most in line ends, white space at the end and normal form."""
    return comparable_text(one) == comparable_text(other)


def comparable_text(text: str) -> str:
    """Return the text as it is compared: normal form C, plain line ends, no white space at its very end.

    White space at the end of an inner line stays: in Markdown two blanks break the line.
    """
    return normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip()


def digest(text: str) -> str:
    """Return the first twelve hexadecimal digits of the SHA-256 of a text in its canonical form."""
    return sha256(comparable_text(text).encode(errors="surrogatepass")).hexdigest()[:DIGITS]


def write_digests(texts: Mapping[str, str]) -> str:
    """Write digests as a form carries them: ``title:1a2b3c4d5e6f body:…``."""
    return " ".join(f"{name}:{digest(text)}" for name, text in texts.items())


def read_digests(carried: str | None) -> dict[str, str]:
    """Read the digests that a form sends back, by field.

    Anything that is not a digest counts as missing, so a form from an older version of the club, or a damaged
    one, is written like a form without digests.
    """
    found = (_DIGEST.fullmatch(part) for part in (carried or "").split())
    return {match[1]: match[2] for match in found if match}
