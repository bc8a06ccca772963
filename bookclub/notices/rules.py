"""Kinds of notices, and their sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..lib.text.messages import gettext as _

# A reply to the member's words, a report that they spoil something, the decision on it, a kept promise, and
# an answer to the member's question. Those of rounds: it is open, it ends tomorrow and they have not voted,
# and its result.
ROUND_KINDS = ("round_opened", "round_ending", "round_result")
KINDS = ("reply", "spoiler_report", "report_decided", "promise", "answer", *ROUND_KINDS)
# The badge shows "99+" above this.
MOST_COUNTED = 99


@dataclass(frozen=True)
class RenderedNotice:
    """A notice as its reader sees it now.

    ``words`` is as much of the subject's text as they may see, None if that is locked or gone. It links to a
    report if it is about one, otherwise to a book, an ask, a round, or a comment.
    """

    id: int
    created_at: datetime
    is_new: bool
    sentence: str
    words: str | None = None
    comment_id: int | None = None
    report_id: int | None = None
    book_slug: str | None = None
    ask_id: int | None = None
    round_id: int | None = None


def reply_text(
    actor: str,
    *,
    answers_comment: bool,
    title: str | None,
    book: str | None,
    ahead: str | None,
    of_ask: bool = False,
) -> str:
    """Return the sentence of a reply, with its place.

    The place is a thread with a ``title``, the reader's question (``of_ask``), or their review. ``ahead``
    says how far the reply goes if it is locked for the reader.
    """
    place = f"in “{title}”" if title else f"under the review of {book}" if book else "in a thread"
    if of_ask:
        said = (
            f"{actor} answered you under a question"
            if answers_comment
            else f"{actor} wrote under your question"
        )
    elif answers_comment:
        said = f"{actor} answered you {place}"
    elif title:
        said = f"{actor} wrote {place}, which you opened"
    else:
        said = f"{actor} commented on your review of {book}" if book else f"{actor} commented on your review"
    return f"{said}, {ahead}." if ahead else f"{said}."


def report_text(actor: str, *, what: str, book: str | None, before: str, proposed: str) -> str:
    """Return the sentence of an open report on the reader's words: the proposed place and its effect."""
    on = f" on {book}" if book else ""
    return (
        f"{actor} says that your {what}{on} gives away more than it says."
        f" It was {before}, and is {proposed} until you or a moderator decide."
    )


def decided_report_text(actor: str, *, what: str, book: str | None, proposed: str, upheld: bool) -> str:
    """Return the sentence of a decided report on the reader's words."""
    on = f" on {book}" if book else ""
    outcome = f"was upheld: it stays {proposed}" if upheld else "was dismissed: it moved back"
    return f"{actor} said that your {what}{on} gives away more than it says. The report {outcome}."


def decision_text(actor: str, *, what: str, whose: str, upheld: bool, now: str) -> str:
    """Return the sentence of a decision on a report.

    Its reader made the report (``whose`` is "Alice’s") or wrote the reported words (``whose`` is "your").
    ``now`` is the horizon of the post since then, in words.
    """
    verdict = "upheld" if upheld else "dismissed"
    return f"{actor} {verdict} the report on {whose} {what}: it is {now}."


def promise_text(actor: str, *, book: str, mine: bool) -> str:
    """Return the sentence that a reader has finished a book.

    If it is ``mine``, the reader of the notice has finished, and ``actor`` wanted to hear of it.
    """
    return (
        f"You have finished {book}: {actor} wanted to hear of it."
        if mine
        else f"{actor} has finished {book}."
    )


def answer_text(actor: str, *, book: str, question: str) -> str:
    """Return the sentence of an answer to the reader's question (empty if its words are gone) with a book."""
    asked = f"“{question}”" if question else "your question"
    return f"{actor} answers {asked} with {book}."


def opened_text(title: str, deadline: str, *, is_voting: bool) -> str:
    """Return the sentence that a round takes nominations, or that its vote is open, until a deadline."""
    if is_voting:
        return _("Voting is open in “%(round)s” until %(deadline)s.", round=title, deadline=deadline)
    return _("“%(round)s” is open: nominate a book until %(deadline)s.", round=title, deadline=deadline)


def ending_text(title: str, deadline: str) -> str:
    """Return the sentence that a vote ends soon, to a member who has not voted."""
    return _("You have not voted in “%(round)s”: it ends at %(deadline)s.", round=title, deadline=deadline)


def result_text(title: str, *, winner: str | None, was_voted_on: bool) -> str:
    """Return the sentence that a round is over, with its winner if there is one."""
    if winner:
        return _("The club chose “%(title)s” in “%(round)s”.", title=winner, round=title)
    if was_voted_on:
        return _("“%(round)s” is over, and no book was chosen.", round=title)
    return _("“%(round)s” was called off.", round=title)


def say_unseen(count: int) -> str:
    """Return a count as small as a badge: "3", or "99+"."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
