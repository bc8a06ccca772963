"""Plain functions that build rows with sensible defaults; ``save`` in conftest.py writes them down."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from argon2 import PasswordHasher

from bookclub.asks.models import Answer, Ask, Endorsement
from bookclub.books.models import Author, Book, BookAuthor, BookTag, Edition, Tag
from bookclub.date_polls.models import DateOption, DatePoll
from bookclub.extensions import utcnow
from bookclub.imports.models import Import
from bookclub.lib.matches.book_fields import BookFields, search_key
from bookclub.lib.positions.places import END
from bookclub.lib.positions.progress import move
from bookclub.lib.positions.visibility import effective_horizon
from bookclub.lib.tally.lots import sha256_hex
from bookclub.lib.text.keys import key_of, slug_base, title_key
from bookclub.lib.text.markdown import render
from bookclub.meetings.models import Meeting, MeetingBook
from bookclub.members.models import Invitation, Member
from bookclub.passages.models import Passage
from bookclub.pictures.models import Picture, PictureCopy
from bookclub.questions.models import Question
from bookclub.readings.models import Reading
from bookclub.reports.models import SpoilerReport
from bookclub.reviews.models import Review, ReviewDraft
from bookclub.rounds.models import Nomination, Round
from bookclub.threads.models import Comment, Thread
from bookclub.threads.rules import path_of

numbers = count(1)
WEEK = timedelta(days=7)
PASSWORD = "a lantern in the orchard"


@cache
def hashed(password: str) -> str:
    """A hash that takes no time, with the parameters that the application uses in tests."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def make_member(username: str | None = None, *, password: str | None = PASSWORD, **columns: Any) -> Member:
    """A member, called Alice where the username is alice; PASSWORD signs everybody in."""
    username = username or f"member{next(numbers)}"
    defaults = {"display_name": username.capitalize(), "role": "member", "theme": "auto"}
    member = Member(password_hash=hashed(password) if password else None, **{**defaults, **columns})
    member.rename(username)
    member.change_email(columns.get("email") or f"{username}@example.org")
    return member


def make_invitation(organiser: Member, **columns: Any) -> Invitation:
    """A link for five people, good for a week."""
    defaults = {"code": f"code-{next(numbers)}", "max_uses": 5, "expires_at": utcnow() + WEEK}
    return Invitation(created_by_id=organiser.id, **{**defaults, **columns})


def make_author(name: str | None = None) -> Author:
    """An author; the same row may be given to several books."""
    name = name or f"Author {next(numbers)}"
    return Author(name=name, name_key=key_of(name), slug=slug_base(name, "author"))


def make_tag(name: str | None = None) -> Tag:
    """A tag; the same row may be given to several books."""
    name = name or f"tag {next(numbers)}"
    return Tag(name=name, name_key=key_of(name), slug=slug_base(name, "tag"))


def make_book(
    title: str | None = None,
    *,
    author: Author | str | None = None,
    pages: int | None = 300,
    isbn: str | None = None,
    tags: tuple[Tag, ...] = (),
    **columns: Any,
) -> Book:
    """A book with one author and one edition, at /books/emma where it is called Emma.

    Two of one title want a ``slug`` each.
    """
    title = title or f"Book {next(numbers)}"
    if not isinstance(author, Author):
        author = make_author(author)
    defaults = {
        "slug": slug_base(title, "book"),
        "subtitle": "",
        "description": "",
        "description_html": render(columns.get("description", "")).html,
        "authors_line": author.name,
        "title_key": title_key(title),
        "search_key": search_key(BookFields(title=title, authors=(author.name,), isbn=isbn)),
        "first_published": 1990,
        "rating_count": 0,
        "rating_sum": 0,
        "rating_rank": 0,
    }
    return Book(
        title=title,
        credits=[BookAuthor(author=author, place=0)],
        editions=[Edition(pages=pages, isbn=isbn)],
        taggings=[BookTag(tag=tag, place=place) for place, tag in enumerate(tags)],
        adaptations=[],
        **{**defaults, **columns},
    )


def make_reading(
    member: Member,
    book: Book,
    *,
    position: int | None = None,
    rating: int | None = None,
    status: str = "",
    **columns: Any,
) -> Reading:
    """A reading: finished at the end of the book, else reading. The rating is in half stars."""
    status = status or ("finished" if position == END else "reading")
    progress = move(None, status, position)
    book.count_rating(None, rating)
    reading = Reading(member_id=member.id, book_id=book.id, rating=rating, **columns)
    reading.move(progress, utcnow())
    return reading


def make_past_read(member: Member, book: Book, moment: datetime) -> Reading:
    """A reading as a member ticks it: read once, who knows when, marked at this moment."""
    reading = make_reading(member, book, position=END, times_read=1)
    reading.changed_at, reading.seen_mark = moment, END
    return reading


