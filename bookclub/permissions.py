"""Permissions: one table for views and templates of who may do what. Anything else is denied.

It decides who may act. ``is_visible_to()`` in lib/positions/visibility.py decides which text a reader may
see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .lib.text.messages import gettext as _
from .members.models import Member

Predicate = Callable[[Member | None, Any], bool]
Row = TypeVar("Row")


def anybody(_member: Member | None, _row: Any) -> bool:
    """Allow visitors, too; the guard has already turned them away from a private club."""
    return True


def is_member(member: Member | None, _row: Any) -> bool:
    return member is not None


def is_moderator(member: Member | None, _row: Any) -> bool:
    return member is not None and member.moderates


def is_organiser(member: Member | None, _row: Any) -> bool:
    return member is not None and member.is_organiser


def is_author(member: Member | None, row: Any) -> bool:
    """Allow the author, while the words are still there."""
    return member is not None and row.member_id == member.id and not row.is_gone


def is_theirs(member: Member | None, row: Any) -> bool:
    """Allow the owner alone: nobody else even knows of it."""
    return member is not None and row.member_id == member.id


def may_remove(member: Member | None, row: Any) -> bool:
    """Allow moderators to remove what others wrote; they delete their own as everyone does."""
    return member is not None and member.moderates and row.member_id != member.id and not row.is_gone


def may_reply(member: Member | None, thread: Any) -> bool:
    return member is not None and thread.locked_at is None


def may_see_thread(member: Member | None, thread: Any) -> bool:
    """Allow members, and visitors unless the thread belongs to an ask or a round."""
    return member is not None or not thread.is_for_members


def may_pin(member: Member | None, thread: Any) -> bool:
    """Allow organisers to pin threads that stand in a list: those under reviews and asks do not."""
    return member is not None and member.is_organiser and thread.title is not None


def may_see_comment(member: Member | None, comment: Any) -> bool:
    return member is not None or not (comment.thread and comment.thread.is_for_members)


def may_answer(member: Member | None, ask: Any) -> bool:
    """Allow members other than the asker, while the question is there."""
    return member is not None and ask.member_id != member.id and not ask.is_gone


def may_endorse(member: Member | None, answer: Any) -> bool:
    """Allow members other than the answer's author, while the answer is there."""
    return member is not None and answer.member_id != member.id and not answer.is_gone


def may_take(member: Member | None, answer: Any) -> bool:
    """Allow the asker, while the answer is there."""
    return member is not None and answer.asker_id == member.id and not answer.is_gone


def is_oneself(member: Member | None, row: Any) -> bool:
    return member is not None and member.id == row.id


def is_there(member: Member | None, row: Any) -> bool:
    """Allow members to see members who have not left."""
    return member is not None and row.removed_at is None


def may_see_years(member: Member | None, row: Any) -> bool:
    """Allow members to see their own years, and those of members who are here and show them."""
    if member is None:
        return False
    return member.id == row.id or bool(row.shows_years and row.is_active)


def organises_other(member: Member | None, row: Any) -> bool:
    """Allow organisers to act on any other member who has not left."""
    return member is not None and member.is_organiser and member.id != row.id and row.removed_at is None


def may_react(member: Member | None, row: Any) -> bool:
    """Allow members to react to posts, their own too, while the words are there."""
    return member is not None and not row.is_gone


def may_report(member: Member | None, row: Any) -> bool:
    """Allow members to report others' words as spoilers, while the words are there."""
    return member is not None and row.member_id != member.id and not row.is_gone


def is_told_of_report(member: Member | None, report: Any) -> bool:
    """Allow moderators, the reporter, and the author of the reported post."""
    return member is not None and (member.moderates or member.id in (report.member_id, report.author_id))


def may_decide(member: Member | None, report: Any) -> bool:
    """Allow moderators, also to decide again, and the post's author while the report is open."""
    if member is None:
        return False
    return member.moderates or (member.id == report.author_id and report.decided_at is None)


def may_see_round(member: Member | None, voting_round: Any) -> bool:
    """Allow members; allow visitors of a public club to see the results of finished rounds."""
    return member is not None or voting_round.settled_at is not None


def may_vote(member: Member | None, voting_round: Any) -> bool:
    return member is not None and voting_round.has_elector(member)


