"""What a member's own words say of their reading, so that noting it can be offered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

LOVED, LIKED = 10, 8  # In half stars.
MOST_READ = 5000  # Characters of a long text: who says it says it early.
DOING = {
    "finished": "Finished",
    "did_not_finish": "Did not finish",
    "to_read": "To read",
}

_IT = r"(?:it|this(?: (?:one|book|novel))?|the (?:book|novel))"
_VERY = r"(?:(?:really|absolutely|just|simply|so|very|quite|truly|have|i|have just|only) ){0,5}"
# What begins what somebody says of themselves: the start of a sentence or a clause, or "I".
_SELF = r"(?:(?:^|[,;:–—(]|\b(?:and|but|so)\b) ?|\bi(?:['’]ve|['’]m|['’]ll)? )"
_PHRASES = (
    ("finished", LOVED, rf"(?:loved|adored) {_IT}\b"),
    ("finished", LIKED, rf"(?:liked|enjoyed) {_IT}\b"),
    ("did_not_finish", None, rf"(?:gave up(?: on {_IT})?|abandoned {_IT})\b"),
    ("did_not_finish", None, rf"(?:did not|didn['’]t|could not|couldn['’]t) finish(?: {_IT})?\b"),
    ("finished", None, rf"(?:finished|read) {_IT}\b"),
    ("finished", None, r"finished reading\b"),
    ("to_read", None, rf"(?:am )?(?:plan|planning|want|intend|going|hope|hoping) to (?:read|start) {_IT}\b"),
)
_SAYING = tuple(
    (status, rating, re.compile(rf"{_SELF}{_VERY}(?P<said>{words})")) for status, rating, words in _PHRASES
)
# Not the member's own words of this book: quotations, code, spoilers, and sentences that name another.
_NOT_OWN = re.compile(r"^ *>.*$|`[^`]*`|\|\|.*?\|\||“[^“”]*”|\"[^\"]*\"", re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]?")
# Who says these says nothing that has happened, or says it of somebody else.
_UNSURE = re.compile(
    r"\b(?:if|unless|would|could have|should have|might|wish|almost|nearly|not|never|nobody)\b|n['’]t\b"
)
_DID_NOT = re.compile(r"\b(?:did not|didn['’]t|could not|couldn['’]t) finish\b")


@dataclass(frozen=True)
class Said:
    """Words of a member's, and the reading that they speak of: its status, and a rating in half stars."""

    words: str
    status: str
    rating: int | None = None

    @property
    def stars(self) -> str:
        """The rating as the form of a reading takes it, "" for none."""
        return f"{self.rating / 2:g}" if self.rating else ""

    @property
    def deed(self) -> str:
        """What would be noted: "Finished, 5 stars"."""
        return DOING[self.status] + (f", {self.stars} stars" if self.stars else "")

    def is_news(self, status: str | None, rating: int | None) -> bool:
        """Whether it says more than the member's reading (status None: there is none) says already."""
        if self.status == "to_read":
            return status is None
        if self.status == "did_not_finish":
            return status in (None, "to_read", "reading")
        return status != "finished" or (self.rating is not None and rating is None)


class Offer(NamedTuple):
    """To note what a member said of a book: plain values, so that it can wait for the next page."""

    slug: str
    title: str
    words: str
    deed: str
    status: str
    stars: str
    made_from: str = ""


def said_in(text: str) -> Said | None:
    """What the first telling sentence says that its author has read, gave up, or plans to read.

    ``text`` is Markdown as it was typed. Only plain English in the first person counts; questions,
    quotations and sentences with a doubt, a "not" or another book in them do not.
    """
    own = _NOT_OWN.sub(" ", text[:MOST_READ].casefold())
    for sentence in _SENTENCE.findall(own):
        if sentence.endswith("?") or "[[" in sentence or _UNSURE.search(_DID_NOT.sub(" ", sentence)):
            continue
        plain = " ".join(re.sub(r"[*_~]", "", sentence).split())
        for status, rating, pattern in _SAYING:
            if found := pattern.search(plain):
                return Said(found["said"], status, rating)
    return None
