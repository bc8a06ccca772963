"""Kinds of notices, and their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext, number_text

# Those of comments: a reply to the member's words, a mention of them, something new in a conversation that
# they follow. Those of moderation: a report that their words spoil something, the decision on it, and what a
# moderator removed. A kept promise, and an answer to the member's question. Those of rounds: it is open, it
# ends tomorrow and they have not voted, its result, and that a ballot of theirs was cast by the link in a
# mail. Those of meetings: it is planned, moved, cancelled, within a day, and has a seat for somebody who
# waited, and that the date was chosen to which they had answered. Those of date polls: somebody asks when
# they have time.
ROUND_KINDS = ("round_opened", "round_ending", "round_result", "ballot_by_link")
MEETING_KINDS = (
    "meeting_made", "meeting_moved", "meeting_cancelled", "meeting_tomorrow", "meeting_seat", "date_chosen",
)  # fmt: skip
DATE_POLL_KINDS = ("date_wanted",)
MODERATION_KINDS = ("spoiler_report", "report_decided", "removed", "answer_removed", "question_removed")
COMMENT_KINDS = ("reply", "mention", "followed")
KINDS = (
    *COMMENT_KINDS, *MODERATION_KINDS, "promise", "answer", *ROUND_KINDS, *MEETING_KINDS, *DATE_POLL_KINDS,
)  # fmt: skip
# The badge shows "99+" above this.
MOST_COUNTED = 99


@dataclass(frozen=True)
class RenderedNotice:
    """A notice as its reader sees it now.

    ``path`` leads to its subject. ``words`` is as much of the subject's text as they may see, None if that is
    locked or gone.
    """

    id: int
    created_at: datetime
    is_new: bool
    sentence: str
    path: str
    words: str | None = None
    thread_id: int | None = None
    thread_title: str | None = None


@dataclass(frozen=True)
class NoticeGroup:
    """Notices about one thread, the newest first, or a single notice, which has no heading."""

    heading: str | None
    notices: Sequence[RenderedNotice]


def group_notices(notices: Sequence[RenderedNotice]) -> list[NoticeGroup]:
    """Gather the notices about each titled thread where the newest of them stands."""
    groups: dict[tuple[str, int], list[RenderedNotice]] = {}
    for notice in notices:
        key = ("thread", notice.thread_id) if notice.thread_id else ("notice", notice.id)
        groups.setdefault(key, []).append(notice)
    return [
        NoticeGroup(
            group_text(len(group), group[0].thread_title)
            if len(group) > 1 and group[0].thread_title
            else None,
            group,
        )
        for group in groups.values()
    ]


def reply_text(
    actor: str,
    *,
    answers_comment: bool,
    title: str | None,
    book: str | None,
    of_ask: bool = False,
) -> str:
    """Return the sentence of a reply, with its place.

    The place is a thread with a ``title``, the reader's question (``of_ask``), or their review.
    """
    if of_ask and answers_comment:
        return _("%(name)s replied to you under a question.", name=actor)
    if of_ask:
        return _("%(name)s wrote under your question.", name=actor)
    if title and answers_comment:
        return _("%(name)s replied to you in “%(thread)s”.", name=actor, thread=title)
    if title:
        return _("%(name)s wrote in your conversation “%(thread)s”.", name=actor, thread=title)
    if book and answers_comment:
        return _("%(name)s replied to you under a review of %(title)s.", name=actor, title=book)
    if book:
        return _("%(name)s commented on your review of %(title)s.", name=actor, title=book)
    if answers_comment:
        return _("%(name)s replied to you.", name=actor)
    return _("%(name)s commented on your review.", name=actor)


def mention_text(actor: str, title: str | None) -> str:
    """Return the sentence of a comment that mentions the reader, in a thread with a ``title`` or without."""
    if title:
        return _("%(name)s mentioned you in “%(title)s”.", name=actor, title=title)
    return _("%(name)s mentioned you.", name=actor)


def followed_text(actor: str, *, title: str | None, book: str | None) -> str:
    """Return the sentence of a new comment in a conversation that the reader follows.

    It has a ``title``, or stands under a review of a ``book``, or under a question.
    """
    if title:
        return _("%(name)s wrote in “%(title)s”.", name=actor, title=title)
    if book:
        return _("%(name)s wrote under a review of %(title)s.", name=actor, title=book)
    return _("%(name)s wrote under a question.", name=actor)


def removed_comment_text(actor: str, title: str | None) -> str:
    """Return the sentence that a moderator removed the reader's comment, in a titled thread or elsewhere."""
    if title:
        return _("%(name)s removed your comment in “%(title)s”.", name=actor, title=title)
    return _("%(name)s removed your comment.", name=actor)


