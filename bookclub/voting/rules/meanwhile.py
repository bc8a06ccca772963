"""Two pages on which one member votes: which of their ballots counts, and when they must be asked."""

from __future__ import annotations

from collections.abc import Mapping

from ...merges import Fate, digest, merge, write_digests
from .ballots import APPROVED, FIELD, Ranking

Answers = Mapping[str, str]


def digests_of(ranking: Ranking | None, shown: Answers, kind: str) -> str:
    """The digests that a ballot's form carries: of the ballot as it is kept, and of the answers it shows."""
    return write_digests({"cast": _kept(ranking), **_texts(shown, kind)})


def merge_answers(
    made_from: Mapping[str, str], ranking: Ranking | None, shown: Answers, sent: Answers, kind: str
) -> Answers | None:
    """The answers that are to be cast, or None where another ballot was cast since the page was made.

    ``ranking`` is the ballot that is kept, as far as its voter may see it (None: there is none), ``shown``
    the same as the form shows it. Each approval stands alone, so that those from two pages come together.
    An order is one statement: nobody has seen the places of one page mixed with those of another.
    """
    if made_from.get("cast", digest(_kept(ranking))) == digest(_kept(ranking)):
        return sent
    names = {*shown, *sent}
    whole = {name: sent.get(name, "") for name in names}
    fates = merge(made_from, _texts(dict.fromkeys(names, "") | dict(shown), kind), _texts(whole, kind))
    if Fate.DISPUTED in fates.values():
        return None
    if kind == "ranked":
        return shown if fates["ballot"] is Fate.KEPT else sent
    return {name: (shown if fates[name] is Fate.KEPT else sent).get(name, "") for name in names}


def _kept(ranking: Ranking | None) -> str:
    if ranking is None:
        return "none"
    return " ".join(f"{nomination}={place}" for nomination, place in sorted(ranking.items()))


def _texts(answers: Answers, kind: str) -> dict[str, str]:
    """The answers as they are compared, each under its name; an order as one text."""
    given = {name: text.strip() for name, text in sorted(answers.items()) if name.startswith(FIELD)}
    if kind == "ranked":
        return {"ballot": " ".join(f"{name}={text}" for name, text in given.items() if text)}
    if kind == "approval":
        return {name: "1" if text in APPROVED else text for name, text in given.items()}
    return given