def may_withdraw(member: Member | None, nomination: Any) -> bool:
    """Allow organisers, and the member who nominated the book until the round is over."""
    if member is None or not nomination.stands:
        return False
    is_over = nomination.voting_round.settled_at is not None
    return member.is_organiser or (member.id == nomination.member_id and not is_over)


def may_plan(member: Member | None, club: Any) -> bool:
    """Allow organisers to plan meetings, and members if the club lets them."""
    return member is not None and (member.is_organiser or bool(club.members_meet))


def may_run_meeting(member: Member | None, meeting: Any) -> bool:
    """Allow organisers and the host to change a meeting, until it is cancelled."""
    if member is None or meeting.cancelled_at is not None:
        return False
    return member.is_organiser or member.id == meeting.host_id


def may_run_poll(member: Member | None, poll: Any) -> bool:
    """Allow organisers and the member who made a date poll to choose a date, and to withdraw it."""
    return member is not None and (member.is_organiser or member.id == poll.created_by_id)


def may_answer_meeting(member: Member | None, meeting: Any) -> bool:
    return member is not None and meeting.cancelled_at is None


def may_edit_question(member: Member | None, question: Any) -> bool:
    """Allow the author of a question. The words of a comment or passage are edited where they stand."""
    return not question.is_reference and is_author(member, question)


def may_delete_question(member: Member | None, question: Any) -> bool:
    """Allow the author of a question; a reference is taken off by who put it there, and by moderators."""
    if not question.is_reference:
        return is_author(member, question)
    return member is not None and (member.moderates or member.id == question.put_by_id)


def may_remove_question(member: Member | None, question: Any) -> bool:
    """Allow moderators to remove the words of others; those of a reference are removed where they stand."""
    return not question.is_reference and may_remove(member, question)


RULES: dict[tuple[str, str], Predicate] = {
    # The catalogue, reviews and threads are public in a public club. The guard turns visitors of a private
    # one away.
    ("see", "Author"): anybody,
    ("ask", "Author"): is_member,
    ("merge", "Author"): is_organiser,
    ("split", "Author"): is_organiser,
    ("see", "Book"): anybody,
    ("add", "Book"): is_member,
    ("edit", "Book"): is_member,
    ("read", "Book"): is_member,
    ("review", "Book"): is_member,
    ("discuss", "Book"): is_member,
    ("reveal", "Book"): is_member,
    ("quote", "Book"): is_member,
    ("endorse", "Book"): is_member,
    ("merge", "Book"): is_organiser,
    ("split", "Book"): is_organiser,
    ("see", "Merger"): is_organiser,
    ("undo", "Merger"): is_organiser,
    ("see", "Review"): anybody,
    ("edit", "Review"): is_author,
    ("delete", "Review"): is_author,
    ("remove", "Review"): may_remove,
    ("reveal", "Review"): is_member,
    ("report", "Review"): may_report,
    ("react", "Review"): may_react,
    # For everybody else load() answers 404, as if there were no draft.
    ("see", "ReviewDraft"): is_theirs,
    ("edit", "ReviewDraft"): is_theirs,
    ("publish", "ReviewDraft"): is_theirs,
    ("delete", "ReviewDraft"): is_theirs,
    ("see", "Import"): is_theirs,
    ("run", "Import"): is_theirs,
    ("delete", "Import"): is_theirs,
    ("see", "ImportUnderWay"): is_organiser,
    ("stop", "ImportUnderWay"): is_organiser,
    ("see", "Thread"): may_see_thread,
    ("reply", "Thread"): may_reply,
    ("reveal", "Thread"): is_member,
    ("lock", "Thread"): is_moderator,
    ("pin", "Thread"): may_pin,
    ("subscribe to", "Thread"): is_member,
    # To see the row is not to read its text, which its horizon decides.
    ("see", "Comment"): may_see_comment,
    ("edit", "Comment"): is_author,
    ("delete", "Comment"): is_author,
    ("remove", "Comment"): may_remove,
    ("reveal", "Comment"): is_member,
    ("report", "Comment"): may_report,
    ("react", "Comment"): may_react,
    ("discuss", "Comment"): is_author,
    # Visitors see nothing of what members quote. To see the row is not to read its text.
    ("see", "Passage"): is_member,
    ("edit", "Passage"): is_author,
    ("delete", "Passage"): is_author,
    ("remove", "Passage"): may_remove,
    ("reveal", "Passage"): is_member,
    ("discuss", "Passage"): may_react,
    ("see", "SpoilerReport"): is_told_of_report,
    ("decide", "SpoilerReport"): may_decide,
    # Visitors never see asks, even in a public club.
    ("see", "Ask"): is_member,
    ("answer", "Ask"): may_answer,
    ("delete", "Ask"): is_author,
    ("remove", "Ask"): may_remove,
    ("see", "Answer"): is_member,
    ("endorse", "Answer"): may_endorse,
    ("take", "Answer"): may_take,
    ("delete", "Answer"): is_author,
    ("remove", "Answer"): may_remove,
    ("see", "Endorsement"): is_member,
    ("delete", "Endorsement"): is_author,
    ("remove", "Endorsement"): may_remove,
    ("see", "Round"): may_see_round,
    ("nominate", "Round"): is_member,
    ("vote", "Round"): may_vote,
    # Visitors of a public club see the result, but no ballots.
    ("recount", "Round"): is_member,
    ("run", "Round"): is_organiser,
    # Visitors of a public club see titles and dates in the list alone, if the organisers say so.
    ("see", "Meeting"): is_member,
    ("answer", "Meeting"): may_answer_meeting,
    ("write up", "Meeting"): may_answer_meeting,
    ("attend", "Meeting"): may_answer_meeting,
    ("run", "Meeting"): may_run_meeting,
    # A poll that is closed says so itself, and shows what was answered too late.
    ("see", "DatePoll"): is_member,
    ("answer", "DatePoll"): is_member,
    ("run", "DatePoll"): may_run_poll,
    ("put questions to", "Meeting"): may_answer_meeting,
    # To see the row is not to read its text, which its horizon decides. Visitors see nothing of agendas.
    ("see", "Question"): is_member,
    ("edit", "Question"): may_edit_question,
    ("delete", "Question"): may_delete_question,
    ("remove", "Question"): may_remove_question,
    ("reveal", "Question"): is_member,
    ("support", "Question"): may_react,
    ("see", "Nomination"): is_member,
    ("withdraw", "Nomination"): may_withdraw,
    ("see", "Member"): is_there,
    ("edit", "Member"): is_oneself,
    ("see the years of", "Member"): may_see_years,
    ("manage", "Member"): organises_other,
    ("see", "Club"): anybody,
    ("edit", "Club"): is_organiser,
    ("say a word to", "Club"): is_organiser,
    ("moderate", "Club"): is_moderator,
    ("talk in", "Club"): is_member,
    ("call a vote", "Club"): is_organiser,
    ("plan a meeting in", "Club"): may_plan,
    ("add books to", "Club"): is_organiser,
    ("oversee imports of", "Club"): is_organiser,
    ("see", "Invitation"): is_organiser,
    ("revoke", "Invitation"): is_organiser,
}


