"""What members hear of, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# A reply to one's words, a report that they spoil something, what became of it, a promise kept, and an
# answer to one's question.
KINDS = ("reply", "spoiler_report", "report_decided", "promise", "answer")
MOST_COUNTED = 99


@dataclass(frozen=True)
class Told:
    """A notice as its reader sees it now.

    ``words`` is as much of somebody's text as they may see, None where that is locked or gone. It leads
    to a report where it is about one, to a book, to an ask, or to a comment.
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


def say_reply(
    actor: str,
    *,
    answers_comment: bool,
    title: str | None,
    book: str | None,
    ahead: str | None,
    of_ask: bool = False,
) -> str:
    """Who said something to the reader, and where: in a thread with a ``title``, under their question
    (``of_ask``), or under their review.

    ``ahead`` says how far it goes where it is locked for them.
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


def say_report(actor: str, *, what: str, book: str | None, before: str, proposed: str) -> str:
    """That somebody reported the reader's own words, which place they propose, and what that does."""
    on = f" on {book}" if book else ""
    return (
        f"{actor} says that your {what}{on} gives away more than it says."
        f" It was {before}, and is {proposed} until you or a moderator decide."
    )


def say_reported(actor: str, *, what: str, book: str | None, proposed: str, upheld: bool) -> str:
    """The same once it is decided."""
    on = f" on {book}" if book else ""
    outcome = f"was upheld: it stays {proposed}" if upheld else "was dismissed: it moved back"
    return f"{actor} said that your {what}{on} gives away more than it says. The report {outcome}."


def say_decided(actor: str, *, what: str, whose: str, upheld: bool, now: str) -> str:
    """What became of a report, for who made it (``whose`` is "Alice’s") or wrote what it is about ("your").

    ``now`` is what the post gives away by now.
    """
    verdict = "upheld" if upheld else "dismissed"
    return f"{actor} {verdict} the report on {whose} {what}: it is {now}."


def say_promise(actor: str, *, book: str, mine: bool) -> str:
    """That a reader has finished, to who wanted to hear of it; or, where it is ``mine``, who wanted to."""
    return (
        f"You have finished {book}: {actor} wanted to hear of it."
        if mine
        else f"{actor} has finished {book}."
    )


def say_answer(actor: str, *, book: str, question: str) -> str:
    """That somebody answered the reader's question (empty where its words are gone) with a book."""
    asked = f"“{question}”" if question else "your question"
    return f"{actor} answers {asked} with {book}."


def say_unseen(count: int) -> str:
    """A number as small as a badge: "3", or "99+"."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
