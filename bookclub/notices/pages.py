"""The page of a member's notices: sentences and excerpts, as their reader may see the subjects now."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, url_for
from markupsafe import escape

from ..asks.queries import LatestAnswer, latest_answers
from ..books.models import Book
from ..date_polls.models import DatePoll
from ..date_polls.queries import polls_by_id
from ..date_polls.rules import OPEN
from ..extensions import utcnow
from ..lib.positions.contents import Contents, horizon_text
from ..lib.positions.visibility import Viewer
from ..lib.tally import states
from ..lib.text.bidi import isolated
from ..lib.text.dates import deadline_text
from ..lib.text.markdown import excerpt
from ..lib.text.messages import gettext as _
from ..meetings.models import Meeting
from ..meetings.queries import meetings_by_id
from ..members.models import Member
from ..passages.queries import passages_by_id
from ..passages.rules import PassageRow
from ..readings.models import Reading
from ..readings.queries import readings_by_id
from ..reports.queries import contents_of_books, count_open, reports_about
from ..reports.rules import SpoilerReportRow
from ..reviews.queries import reviews_by_id
from ..reviews.rules import ReviewRow
from ..rounds.models import Round
from ..rounds.queries import rounds_by_id
from ..threads.placed_comment_queries import PlacedComment, comments_by_id
from ..web import current_viewer, the_club, the_member, time_zone
from . import queries, rules
from .models import Notice
from .rules import RenderedNotice

# Characters of a question that the sentence about its answer quotes.
LONGEST_QUOTE = 80


def show_notices(after: int | None) -> str:
    """Render a page of the member's notices, newest first; ``after`` is the key of the last one before it."""
    member = the_member()
    notices, next_after = queries.notices_before(current_viewer(), after)
    return render_template(
        "notices/index.html",
        groups=rules.group_notices(render_notices(current_viewer(), notices)),
        newest=notices[0].id if notices else None,
        next_after=next_after,
        after=after,
        # Only moderators see the list of reports, so only they are told how many wait.
        open_reports=count_open() if member.moderates else 0,
    )


def render_notices(viewer: Viewer, notices: Sequence[Notice]) -> list[RenderedNotice]:
    """Return these notices as their reader may see them now; those without a visible subject are left out."""
    comment_ids = {one.comment_id for one in notices if one.comment_id is not None}
    review_ids = {one.review_id for one in notices if one.review_id is not None}
    replies = comments_by_id(viewer, comment_ids)
    reports = reports_about(viewer, comment_ids, review_ids)
    reviews = reviews_by_id(viewer, review_ids)
    passages = passages_by_id(viewer, {one.passage_id for one in notices if one.passage_id is not None})
    # All subjects are loaded before the loop, so the number of statements does not grow with the notices.
    contents = contents_of_books(
        {reply.book_id for reply in replies.values()} | {report.book_id for report in reports}
    )
    finished = readings_by_id({one.reading_id for one in notices if one.reading_id is not None})
    rounds = rounds_by_id({one.round_id for one in notices if one.round_id is not None})
    meetings = meetings_by_id({one.meeting_id for one in notices if one.meeting_id is not None})
    polls = polls_by_id({one.date_poll_id for one in notices if one.date_poll_id is not None})
    answers = latest_answers({one.ask_id for one in notices if one.ask_id is not None})
    rendered = []
    for notice in notices:
        if notice.passage_id in passages:
            rendered.extend(tell_passage(notice, passages[notice.passage_id]))
        elif notice.kind == "removed":
            about = replies.get(notice.comment_id or 0), reviews.get(notice.review_id or 0)
            rendered.append(tell_removal(notice, *about))
        elif notice.kind in rules.COMMENT_KINDS and notice.comment_id in replies:
            reply = replies[notice.comment_id]
            rendered.extend(tell_comment(notice, reply, contents[reply.book_id]))
        elif notice.kind == "mention" and notice.review_id in reviews:
            review = reviews[notice.review_id]
            if review.html:
                rendered.append(tell_review_mention(notice, review))
        elif notice.kind == "answer_removed":
            sentence = rules.removed_text(name_of(notice), notice.kind)
            rendered.append(rendered_notice(notice, sentence, ask_path(notice)))
        elif notice.kind in ("spoiler_report", "report_decided"):
            report = report_of(notice, reports)
            if report is not None:
                rendered.append(tell_report(notice, report, contents[report.book_id]))
        elif notice.kind == "promise" and notice.reading_id in finished:
            rendered.extend(tell_promise(notice, *finished[notice.reading_id]))
        # An answer that was withdrawn or removed leaves no notice to show.
        elif notice.kind == "answer" and (notice.ask_id, notice.actor_id) in answers:
            rendered.append(tell_answer(notice, answers[notice.ask_id, notice.actor_id]))
        elif notice.round_id in rounds:
            rendered.extend(tell_round(notice, rounds[notice.round_id]))
        elif notice.meeting_id in meetings:
            rendered.extend(tell_meeting(notice, meetings[notice.meeting_id]))
        elif notice.date_poll_id in polls:
            rendered.extend(tell_date_poll(notice, polls[notice.date_poll_id]))
    return rendered