def may(member: Member | None, verb: str, row: object) -> bool:
    """Return whether a member (None: a visitor) may do this to this row. Unlisted pairs are denied.

    A CommentRow, which is a Comment as one reader sees it, follows the rules for a Comment.
    """
    predicate = RULES.get((verb, type(row).__name__.removesuffix("Row")))
    return predicate is not None and predicate(member, row)


def why_not(verb: str, row: object) -> str | None:
    """Return an explanation for someone who was refused, if there is more to say than that."""
    # Only a thread that was locked has a reason.
    reason = getattr(row, "lock_reason", None)
    if verb == "reply" and reason:
        return _("This conversation was locked by a moderator: %(reason)s", reason=reason)
    deeds = ("answer", "run", "write up", "attend", "put questions to")
    if verb in deeds and getattr(row, "cancel_reason", None):
        return _("This meeting is cancelled: nothing about it can be changed any more.")
    if verb == "answer":
        is_gone = getattr(row, "is_gone", False)
        return _("The question is gone.") if is_gone else _("It is your own question: others answer it.")
    if verb == "endorse":
        return _("It is your own answer: others endorse it.")
    if verb == "vote":
        return _("Only members who were here when voting opened can vote in this round.")
    return None


Loader = Callable[..., Any]
LOADERS: dict[type[Any], Loader] = {}


def loads(model: type[Row]) -> Callable[[Loader], Loader]:
    """Mark a query as the one by which ``web.load()`` fetches a model.

    The query takes the key of the row as it is in the address, and ``lock``: whether to lock the row until
    the transaction ends. It loads everything that the predicates above read.
    """

    def register(loader: Loader) -> Loader:
        LOADERS[model] = loader
        return loader

    return register