def make_review(
    member: Member,
    book: Book,
    body: str = "I could not put it down.",
    *,
    horizon: int = 0,
    title: str = "A fine book",
    **columns: Any,
) -> Review:
    """A review, with the thread that hangs under it."""
    prose = render(body)
    return Review(
        book_id=book.id,
        member_id=member.id,
        thread=Thread(book_id=book.id, member_id=member.id, title=None, floor=horizon, comment_count=0),
        title=title,
        body=body,
        body_html=prose.html,
        safe_html=prose.safe_html,
        has_spoilers=prose.has_spoilers,
        own_horizon=horizon,
        lifted_horizon=0,
        horizon=horizon,
        horizon_choice="finished" if horizon == END else str(horizon),
        **columns,
    )


def make_draft(
    member: Member, book: Book, body: str = "I could not put it down.", **columns: Any
) -> ReviewDraft:
    """A draft of a review, for those who have finished the book unless it says otherwise."""
    defaults = {"title": "", "summary": "", "has_spoilers": True, "submission": f"draft-{next(numbers)}"}
    return ReviewDraft(member_id=member.id, book_id=book.id, body=body, **{**defaults, **columns})


def make_picture(member: Member, **columns: Any) -> Picture:
    """A picture, which belongs to nothing unless a column says to what."""
    key = f"picture-{next(numbers)}"
    defaults = {"digest": key, "sent_as": key, "size": 3, "loose_at": None if columns else utcnow()}
    return Picture(member_id=member.id, **{**defaults, **columns})


def make_copy(picture: Picture, width: int = 480, content: bytes = b"abc") -> PictureCopy:
    """A copy of a picture, of which nobody looks at the pixels."""
    return PictureCopy(picture_id=picture.id, width=width, height=320, content=content)


def make_import(member: Member, **columns: Any) -> Import:
    """A file that has been looked into, without any rows."""
    defaults = {"form": "goodreads", "name": "library.csv", "shelves": [], "total": 0}
    return Import(member_id=member.id, **{**defaults, **columns})


def make_thread(
    member: Member, book: Book | None, title: str = "The ending", *, floor: int = 0, **columns: Any
) -> Thread:
    """A titled thread, with nothing said in it yet."""
    return Thread(
        book_id=book.id if book else None,
        member_id=member.id,
        title=title,
        **{"floor": floor, "comment_count": 0, **columns},
    )


def make_comment(
    thread: Thread,
    member: Member,
    body: str = "I thought so, too.",
    *,
    parent: Comment | None = None,
    horizon: int = 0,
    **columns: Any,
) -> Comment:
    """A comment, at the top of its thread or under another one."""
    prose = render(body)
    thread.comment_count += 1
    return Comment(
        thread=thread,
        parent=parent,
        member_id=member.id,
        body=body,
        body_html=prose.html,
        safe_html=prose.safe_html,
        has_spoilers=prose.has_spoilers,
        own_horizon=horizon,
        lifted_horizon=0,
        horizon=effective_horizon(horizon, parent.horizon if parent else None, thread.floor),
        horizon_choice="finished" if horizon == END else str(horizon),
        **columns,
    )


def place(comment: Comment) -> None:
    """Give a comment its place in its thread; that takes its id, so ``save`` does it."""
    if not comment.path:
        comment.thread.latest_comment_id = max(comment.thread.latest_comment_id, comment.id)
        comment.path = path_of(comment.id, comment.parent.path if comment.parent else "")
        comment.thread.note_latest(comment)


def make_report(
    member: Member, post: Comment | Review, *, horizon: int = END, **columns: Any
) -> SpoilerReport:
    """A report that nobody has decided on. By itself it lifts nothing: the action does."""
    subject = {"review_id": post.id} if isinstance(post, Review) else {"comment_id": post.id}
    return SpoilerReport(
        member_id=member.id,
        horizon=horizon,
        horizon_choice="finished" if horizon == END else str(horizon),
        horizon_before=post.horizon,
        **{**subject, **columns},
    )


def make_round(
    organiser: Member, *, voting: bool = False, now: datetime | None = None, **columns: Any
) -> Round:
    """A round that takes nominations for a week; with ``voting`` one in which everybody votes who is here."""
    now, lot = now or utcnow(), f"{next(numbers):064x}"
    begun = {"nominations_until_at": now, "voting_opened_at": now} if voting else {}
    defaults = {
        "title": "Our next book",
        "nominations_until_at": now + WEEK,
        "voting_until_at": now + 2 * WEEK,
        "ballot_key": f"{next(numbers):064x}",
        "lot": lot,
        "lot_hash": sha256_hex(columns.get("lot", lot)),
        "opened_at": now,
    }
    title = columns.get("title", defaults["title"])
    return Round(
        opened_by_id=organiser.id,
        thread=make_thread(organiser, None, title, of_round=True),
        **{**defaults, **begun, **columns},
    )


