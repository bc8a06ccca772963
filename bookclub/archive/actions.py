"""Zip of a member's own data: JSON, Markdown, and a CSV for other sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from textwrap import fill
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ..lib.library_files.library_csv import ShelvedBook, library_csv
from ..lib.text.dates import date_text
from ..lib.text.messages import gettext as _
from ..lib.text.shown_text import typed
from ..members.models import Member
from . import date_poll_queries, mail_queries, meeting_queries, passage_queries, picture_queries, queries
from .queries import library_of
from .rules import json_array, json_object, markdown

# In front of what is said of a file, below its name.
INDENT = "    "


def pack(member: Member, club: str, file: BinaryIO, now: datetime) -> None:
    """Write the zip of a member's own data into a file, piece by piece.

    ``club`` is the club's name, which the README inside mentions.
    """
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        zipped = _Zip(archive, now)
        zipped.add("README.txt", [readme(member.display_name, club, now)])
        zipped.add("profile.json", [json_object(_profile(member))])
        # The library is read twice, since holding it would take the memory of a large one.
        zipped.add("library.csv", library_csv(library_of(member.id)))
        zipped.add("readings.json", json_array(_reading_row(book) for book in library_of(member.id)))
        # Texts are files of their own, so that they can be read without a program.
        _add_texts(zipped, member.id)
        for picture in picture_queries.pictures_by(member.id):
            zipped.add_file(picture["file"], picture_queries.widest_copy(picture["id"]))
        for name, rows in {
            "pictures": picture_queries.pictures_by(member.id),
            "threads": queries.threads_by(member.id),
            "passages": passage_queries.passages_by(member.id),
            "asks": queries.asks_by(member.id),
            "answers": queries.answers_by(member.id),
            "endorsed": queries.answers_endorsed_by(member.id),
            "endorsements": queries.endorsements_by(member.id),
            "nominations": queries.nominations_by(member.id),
            "reactions": queries.reactions_by(member.id),
            "ballots": queries.ballots_by(member.id),
            "rsvps": meeting_queries.rsvps_by(member.id),
            "attendances": meeting_queries.attendances_by(member.id),
            "meetings": meeting_queries.meetings_by(member.id),
            "date_polls": date_poll_queries.date_polls_by(member.id),
            "availabilities": date_poll_queries.availabilities_of(member.id),
            "questions": meeting_queries.questions_by(member.id),
            "questions_supported": meeting_queries.questions_supported_by(member.id),
            "mails": mail_queries.mails_to(member.id),
        }.items():
            zipped.add(f"{name}.json", json_array(rows))


def readme(name: str, club: str, now: datetime) -> str:
    """Text that explains the files of the zip to the member whose data they are."""
    files = {
        "library.csv": _(
            "All books of your library, with ratings, dates, shelves, reviews and notes. Goodreads, The "
            "StoryGraph and every Bookclub can import it. Your private books, notes and tags are in it, too. "
            "A cell that a spreadsheet would take for a formula begins with an apostrophe."
        ),
        "readings.json": _("The same as JSON."),
        "profile.json": _("What you say about yourself, and your settings."),
        "reviews/": _("Your reviews as Markdown, with their earlier versions."),
        "drafts/": _("Reviews that you have not published."),
        "comments/": _("What you said, with the title of the book, review or conversation that it is about."),
        "pictures/, pictures.json": _(
            "Pictures that you uploaded, with the ids that the texts name, with covers and your own picture "
            "among them."
        ),
        "threads.json": _("Conversations that you started."),
        "passages.json": _("Passages that you keep, with your notes on them."),
        "asks.json, answers.json": _("Questions that you asked, and your answers to others."),
        "endorsed.json": _("Answers that you endorsed."),
        "endorsements.json": _("Books that you recommended to readers of another book."),
        "nominations.json": _("Books that you nominated."),
        "ballots.json": _(
            "Your votes in rounds with open ballots. Private ballots are in no file, not even yours."
        ),
        "rsvps.json": _("Your answers to meetings."),
        "attendances.json": _("Meetings that you attended."),
        "meetings.json": _("Meetings that you host."),
        "date_polls.json": _("Date polls that you made."),
        "availabilities.json": _("Your answers in date polls."),
        "questions.json": _(
            "Questions that you asked for meetings, and comments and passages that you put on an agenda."
        ),
        "questions_supported.json": _("Questions that you care about."),
        "mails.json": _("E-mails that the club sent you in the last month, without their words."),
    }
    remarks = (
        _("What others wrote is not in it, nor are your password and your e-mail address."),
        _(
            "In the texts, spoilers stand between || bars ||. The value of “horizon” says how much a text "
            "gives away: 0 is safe for everybody, 10000 is for people who have finished the book."
        ),
    )
    heading = _("%(name)s’s data from %(club)s, as of %(day)s.", name=name, club=club, day=date_text(now))
    lists = [
        f"{file}\n{fill(text, initial_indent=INDENT, subsequent_indent=INDENT)}"
        for file, text in files.items()
    ]
    return "\n\n".join((fill(heading), *lists, *map(fill, remarks))) + "\n"


class _Zip:
    """Zip file that is written one member at a time, without holding any in memory."""

    def __init__(self, archive: ZipFile, now: datetime) -> None:
        self.archive = archive
        # A zip cannot name a year before 1980.
        self.moment = (max(now.year, 1980), now.month, now.day, now.hour, now.minute, now.second)

    def add(self, name: str, pieces: Iterable[str]) -> None:
        self._write(name, (piece.encode() for piece in pieces))

    def add_file(self, name: str, content: bytes) -> None:
        self._write(name, [content])

    def _write(self, name: str, pieces: Iterable[bytes]) -> None:
        info = ZipInfo(name, self.moment)
        info.compress_type = ZIP_DEFLATED
        # Unpacked, the files are for their owner alone: they hold private notes.
        info.external_attr = 0o600 << 16
        with self.archive.open(info, "w") as entry:
            for piece in pieces:
                entry.write(piece)


def _profile(member: Member) -> Mapping[str, Any]:
    return {
        "username": member.username,
        # Their own words come as they typed them, and not with the spoilers hidden as others see them.
        "display_name": typed(member.own_name),
        "role": member.role,
        "about": typed(member.about),
        "joined_at": member.joined_at.isoformat(timespec="seconds"),
        "theme": member.theme,
        "text_size": member.text_size,
        "shows_pace": member.shows_pace,
        "shows_years": member.shows_years,
        "time_zone": member.time_zone,
        "email_confirmed_at": member.email_confirmed_at
        and member.email_confirmed_at.isoformat("T", "seconds"),
        "books_not_for_me": queries.muted_by(member.id),
    }


def _reading_row(book: ShelvedBook) -> Mapping[str, Any]:
    row = {
        name: value
        for name, value in asdict(book).items()
        # Reviews have files of their own.
        if name not in ("review_title", "review_summary", "review", "horizon", "has_spoilers")
    }
    stars = book.rating / 2 if book.rating else None
    times = [{"started_on": started, "finished_on": finished} for started, finished in book.times]
    return row | {"rating": stars, "times": times}


def _add_texts(zipped: _Zip, member_id: int) -> None:
    for review in queries.reviews_by(member_id):
        # The id makes the name unique, and the slug lets a person find it.
        name, body = f"{review.pop('slug')}-{review['id']}", review.pop("body")
        review["rating"] = review["rating"] / 2 if review["rating"] else None
        zipped.add(f"reviews/{name}.md", [markdown(review, body)])
    for said in queries.revisions_by(member_id):
        name, body = f"{said.pop('slug')}-{said['review_id']}-before-{said['id']}", said.pop("body")
        zipped.add(f"reviews/{name}.md", [markdown(said, body)])
    for draft in queries.drafts_by(member_id):
        name, body = f"{draft.pop('slug')}-{draft['id']}", draft.pop("body")
        zipped.add(f"drafts/{name}.md", [markdown(draft, body)])
    for comment in queries.comments_by(member_id):
        name, body = f"{comment['created_at']:%Y-%m-%d}-{comment['id']}", comment.pop("body")
        zipped.add(f"comments/{name}.md", [markdown(comment, body)])