def removed_text(actor: str, kind: str, *, book: str | None = None, meeting: str | None = None) -> str:
    """Return the sentence that a moderator removed the reader's review, question or answer."""
    if book is not None:
        return _("%(name)s removed your review of %(title)s.", name=actor, title=book)
    if meeting is not None:
        return _("%(name)s took your question off the agenda of “%(title)s”.", name=actor, title=meeting)
    if kind == "answer_removed":
        return _("%(name)s removed your answer to a question.", name=actor)
    return _("%(name)s removed your question.", name=actor)


def removed_passage_text(actor: str, book: str) -> str:
    """Return the sentence that a moderator removed the reader's passage from a book."""
    return _("%(name)s removed your passage from %(title)s.", name=actor, title=book)


def passage_mention_text(actor: str, book: str) -> str:
    """Return the sentence of a note on a passage that mentions the reader."""
    return _("%(name)s mentioned you in a note on a passage from %(title)s.", name=actor, title=book)


def review_mention_text(actor: str, book: str) -> str:
    """Return the sentence of a review that mentions the reader."""
    return _("%(name)s mentioned you in a review of %(title)s.", name=actor, title=book)


def locked_text(ahead: str) -> str:
    """Return what stands in place of the words of a locked reply: how far it goes."""
    return _("Locked for now: %(place)s.", place=ahead)


def group_text(count: int, title: str) -> str:
    """Return the heading of several notices about one thread with a title."""
    return ngettext(
        "%(num)s notice about “%(thread)s”", "%(num)s notices about “%(thread)s”", count, thread=title
    )


def report_text(actor: str, *, is_review: bool, book: str | None, before: str, proposed: str) -> str:
    """Return the sentence of an open report on the reader's words: the proposed place and its effect."""
    effect = {"before": before, "proposed": proposed}
    if is_review:
        # A review always has a book.
        return _(
            "%(name)s reports a spoiler in your review of %(title)s."
            " It was %(before)s and is %(proposed)s until you or a moderator decide.",
            name=actor,
            title=book or "",
            **effect,
        )
    if book:
        return _(
            "%(name)s reports a spoiler in your comment on %(title)s."
            " It was %(before)s and is %(proposed)s until you or a moderator decide.",
            name=actor,
            title=book,
            **effect,
        )
    return _(
        "%(name)s reports a spoiler in your comment."
        " It was %(before)s and is %(proposed)s until you or a moderator decide.",
        name=actor,
        **effect,
    )


def decided_report_text(actor: str, *, is_review: bool, proposed: str, upheld: bool) -> str:
    """Return the sentence of a decided report on the reader's words."""
    if upheld and is_review:
        return _(
            "%(name)s reported a spoiler in your review. The report was accepted: it stays %(proposed)s.",
            name=actor,
            proposed=proposed,
        )
    if upheld:
        return _(
            "%(name)s reported a spoiler in your comment. The report was accepted: it stays %(proposed)s.",
            name=actor,
            proposed=proposed,
        )
    if is_review:
        return _("%(name)s reported a spoiler in your review. The report was rejected.", name=actor)
    return _("%(name)s reported a spoiler in your comment. The report was rejected.", name=actor)


def decision_text(actor: str, *, is_review: bool, author: str | None, upheld: bool, now: str) -> str:
    """Return the sentence of a decision on a report.

    Its reader made the report on words by ``author``, or wrote the reported words (``author`` is None).
    ``now`` is the horizon of the post since then, in words.
    """
    # Each is a sentence of its own, since other languages order and bend its parts in their own way.
    if author is None and is_review:
        said = (
            _("%(name)s accepted the report on your review. It is now %(now)s.", name=actor, now=now)
            if upheld
            else _("%(name)s rejected the report on your review. It is now %(now)s.", name=actor, now=now)
        )
    elif author is None:
        said = (
            _("%(name)s accepted the report on your comment. It is now %(now)s.", name=actor, now=now)
            if upheld
            else _("%(name)s rejected the report on your comment. It is now %(now)s.", name=actor, now=now)
        )
    elif is_review:
        said = (
            _(
                "%(name)s accepted the report on %(author)s’s review. It is now %(now)s.",
                name=actor,
                author=author,
                now=now,
            )
            if upheld
            else _(
                "%(name)s rejected the report on %(author)s’s review. It is now %(now)s.",
                name=actor,
                author=author,
                now=now,
            )
        )
    else:
        said = (
            _(
                "%(name)s accepted the report on %(author)s’s comment. It is now %(now)s.",
                name=actor,
                author=author,
                now=now,
            )
            if upheld
            else _(
                "%(name)s rejected the report on %(author)s’s comment. It is now %(now)s.",
                name=actor,
                author=author,
                now=now,
            )
        )
    return said