def tell_comment(notice: Notice, reply: PlacedComment, contents: Contents) -> list[RenderedNotice]:
    """Render the notice of a comment; none if it mentions its reader and has since been hidden from them."""
    if notice.kind == "followed":
        return [tell_reply(notice, reply, contents, is_followed=True)]
    if reply.answered_id == notice.member_id:
        return [tell_reply(notice, reply, contents)]
    return [] if reply.row.locked else [tell_mention(notice, reply)]


def tell_removal(notice: Notice, comment: PlacedComment | None, review: ReviewRow | None) -> RenderedNotice:
    """Render the notice that a moderator removed what its reader wrote, with the reason."""
    actor = name_of(notice)
    if comment is not None:
        title = comment.thread_title and isolated(comment.thread_title)
        sentence, reason = rules.removed_comment_text(actor, title), comment.row.removal_reason
        return rendered_notice(notice, sentence, comment_path(comment.row.id), words=reason)
    if review is not None:
        sentence = rules.removed_text(actor, notice.kind, book=isolated(review.book_title))
        return rendered_notice(notice, sentence, review_path(review.id), words=review.removal_reason)
    return rendered_notice(notice, rules.removed_text(actor, notice.kind), ask_path(notice))


def tell_passage(notice: Notice, passage: PassageRow) -> list[RenderedNotice]:
    """Render the notice that a moderator removed its reader's passage, or that a note mentions them.

    A mention is none any more where the note is gone, or was hidden from its reader since.
    """
    path, book = url_for("passages.show", passage_id=passage.id), isolated(passage.book_title)
    if notice.kind == "removed":
        sentence = rules.removed_passage_text(name_of(notice), book)
        return [rendered_notice(notice, sentence, path, words=passage.removal_reason)]
    if not passage.html:
        return []
    sentence = rules.passage_mention_text(isolated(passage.author), book)
    return [rendered_notice(notice, sentence, path, words=excerpt(passage.html))]


def tell_reply(
    notice: Notice, reply: PlacedComment, contents: Contents, *, is_followed: bool = False
) -> RenderedNotice:
    """Render the notice of a reply, with its beginning unless it is locked.

    Or of a comment in a conversation that the reader follows.
    """
    row = reply.row
    title = reply.thread_title and isolated(reply.thread_title)
    book = None if reply.of_ask else reply.book_title and isolated(reply.book_title)
    if is_followed:
        sentence = rules.followed_text(isolated(row.author), title=title, book=book)
    else:
        answers_comment = row.parent_id is not None
        sentence = rules.reply_text(
            isolated(row.author), answers_comment=answers_comment, title=title, book=book, of_ask=reply.of_ask
        )
    # A locked reply comes without its HTML, so no word of it can be quoted.
    words = excerpt(row.html) if row.html else None
    if row.is_gone:
        words = _("This comment was removed.")
    elif row.locked:
        words = rules.locked_text(horizon_text(row.horizon, contents))
    return rendered_notice(
        notice,
        sentence,
        comment_path(row.id),
        words=words,
        thread_id=row.thread_id,
        thread_title=reply.thread_title and isolated(reply.thread_title),
    )


