"""What each notice says to its reader, who may see more of it by now than when it was made, or less."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from ..asks.queries import ToldAnswer, answers_told_of
from ..books.models import Book
from ..lib.positions.contents import Contents, say_horizon
from ..lib.text.bidi import isolated
from ..lib.text.markdown import excerpt
from ..members.models import Member
from ..readings.models import Reading
from ..readings.queries import readings_told_of
from ..reports.queries import contents_of_books, reports_about
from ..reports.rules import SpoilerReportRow
from ..threads.comment_queries import ToldComment, comments_told_of
from ..web import the_member, viewer
from . import rules
from .models import Notice
from .rules import Told

# How much of a question stands in the sentence that tells of an answer to it.
LONGEST_QUOTE = 80


def tell(notices: Sequence[Notice]) -> list[Told]:
    """These notices as their reader may see them now."""
    comment_ids = {one.comment_id for one in notices if one.comment_id is not None}
    replies = comments_told_of(viewer(), comment_ids)
    reports = reports_about(
        the_member().id, comment_ids, {one.review_id for one in notices if one.review_id is not None}
    )
    contents = contents_of_books(
        {reply.book_id for reply in replies.values()} | {report.book_id for report in reports}
    )
    finished = readings_told_of({one.reading_id for one in notices if one.reading_id is not None})
    answers = answers_told_of({one.ask_id for one in notices if one.ask_id is not None})
    told = []
    for notice in notices:
        if notice.kind == "reply" and notice.comment_id in replies:
            reply = replies[notice.comment_id]
            told.append(tell_reply(notice, reply, contents[reply.book_id]))
        elif notice.kind in ("spoiler_report", "report_decided"):
            report = report_of(notice, reports)
            if report is not None:
                told.append(tell_report(notice, report, contents[report.book_id]))
        elif notice.kind == "promise" and notice.reading_id in finished:
            told.extend(tell_promise(notice, *finished[notice.reading_id]))
        elif notice.kind == "answer" and (notice.ask_id, notice.actor_id) in answers:
            told.append(tell_answer(notice, answers[notice.ask_id, notice.actor_id]))
    return told


def tell_reply(notice: Notice, reply: ToldComment, contents: Contents) -> Told:
    """That somebody answered, with the beginning of what they said where that is not locked."""
    row = reply.row
    sentence = rules.say_reply(
        isolated(row.author),
        answers_comment=row.parent_id is not None,
        title=reply.thread_title and isolated(reply.thread_title),
        book=reply.book_title and isolated(reply.book_title),
        ahead=say_horizon(row.horizon, contents) if row.locked else None,
        of_ask=reply.of_ask,
    )
    words = "removed" if row.is_gone else excerpt(row.html) if row.html else None
    return told_of(notice, sentence, words=words, comment_id=row.id)


def tell_report(notice: Notice, report: SpoilerReportRow, contents: Contents) -> Told:
    """That somebody reported the reader's words, or what became of a report that concerns them."""
    proposed = say_horizon(report.horizon, contents)
    mine = report.author_id == notice.member_id
    actor = name_of(notice)
    if notice.kind == "report_decided":
        sentence = rules.say_decided(
            actor,
            what=report.what,
            whose="your" if mine else f"{isolated(report.author)}’s",
            upheld=bool(report.upheld),
            now=say_horizon(report.horizon_now, contents),
        )
    elif report.upheld is None:
        sentence = rules.say_report(
            actor,
            what=report.what,
            book=report.book_title and isolated(report.book_title),
            before=say_horizon(report.horizon_before, contents),
            proposed=proposed,
        )
    else:
        sentence = rules.say_reported(
            actor,
            what=report.what,
            book=report.book_title and isolated(report.book_title),
            proposed=proposed,
            upheld=report.upheld,
        )
    return told_of(notice, sentence, report_id=report.id)


def tell_promise(notice: Notice, reading: Reading, book: Book, reader: Member) -> list[Told]:
    """That a reader has finished, as far as that still holds and they do not keep it to themselves."""
    mine = reading.member_id == notice.member_id
    if reading.is_private or not (reading.times_read or reading.status == "finished"):
        return []
    actor = name_of(notice) if mine else isolated(reader.display_name)
    return [
        told_of(notice, rules.say_promise(actor, book=isolated(book.title), mine=mine), book_slug=book.slug)
    ]


def tell_answer(notice: Notice, answer: ToldAnswer) -> Told:
    """That somebody answered the reader's question, with their latest answer to it that still stands."""
    question = isolated(excerpt(escape(answer.question), LONGEST_QUOTE))
    sentence = rules.say_answer(name_of(notice), book=isolated(answer.book_title), question=question)
    return told_of(notice, sentence, words=answer.reason, ask_id=notice.ask_id)


def report_of(notice: Notice, reports: Sequence[SpoilerReportRow]) -> SpoilerReportRow | None:
    """The report that a notice is about: its actor's, its reader's own, or the last that was decided."""
    subject = (notice.comment_id, notice.review_id)
    about = [one for one in reports if (one.comment_id, one.review_id) == subject]
    if notice.kind == "spoiler_report":
        found = (one for one in about if one.member_id == notice.actor_id)
    else:
        mine = [one for one in about if one.member_id == notice.member_id]
        found = (one for one in mine or about if one.upheld is not None)
    return next(found, None)


def name_of(notice: Notice) -> str:
    """Who caused it."""
    return isolated(notice.actor.display_name) if notice.actor else "Somebody"


def told_of(
    notice: Notice,
    sentence: str,
    *,
    words: str | None = None,
    comment_id: int | None = None,
    report_id: int | None = None,
    book_slug: str | None = None,
    ask_id: int | None = None,
) -> Told:
    """A notice with its words, new until it is marked as seen."""
    is_new = notice.seen_at is None
    return Told(
        notice.id, notice.created_at, is_new, sentence, words, comment_id, report_id, book_slug, ask_id
    )
