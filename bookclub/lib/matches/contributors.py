"""Contributors to a book (translators, illustrators, editors), and the roles stated beside names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..text.keys import fold
from ..text.messages import lazy_gettext
from . import role_words
from .author_names import identity_key

AUTHOR = "author"
# The role as it follows a name, and the words that a page puts before the name.
ROLES = {
    "translator": lazy_gettext("Translated by"),
    "illustrator": lazy_gettext("Illustrated by"),
    "editor": lazy_gettext("Edited by"),
    "narrator": lazy_gettext("Read by"),
    "introduction": lazy_gettext("Introduction by"),
    "adapter": lazy_gettext("Adapted by"),
    "contributor": lazy_gettext("With"),
}
_EXACT = {word: role for role, words in role_words.ABBREVIATIONS.items() for word in words.split()}
_BEGINNINGS = [(fold(stem), role) for role, stems in role_words.STEMS.items() for stem in stems.split()]

_BRACKET = re.compile(r"\s*[(（\[【]([^()（）\[\]【】]{1,60})[)）\]】]\s*\Z")
_BEHIND_COMMA = re.compile(r"\s*[,，]\s*([^,，]{1,30})\Z")
_LONGEST_VERB = r"\w[\w.]{0,20}"
_IN_FRONT = re.compile(
    rf"\A(?:(?:with\s+)?(?:an?\s+|the\s+)?)?({_LONGEST_VERB})\s+(?:from\s+(?:the\s+)?\w+\s+|d[ue]\s+\w+\s+)?"
    r"(?:by|von|par|por|da|di|door|av|af)\s+(.+)\Z",
    re.IGNORECASE | re.DOTALL,
)
_ABBREVIATED = re.compile(r"\A(trans|transl|illus|übers|uebers|trad|hrsg)\.\s*:?\s*(.+)\Z", re.IGNORECASE)
# In the middle of a line these words begin the next name.
BEGINS_CONTRIBUTOR = re.compile(
    r"\s*[,;(\[]?\s*(?=\b(?:translated|illustrated|edited|narrated|introduced|adapted|übersetzt|herausgegeben|"
    r"illustriert|gelesen|traduit|traducido|ilustrado|tradotto|vertaald)\s+"
    r"(?:from\s+(?:the\s+)?\w+\s+|du\s+\w+\s+|del\s+\w+\s+)?(?:by|von|par|por|da|door)\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Contributor:
    """Someone other than an author who helped to make a book; ``role`` is one of ROLES."""

    name: str
    role: str

    @property
    def text(self) -> str:
        """The name with its role, as a member types it: "Jo Rubin (translator)"."""
        return f"{self.name} ({self.role})"


def role_of(words: str) -> str | None:
    """Return the role that the words beside a name state: AUTHOR, one of ROLES, or None for no role."""
    candidates = [word for word in fold(words[:60]).split() if word not in role_words.GLUE]
    # More words are a remark, not a role.
    if not candidates or len(candidates) > 4:
        return None
    roles = [_role_of_word(word) for word in candidates]
    if roles[0] is None:
        return None
    # Someone who is "author and illustrator" is an author.
    return AUTHOR if AUTHOR in roles else roles[0]


def split_role(text: str) -> tuple[str, str]:
    """Split a text into a name and its role, which is AUTHOR if none is stated.

    Reads "Jo Rubin (Translator)", "Jo Rubin, trans." and "Translated by Jo Rubin". A bracket that states no
    role stays in the name, and a text that would leave no name stays whole.
    """
    text, role = text.strip(), None
    # Several brackets may follow a name; the role in the last one counts.
    while found := _BRACKET.search(text):
        found_role, name = role_of(found[1]), text[: found.start()].strip(" ,;")
        if found_role is None or not _is_name(name):
            break
        text, role = name, role or found_role
    found = _BEHIND_COMMA.search(text)
    if found and (found_role := role_of(found[1])) and _is_name(text[: found.start()]):
        return text[: found.start()].strip(), role or found_role
    if found := _ABBREVIATED.match(text) or _IN_FRONT.match(text):
        found_role, name = role_of(found[1]), found[2].strip(" )]")
        if found_role and _is_name(name):
            return name, role or found_role
    return text, role or AUTHOR


def has_role(text: str) -> bool:
    """Return whether a role is stated beside this name."""
    return split_role(text)[0] != text.strip()


def distinct_contributors(found: Iterable[Contributor]) -> tuple[Contributor, ...]:
    """Return the contributors in order, each person once per role."""
    kept: dict[tuple[str, str], Contributor] = {}
    for one in found:
        kept.setdefault((identity_key(one.name), one.role), one)
    return tuple(kept.values())


def _is_name(text: str) -> bool:
    return any(map(str.isalpha, text))


def _role_of_word(word: str) -> str | None:
    if word in _EXACT:
        return _EXACT[word]
    return next((role for stem, role in _BEGINNINGS if word.startswith(stem)), None)
