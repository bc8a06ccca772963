"""Departures: what becomes of every row that names a member, when they leave and when they are removed."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from bookclub.books.models import BookEdit
from bookclub.date_polls.models import Availability
from bookclub.extensions import Base, begin_write, db, utcnow
from bookclub.feeds.models import FeedAddress
from bookclub.imports.models import ImportedReading, ImportRow
from bookclub.mail.models import Mail
from bookclub.mailbox.models import ReturnedReply
from bookclub.meetings.models import Attendance, CalendarAddress, MeetingEvent, MeetingSeries, Rsvp
from bookclub.members.models import Acceptance, Invitation, Member, MemberSession, OneTimeLink
from bookclub.mergers.models import Merger, MergerStep
from bookclub.notices.mail_models import Letter, MailPreference
from bookclub.notices.models import Notice
from bookclub.questions.models import QuestionSupport
from bookclub.reactions.models import Reaction
from bookclub.readings.models import OwnTag, Reading, ReadThrough
from bookclub.rounds.models import RoundEvent
from bookclub.sealed_forms.models import SealedForm
from bookclub.sections.models import Section, SectionStart
from bookclub.threads.models import Bookmark, Subscription
from tests.archive.test_leaving import life  # noqa: F401
from tests.factories import (
    PASSWORD,
    make_book,
    make_comment,
    make_date_poll,
    make_import,
    make_invitation,
    make_meeting,
    make_member,
    make_passage,
    make_picture,
    make_question,
    make_report,
    make_round,
    make_thread,
)

GOES = "goes: it is theirs alone"
# Each column that names a member, and what becomes of a row that names one who has left or was removed.
DECISIONS = {
    "acceptance.member_id": "stays: it says how others came here",
    "answer.member_id": "stays: words, under “a former member”",
    "answer.removed_by_id": "stays: what a moderator did, under “a former member”",
    "answer_endorsement.member_id": "goes: only members endorse",
    "ask.member_id": "stays: words, under “a former member”",
    "ask.removed_by_id": "stays: what a moderator did, under “a former member”",
    "ballot.member_id": "stays: it was counted, under “a former member”",
    "book.added_by_id": "stays: the book is the club’s",
    "book_edit.member_id": "stays: the log of the book, under “a former member”",
    "comment.member_id": "stays: words, under “a former member”",
    "comment.removed_by_id": "stays: what a moderator did, under “a former member”",
    "endorsement.member_id": "stays: words, under “a former member”",
    "endorsement.removed_by_id": "stays: what a moderator did, under “a former member”",
    "import.member_id": GOES,
    "imported_reading.member_id": GOES,
    "invitation.created_by_id": "stays: withdrawn; it says how others came here",
    "calendar_address.member_id": GOES,
    "availability.member_id": GOES,
    "date_poll.created_by_id": "stays: the question is the club’s",
    "date_poll.withdrawn_by_id": "stays: the question is the club’s",
    "meeting.cancelled_by_id": "stays: the meeting is the club’s",
    "meeting.created_by_id": "stays: the meeting is the club’s",
    "meeting.host_id": "stays, under “a former member”, until it is handed over",
    "meeting_series.created_by_id": "stays: the meetings are the club’s",
    "meeting_event.host_id": "stays: the log of the meeting, under “a former member”",
    "meeting_event.member_id": "stays: the log of the meeting, under “a former member”",
    "attendance.member_id": GOES,
    "rsvp.member_id": GOES,
    "passage.member_id": "stays: words, under “a former member”",
    "passage.removed_by_id": "stays: what a moderator did, under “a former member”",
    "question.member_id": "stays: under “a former member”",
    "question.removed_by_id": "stays: what a moderator did",
    "question_support.member_id": GOES,
    "member.removed_by_id": "stays: what an organiser did",
    "mail.member_id": GOES,
    "returned_reply.member_id": GOES,
    "member_session.member_id": GOES,
    "merger.member_id": "stays: the log of the book, under “a former member”",
    "merger.undone_by_id": "stays: the log of the book, under “a former member”",
    "merger_step.member_id": GOES,
    "mute.member_id": GOES,
    "nomination.member_id": "stays: it stands in the round, under “a former member”",
    "notice.actor_id": "stays: others hear of it, under “a former member”",
    "notice.member_id": GOES,
    "one_time_link.member_id": GOES,
    "picture.member_id": "stays with its post, under “a former member”",
    "picture.portrait_of_id": GOES,
    "promise.member_id": GOES,
    "reaction.member_id": GOES,
    "reading.member_id": GOES,
    "reveal.member_id": GOES,
    "review.member_id": "stays: words, under “a former member”",
    "review.removed_by_id": "stays: what a moderator did, under “a former member”",
    "review_draft.member_id": GOES,
    "round_event.member_id": "stays: the log of the round, under “a former member”",
    "sealed_form.member_id": GOES,
    "section_start.member_id": "stays: the book is the club’s",
    "spoiler_report.decided_by_id": "stays: what a moderator did",
    "spoiler_report.member_id": "stays: what it lifted stays lifted, under “a former member”",
    "thread.locked_by_id": "stays: what a moderator did",
    "thread.member_id": "stays: words, under “a former member”",
    "member_name.member_id": GOES,
    "feed_address.member_id": GOES,
    "letter.member_id": GOES,
    "mail_preference.member_id": GOES,
    "thread_subscription.member_id": GOES,
    "thread_visit.member_id": GOES,
    "voting_round.opened_by_id": "stays: the round is the club’s",
}
# These hang on a row that goes.
HANGING = (ImportRow, OwnTag, ReadThrough)


def columns():
    """Every column that names a member, as "table.column"."""
    return {
        f"{table.name}.{key.parent.name}": (table, key.parent)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == Member.__tablename__
    }


def rows_naming(member_id):
    """Number of rows that name a member, by the column that does."""
    return {
        name: db.session.scalar(select(func.count()).select_from(table).where(column == member_id))
        for name, (table, column) in columns().items()
    }


@pytest.fixture
def everything(app, save, alice, bob, life):  # noqa: F811
    """Alice is named in every column that names a member."""
    now = utcnow()
    invitation, brought = save(make_invitation(alice), make_import(alice, state="running"))
    comment = save(make_comment(save(make_thread(bob, life, "Asides")), bob))
    book = save(make_book("Sanditon", added_by_id=alice.id))
    section = save(Section(book_id=book.id, place=0, title="One"))
    voting_round = save(make_round(alice))
    cancelled = {"cancelled_at": now, "cancelled_by_id": alice.id, "cancel_reason": "Flu"}
    meeting = save(make_meeting(alice, **cancelled))
    withdrawn = {"withdrawn_at": now, "withdrawn_by_id": alice.id, "withdraw_reason": "Flu"}
    asked = save(make_date_poll(alice, **withdrawn))
    removed = {"deleted_at": now, "removed_by_id": alice.id}
    question, _ = save(make_question(meeting, alice), make_question(meeting, bob, **removed))
    save(make_passage(alice, book), make_passage(bob, book, **removed))
    merger = save(Merger(kind="book merger", title="E", slug="e", member_id=alice.id, undone_by_id=alice.id))
    with app.app_context():
        mine = db.session.scalars(select(Reading).where(Reading.member_id == alice.id)).first()
    save(
        Acceptance(member_id=alice.id, invitation_id=invitation.id),
        BookEdit(book_id=book.id, member_id=alice.id, changes={}),
        ImportRow(import_id=brought.id, number=2, state="waiting", entry={"notes": "canary"}),
        ImportedReading(member_id=alice.id, book_id=life.id, said={}),
        CalendarAddress(member_id=alice.id, code="x"),
        FeedAddress(member_id=alice.id, code="x"),
        MeetingSeries(rule="FREQ=DAILY", begins_on=now.date(), created_by_id=alice.id),
        MeetingEvent(meeting_id=meeting.id, kind="handed_over", member_id=alice.id, host_id=alice.id),
        Rsvp(meeting_id=meeting.id, member_id=alice.id, answer="no"),
        make_picture(alice, comment_id=comment.id),
        make_picture(alice, portrait_of_id=alice.id),
        Attendance(meeting_id=meeting.id, member_id=alice.id),
        Availability(option_id=asked.options[0].id, member_id=alice.id, answer="yes"),
        QuestionSupport(question_id=question.id, member_id=alice.id),
        MemberSession(member_id=alice.id, token_hash="x" * 64),
        Notice(member_id=alice.id, kind="reply", comment_id=comment.id, actor_id=bob.id),
        Notice(member_id=bob.id, kind="reply", comment_id=comment.id, actor_id=alice.id),
        MergerStep(merger_id=merger.id, member_id=alice.id, kind="folded", table_name="reading", details={}),
        OneTimeLink(member_id=alice.id, token_hash="y" * 64, expires_at=now),
        Reaction(member_id=alice.id, comment_id=comment.id, kind="like"),
        ReadThrough(reading_id=mine.id, started_on=now.date()),
        RoundEvent(round_id=voting_round.id, kind="changed", member_id=alice.id),
        SectionStart(
            section_id=section.id, edition_id=book.editions[0].id, unit="page", start=1, member_id=alice.id
        ),
        SealedForm(
            member_id=alice.id, token_hash="z" * 64, path="/asks/new", query="", fields="[]", expires_at=now
        ),
        Bookmark(member_id=alice.id, thread_id=comment.thread_id, mark=0),
        Subscription(member_id=alice.id, thread_id=comment.thread_id, state="followed"),
        MailPreference(member_id=alice.id, topic="replies", frequency="never"),
        Letter(member_id=alice.id, frequency="weekly", told_until_at=now),
        ReturnedReply(member_id=alice.id, why="Why.", words="My own."),
        Mail(
            kind="test",
            cause="x",
            member_id=alice.id,
            address=alice.email,
            site="x",
            arguments={},
            message_id="<x@y>",
        ),
        make_member("carol", removed_at=now, removed_by_id=alice.id),
        make_report(alice, comment, decided_by_id=alice.id),
    )
    with app.app_context():
        begin_write()
        # What a moderator does to others' rows; which rows these are does not matter.
        for table, column in columns().values():
            is_a_deed = column.name in ("removed_by_id", "locked_by_id")
            if is_a_deed and table is not Member.__table__:
                db.session.execute(update(table).values({column: alice.id}))
        db.session.commit()


def test_every_column_that_names_a_member_has_a_decision(app):
    """Add a new column to DECISIONS, and a row of it to ``everything``."""
    assert set(columns()) == set(DECISIONS)


@pytest.mark.parametrize("way", ["leaves", "is removed", "is removed while suspended"])
def test_leaving_and_removal_clear_the_same(app, visit, alice, olive, everything, way):
    with app.app_context():
        before = rows_naming(alice.id)
    assert [name for name, count in before.items() if not count] == []
    if way == "leaves":
        answer = visit(alice).post("/settings/departure", data={"password": PASSWORD})
    else:
        if "suspended" in way:
            assert visit(olive).post("/members/alice/suspension").status_code == 303
        answer = visit(olive).post("/members/alice/removal")
    assert answer.status_code == 303

    with app.app_context():
        after = rows_naming(alice.id)
        hanging = [one for one in HANGING if db.session.scalars(select(one)).all()]
        withdrawn = db.session.scalars(select(Invitation.revoked_at)).all()
    assert {name for name, count in after.items() if count} == {
        name for name, decision in DECISIONS.items() if decision.startswith("stays")
    }
    assert hanging == []
    assert all(withdrawn)