def promise_text(actor: str, *, book: str, mine: bool) -> str:
    """Return the sentence that a reader has finished a book.

    If it is ``mine``, the reader of the notice has finished, and ``actor`` wanted to hear of it.
    """
    if mine:
        return _("You have finished %(title)s. %(name)s asked to hear of it.", title=book, name=actor)
    return _("%(name)s has finished %(title)s.", name=actor, title=book)


def answer_text(actor: str, *, book: str, question: str) -> str:
    """Return the sentence of an answer to the reader's question (empty if its words are gone) with a book."""
    if question:
        return _("%(name)s answers “%(question)s” with %(title)s.", name=actor, question=question, title=book)
    return _("%(name)s answers your question with %(title)s.", name=actor, title=book)


def opened_text(title: str, deadline: str, *, is_voting: bool) -> str:
    """Return the sentence that a round takes nominations, or that its vote is open, until a deadline."""
    if is_voting:
        return _("Voting is open in “%(round)s” until %(deadline)s.", round=title, deadline=deadline)
    return _("“%(round)s” is open: nominate a book until %(deadline)s.", round=title, deadline=deadline)


def ending_text(title: str, deadline: str) -> str:
    """Return the sentence that a vote ends soon, to a member who has not voted."""
    return _("You have not voted in “%(round)s”: it ends at %(deadline)s.", round=title, deadline=deadline)


def ballot_by_link_text(title: str, deadline: str | None) -> str:
    """Return the sentence that a ballot was cast by the link in the reader's mail, but not how.

    ``deadline`` is until when it can be changed, None once the vote is over.
    """
    if deadline is None:
        return _("Your ballot in “%(round)s” was cast by the link in your e-mail.", round=title)
    return _(
        "Your ballot in “%(round)s” was cast by the link in your e-mail. You can change it until"
        " %(deadline)s.",
        round=title,
        deadline=deadline,
    )


def result_text(title: str, *, winner: str | None, was_voted_on: bool) -> str:
    """Return the sentence that a round is over, with its winner if there is one."""
    if winner:
        return _("The club chose “%(title)s” in “%(round)s”.", title=winner, round=title)
    if was_voted_on:
        return _("“%(round)s” is over, and no book was chosen.", round=title)
    return _("“%(round)s” was called off.", round=title)


def meeting_text(
    kind: str, actor: str, title: str, start: str, reason: str | None = None, rule: str = ""
) -> str:
    """Return the sentence of a notice of this kind about a meeting; ``start`` is its beginning in words.

    ``rule`` says how it repeats.
    """
    if kind == "meeting_cancelled":
        return _("%(name)s cancelled “%(title)s”: %(reason)s", name=actor, title=title, reason=reason or "")
    if kind == "meeting_moved":
        return _("%(name)s moved “%(title)s”. It is now at %(start)s.", name=actor, title=title, start=start)
    if kind == "meeting_tomorrow":
        return _("“%(title)s” is coming up: %(start)s.", title=title, start=start)
    if kind == "meeting_seat":
        return _("There is a seat for you at “%(title)s”: %(start)s.", title=title, start=start)
    if kind == "date_chosen":
        return _("%(name)s chose the date of “%(title)s”: %(start)s.", name=actor, title=title, start=start)
    if rule:
        return _(
            "%(name)s has planned “%(title)s”, %(rule)s. It begins at %(start)s.",
            name=actor, title=title, rule=rule, start=start,
        )  # fmt: skip
    return _("%(name)s has planned “%(title)s”: %(start)s.", name=actor, title=title, start=start)


def date_wanted_text(actor: str, title: str) -> str:
    """Return the sentence that somebody asks when the reader has time to meet."""
    return _("%(name)s asks when you can meet: “%(title)s”.", name=actor, title=title)


def say_unseen(count: int) -> str:
    """Return a count as small as a badge: "3", or "99+"."""
    return f"{number_text(MOST_COUNTED)}+" if count > MOST_COUNTED else number_text(count)