def make_nomination(
    voting_round: Round, book: Book, member: Member, pitch: str = "", **columns: Any
) -> Nomination:
    """A book that a member proposes to a round; once voting has begun, one that nobody has read."""
    readers = 0 if voting_round.voting_opened_at else None
    defaults = {"readers": readers, "pitch": pitch}
    return Nomination(
        round_id=voting_round.id, book_id=book.id, member_id=member.id, **{**defaults, **columns}
    )


def make_meeting(
    host: Member, *books: Book, starts_at: datetime | None = None, horizon: int = END, **columns: Any
) -> Meeting:
    """A meeting of two hours, in a week and in UTC, with its conversations."""
    starts_at = (starts_at or utcnow() + WEEK).replace(second=0, microsecond=0)
    defaults = {
        "title": "At Olive's",
        "starts_on": starts_at.date(),
        "clock": starts_at.time(),
        "time_zone": "UTC",
        "minutes": 120,
        "ends_at": starts_at + timedelta(hours=2),
        "place": "12 Canal Street",
    }
    title = columns.get("title", defaults["title"])
    threads = [make_thread(host, book, title, of_meeting=True, floor=horizon) for book in books]
    return Meeting(
        host_id=host.id,
        created_by_id=host.id,
        starts_at=starts_at,
        thread=None if books else make_thread(host, None, title, of_meeting=True),
        books=[
            MeetingBook(book_id=book.id, number=number, horizon=horizon, thread=thread)
            for number, (book, thread) in enumerate(zip(books, threads, strict=True))
        ],
        **{**defaults, **columns},
    )


def make_date_poll(member: Member, *starts: datetime, **columns: Any) -> DatePoll:
    """A date poll in UTC about these times; without any, about two in a week."""
    starts = starts or (utcnow() + WEEK, utcnow() + WEEK + timedelta(days=1))
    moments = [each.replace(second=0, microsecond=0) for each in starts]
    defaults = {"title": "When to meet", "time_zone": "UTC", "minutes": 120}
    return DatePoll(
        created_by_id=member.id,
        options=[DateOption(starts_on=each.date(), clock=each.time(), starts_at=each) for each in moments],
        **{**defaults, **columns},
    )


def make_question(
    meeting: Meeting,
    member: Member,
    body: str = "Was it love?",
    *,
    book: Book | None = None,
    horizon: int = 0,
    **columns: Any,
) -> Question:
    """A question on the agenda of a meeting, about this book or about none."""
    prose = render(body)
    return Question(
        meeting_id=meeting.id,
        book_id=book.id if book else None,
        member_id=member.id,
        body=body,
        body_html=prose.html,
        safe_html=prose.safe_html,
        has_spoilers=prose.has_spoilers,
        lifted_horizon=0,
        **{
            "own_horizon": horizon,
            "horizon": horizon,
            "horizon_choice": "finished" if horizon == END else str(horizon),
            **columns,
        },
    )


def make_passage(
    member: Member,
    book: Book,
    text: str = "It is a truth universally acknowledged.",
    note: str = "",
    *,
    horizon: int = 0,
    **columns: Any,
) -> Passage:
    """A passage that a member keeps from a book, at this position."""
    prose = render(note)
    return Passage(
        book_id=book.id,
        member_id=member.id,
        text=text,
        body=note,
        body_html=prose.html,
        safe_html=prose.safe_html,
        has_spoilers=prose.has_spoilers,
        lifted_horizon=0,
        **{
            "own_horizon": horizon,
            "horizon": horizon,
            "horizon_choice": "finished" if horizon == END else str(horizon),
            "entry_unit": "percent",
            "entry": f"{horizon / 100:g}",
            **columns,
        },
    )


def make_ask(
    member: Member,
    question: str = "Which Ishiguro next?",
    *,
    author: Author | None = None,
    book: Book | None = None,
    tag: Tag | None = None,
    **columns: Any,
) -> Ask:
    """A question, about one of these or nothing in particular, with the thread that hangs under it."""
    return Ask(
        member_id=member.id,
        question=question,
        search_key=key_of(question),
        author_id=author and author.id,
        book_id=book and book.id,
        tag_id=tag and tag.id,
        thread=Thread(
            book_id=book and book.id, member_id=member.id, title=None, of_ask=True, comment_count=0
        ),
        **columns,
    )


def make_answer(
    ask: Ask, member: Member, book: Book, reason: str = "It stays with you.", **columns: Any
) -> Answer:
    """A book that a member proposes to whoever asked."""
    return Answer(ask_id=ask.id, member_id=member.id, book_id=book.id, reason=reason, **columns)


def make_endorsement(
    member: Member, book: Book, other: Book, reason: str = "As quiet, and as sad.", **columns: Any
) -> Endorsement:
    """That whoever loved the one book should read the other."""
    return Endorsement(member_id=member.id, book_id=book.id, other_id=other.id, reason=reason, **columns)