def tell_mention(notice: Notice, reply: PlacedComment) -> RenderedNotice:
    """Render the notice of a comment that mentions its reader."""
    row = reply.row
    sentence = rules.mention_text(isolated(row.author), reply.thread_title and isolated(reply.thread_title))
    words = excerpt(row.html) if row.html else None
    return rendered_notice(notice, sentence, comment_path(row.id), words=words)


def tell_review_mention(notice: Notice, review: ReviewRow) -> RenderedNotice:
    """Render the notice of a review that mentions its reader."""
    sentence = rules.review_mention_text(isolated(review.author), isolated(review.book_title))
    words = excerpt(review.html) if review.html else None
    return rendered_notice(notice, sentence, review_path(review.id), words=words)


def tell_report(notice: Notice, report: SpoilerReportRow, contents: Contents) -> RenderedNotice:
    """Render the notice of a report on the reader's words, or of the decision on a report."""
    proposed = horizon_text(report.horizon, contents)
    mine = report.author_id == notice.member_id
    actor = name_of(notice)
    if notice.kind == "report_decided":
        sentence = rules.decision_text(
            actor,
            is_review=report.review_id is not None,
            author=None if mine else isolated(report.author),
            upheld=bool(report.upheld),
            now=horizon_text(report.horizon_now, contents),
        )
    elif report.upheld is None:
        sentence = rules.report_text(
            actor,
            is_review=report.review_id is not None,
            book=report.book_title and isolated(report.book_title),
            before=horizon_text(report.horizon_before, contents),
            proposed=proposed,
        )
    else:
        sentence = rules.decided_report_text(
            actor,
            is_review=report.review_id is not None,
            proposed=proposed,
            upheld=report.upheld,
        )
    return rendered_notice(notice, sentence, url_for("reports.show", report_id=report.id))


def tell_promise(notice: Notice, reading: Reading, book: Book, reader: Member) -> list[RenderedNotice]:
    """Render the notice that a reader has finished a book.

    It is empty if the reading no longer counts as finished or has become private.
    """
    mine = reading.member_id == notice.member_id
    # The notice was made when they finished, but the reading as it is now decides what its reader may know.
    if reading.is_private or not (reading.times_read or reading.status == "finished"):
        return []
    actor = name_of(notice) if mine else isolated(reader.display_name)
    sentence = rules.promise_text(actor, book=isolated(book.title), mine=mine)
    return [rendered_notice(notice, sentence, url_for("books.show", slug=book.slug))]


def tell_answer(notice: Notice, answer: LatestAnswer) -> RenderedNotice:
    """Render the notice that someone answered the reader's question, with the latest that remains."""
    # excerpt() takes HTML, and a question is plain text.
    question = isolated(excerpt(escape(answer.question), LONGEST_QUOTE))
    sentence = rules.answer_text(name_of(notice), book=isolated(answer.book_title), question=question)
    return rendered_notice(notice, sentence, ask_path(notice), words=answer.reason)


