"""The rule that says how strong a password must be."""

from __future__ import annotations

import re
from collections.abc import Collection
from threading import Lock
from unicodedata import normalize

from ..lib.text.messages import gettext as _
from ..lib.text.messages import number_text
from .rules import fold_name

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1_000
# zxcvbn's scores go from 0 to 4. Score 3 needs a hundred million guesses or more, score 2 a million.
GOOD_SCORE, FAIR_SCORE = 3, 2
# zxcvbn raises over 72 characters.
MEASURED = 72
# zxcvbn tries these signs as letters, in every combination. With all ten of them it takes six seconds, with
# six at most 0.9 (measured).
LETTER_LIKE, MOST_LETTER_LIKE = frozenset("@({[<!|$+%"), 6

# zxcvbn keeps the names that it is given in one dictionary for all threads, so only one may use it at a time.
_zxcvbn_lock = Lock()


def strength_problem(password: str, names: Collection[str], common: Collection[str]) -> str | None:
    """Return why a password is too weak as a sentence, or None.

    ``names`` are the username, the address, the display name and the club; ``common`` are folded
    passwords that many people use and zxcvbn does not know. A password needs ten characters and
    zxcvbn's score 3 ("safely unguessable"). There are no rules of composition: they make people
    write "Password1!".
    """
    if len(password) < SHORTEST_PASSWORD:
        return _(
            "Use at least %(least)s characters. A few words in a row are good.",
            least=number_text(SHORTEST_PASSWORD),
        )
    if len(password) > LONGEST_PASSWORD:
        return _("Use at most %(most)s characters.", most=number_text(LONGEST_PASSWORD))
    own = _name_parts([name[:LONGEST_PASSWORD] for name in names])
    score, found = _score_password(normalize("NFKC", password), [*own, *common])
    if score >= GOOD_SCORE:
        return None
    if found & own:
        return _("This is too much like your name, your address or the club’s name. Choose another.")
    if score < FAIR_SCORE:
        return _("This is one of the passwords that are guessed first. Choose another.")
    return _("This is too easy to guess. Add another word or two.")


def _score_password(password: str, known: list[str]) -> tuple[int, set[str]]:
    """Return zxcvbn's score of a password, and the words that it found in it."""
    from zxcvbn import zxcvbn  # Its lists take 14 MB: load them when somebody first chooses a password.

    if len(LETTER_LIKE.intersection(password)) > MOST_LETTER_LIKE:
        password = "".join("?" if sign in LETTER_LIKE else sign for sign in password)
    with _zxcvbn_lock:
        result = zxcvbn(password[:MEASURED], user_inputs=known)
    return result["score"], {match.get("matched_word", "") for match in result["sequence"]}


def _name_parts(names: Collection[str]) -> set[str]:
    """Return the strings that zxcvbn must know: names whole, names without separators, and their words."""
    # An address is also known by the part before its "@".
    parts = {part for name in map(fold_name, names) for part in (name, name.rpartition("@")[0])}
    words = {word for part in parts for word in re.findall(r"[^\W\d_]{3,}", part)}
    return (parts | words | {re.sub(r"[\W_]+", "", part) for part in parts}) - {""}