def tell_round(notice: Notice, voting_round: Round) -> list[RenderedNotice]:
    """Render the notice that a round is open, ends soon, or is over; empty if that is no longer so."""
    state, title = voting_round.state(utcnow()), isolated(voting_round.title)
    is_voting = state == states.VOTING
    until = voting_round.voting_until_at if is_voting else voting_round.nominations_until_at
    deadline = deadline_text(until, time_zone(), the_club().time_zone)
    if notice.kind == "round_result" and state == states.CLOSED:
        winner = voting_round.winner
        sentence = rules.result_text(
            title,
            winner=isolated(winner.title) if winner else None,
            was_voted_on=voting_round.voting_opened_at is not None,
        )
    elif notice.kind == "round_opened" and state in (states.NOMINATING, states.VOTING):
        sentence = rules.opened_text(title, deadline, is_voting=is_voting)
    elif notice.kind == "round_ending" and is_voting:
        sentence = rules.ending_text(title, deadline)
    elif notice.kind == "ballot_by_link":
        sentence = rules.ballot_by_link_text(title, deadline if is_voting else None)
    else:
        return []
    return [rendered_notice(notice, sentence, url_for("rounds.show", round_id=voting_round.id))]


def tell_meeting(notice: Notice, meeting: Meeting) -> list[RenderedNotice]:
    """Render a notice of a meeting; empty if it is about one that was cancelled since."""
    path = url_for("meetings.show", meeting_id=meeting.id)
    if notice.kind == "question_removed":
        sentence = rules.removed_text(name_of(notice), notice.kind, meeting=isolated(meeting.title))
        return [rendered_notice(notice, sentence, path)]
    if meeting.is_cancelled != (notice.kind == "meeting_cancelled"):
        return []
    start = deadline_text(meeting.starts_at, time_zone(), the_club().time_zone)
    reason = meeting.cancel_reason and isolated(meeting.cancel_reason)
    rule = meeting.series.rule_text if meeting.series else ""
    sentence = rules.meeting_text(notice.kind, name_of(notice), isolated(meeting.title), start, reason, rule)
    return [rendered_notice(notice, sentence, path)]


def tell_date_poll(notice: Notice, poll: DatePoll) -> list[RenderedNotice]:
    """Render the notice that somebody asks when its reader has time; empty once the poll is not open."""
    if poll.state(utcnow()) != OPEN:
        return []
    sentence = rules.date_wanted_text(name_of(notice), isolated(poll.title))
    return [rendered_notice(notice, sentence, url_for("date_polls.show", poll_id=poll.id))]


def report_of(notice: Notice, reports: Sequence[SpoilerReportRow]) -> SpoilerReportRow | None:
    """Return the report that a notice is about: its actor's, its reader's own, or the last one decided."""
    subject = (notice.comment_id, notice.review_id)
    about = [one for one in reports if (one.comment_id, one.review_id) == subject]
    if notice.kind == "spoiler_report":
        found = (one for one in about if one.member_id == notice.actor_id)
    else:
        mine = [one for one in about if one.member_id == notice.member_id]
        # Those with the latest decision come first.
        found = (one for one in mine or about if one.upheld is not None)
    return next(found, None)


def comment_path(comment_id: int) -> str:
    """Return the address that leads to a comment in its thread."""
    return url_for("comments.in_thread", comment_id=comment_id)


def review_path(review_id: int) -> str:
    """Return the address of a review."""
    return url_for("reviews.show", review_id=review_id)


def ask_path(notice: Notice) -> str:
    """Return the address of the ask that a notice is about."""
    return url_for("asks.show", ask_id=notice.ask_id)


def name_of(notice: Notice) -> str:
    """Return the name of the member who caused a notice."""
    return isolated(notice.actor.display_name) if notice.actor else _("Somebody")


def rendered_notice(
    notice: Notice,
    sentence: str,
    path: str,
    *,
    words: str | None = None,
    thread_id: int | None = None,
    thread_title: str | None = None,
) -> RenderedNotice:
    """Return a notice with its words. It is new until it is marked as seen."""
    is_new = notice.seen_at is None
    return RenderedNotice(
        notice.id, notice.created_at, is_new, sentence, path, words, thread_id, thread_title
    )
