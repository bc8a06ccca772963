"""Default deny: who reaches which address, walked for everybody, with real rows behind every one.

The table is the law. A route that is added and not listed here fails a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import ClassVar, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict

from bookclub.app import WORDY_FIELDS, typed_text
from bookclub.extensions import begin_write, db
from bookclub.lib.text.markdown import render
from bookclub.lib.text.pictures import reference
from bookclub.members.actions import make_password_link
from bookclub.members.models import Club
from bookclub.members.signed_links import sign_link
from bookclub.mergers.models import Merger
from bookclub.readings.rules import number_of_moment
from tests.factories import (
    make_answer,
    make_ask,
    make_book,
    make_comment,
    make_copy,
    make_date_poll,
    make_draft,
    make_endorsement,
    make_import,
    make_invitation,
    make_meeting,
    make_member,
    make_nomination,
    make_passage,
    make_past_read,
    make_picture,
    make_question,
    make_report,
    make_review,
    make_round,
    make_thread,
)

SIGN_IN = "sign in"
MARKED_AT = datetime(2026, 5, 1, tzinfo=UTC)
NO, NOT_THERE, INVALID, OK, DONE = 403, 404, 422, 200, 303


class Reach(NamedTuple):
    """What each gets: a status, or SIGN_IN. Every redirect to elsewhere counts as DONE.

    Alice wrote the review, the thread and the comment; the profile is somebody else's.
    """

    private: int | str
    public: int | str
    bob: int
    alice: int
    mo: int
    olive: int


def members(bob: int, alice: int | None = None, mo: int | None = None, olive: int | None = None) -> Reach:
    """For members only; those who are not named fare like Bob, and Olive like Mo."""
    moderator = bob if mo is None else mo
    return Reach(
        SIGN_IN,
        SIGN_IN,
        bob,
        bob if alice is None else alice,
        moderator,
        moderator if olive is None else olive,
    )


ALWAYS = Reach(OK, OK, OK, OK, OK, OK)
READ = Reach(SIGN_IN, OK, OK, OK, OK, OK)
ORGANISER_READS = members(NO, olive=OK)
ORGANISER_ACTS = members(NO, olive=DONE)

TABLE = {
    "GET /": ALWAYS,
    "GET /healthz": ALWAYS,
    "GET /manifest.webmanifest": ALWAYS,
    "GET /service-worker.js": ALWAYS,
    "GET /offline": members(OK),
    "GET /static/<path:filename>": ALWAYS,
    "GET /sign-in": Reach(OK, OK, DONE, DONE, DONE, DONE),
    "POST /sign-in": Reach(*[INVALID] * 6),
    "GET /sign-in/<token>": ALWAYS,
    "POST /sign-in/<token>": Reach(*[INVALID] * 6),
    "GET /sign-up": Reach(OK, OK, DONE, DONE, DONE, DONE),
    "POST /sign-up": Reach(*[NO] * 6),
    # Without a server for mail a link cannot be asked for, and the page says so.
    "GET /forgotten-password": ALWAYS,
    "POST /forgotten-password": Reach(*[NO] * 6),
    # The token here is one for a password.
    "GET /confirmations/<token>": Reach(*[NOT_THERE] * 6),
    "POST /confirmations/<token>": Reach(*[NOT_THERE] * 6),
    "POST /sign-out": members(DONE),
    "GET /session": members(OK),
    "GET /sealed-forms/<token>": members(DONE),
    # Members
    "GET /members": members(OK),
    "GET /members/<username>": members(OK),
    "POST /members/<username>/role": ORGANISER_ACTS,
    "POST /members/<username>/suspension": ORGANISER_ACTS,
    "POST /members/<username>/suspension/deletion": ORGANISER_ACTS,
    "POST /members/<username>/removal": ORGANISER_ACTS,
    "POST /members/<username>/password-link": members(NO, olive=OK),
    # The profile's member does not show their years.
    "GET /years": members(OK),
    "GET /years/<int:year>": members(OK),
    "GET /members/<username>/years": members(NOT_THERE),
    "GET /members/<username>/years/<int:year>": members(NOT_THERE),
    "POST /settings/years": members(DONE),
    "GET /settings": members(OK),
    "POST /settings": members(DONE),
    "POST /settings/time-zone": members(INVALID),
    "GET /settings/picture": members(OK),
    # A picture is asked for.
    "POST /settings/picture": members(INVALID),
    "POST /settings/picture/removal": members(DONE),
    "GET /settings/mail": members(OK),
    "POST /settings/mail": members(DONE),
    "GET /unsubscribe/<token>": ALWAYS,
    "POST /unsubscribe/<token>": ALWAYS,
    "POST /settings/password": members(INVALID),
    "POST /settings/departure": members(INVALID),
    "POST /settings/confirmation": members(DONE),
    "GET /settings/data": members(OK),
    "GET /my-data.zip": members(OK),
    "GET /my-library.csv": members(OK),
    "GET /imports": members(OK),
    "GET /imports/new": members(OK),
    "POST /imports/new": members(INVALID),
    "GET /imports/<int:import_id>": members(NOT_THERE, alice=OK),
    "POST /imports/<int:import_id>/mapping": members(NOT_THERE, alice=DONE),
    "POST /imports/<int:import_id>/start": members(NOT_THERE, alice=DONE),
    "POST /imports/<int:import_id>/stop": members(NOT_THERE, alice=DONE),
    "GET /imports/<int:import_id>/report.csv": members(NOT_THERE, alice=OK),
    "POST /imports/<int:import_id>/deletion": members(NOT_THERE, alice=DONE),
    "GET /club/imports": ORGANISER_READS,
    "GET /club/imports/<int:import_id>/stop": members(NOT_THERE, olive=OK),
    "POST /club/imports/<int:import_id>/stop": members(NOT_THERE, olive=DONE),
    # The club
    "GET /club/settings": ORGANISER_READS,
    "POST /club/settings": ORGANISER_ACTS,
    "POST /club/mail-test": ORGANISER_ACTS,
    "GET /club/picture": ORGANISER_READS,
    "POST /club/picture": members(NO, olive=INVALID),
    "POST /club/picture/removal": ORGANISER_ACTS,
    "GET /club/word": ORGANISER_READS,
    "POST /club/word": ORGANISER_ACTS,
    "POST /club/word/dismissal": members(DONE),
    "GET /club/invitations": ORGANISER_READS,
    "POST /club/invitations": ORGANISER_ACTS,
    "GET /club/invitations/<int:invitation_id>/sheet": members(NOT_THERE, olive=OK),
    "POST /club/invitations/<int:invitation_id>/revocation": members(NOT_THERE, olive=DONE),
    # Books
    "GET /books": READ,
    "GET /books/<slug>": READ,
    "GET /authors/<slug>": READ,
    "GET /authors/<slug>/merger": ORGANISER_READS,
    "POST /authors/<slug>/merger": members(NO, olive=INVALID),
    "GET /authors/<slug>/split": ORGANISER_READS,
    "POST /authors/<slug>/split": members(NO, olive=INVALID),
    "GET /books/<slug>/merger": ORGANISER_READS,
    "POST /books/<slug>/merger": members(NO, olive=INVALID),
    "GET /books/<slug>/split": ORGANISER_READS,
    "POST /books/<slug>/split": members(NO, olive=INVALID),
    "GET /mergers/<int:merger_id>/reversal": members(NOT_THERE, olive=OK),
    "POST /mergers/<int:merger_id>/reversal": members(NOT_THERE, olive=DONE),
    "POST /books/<slug>/reading/question/deletion": members(DONE),
    "POST /books/<slug>/reading/undo": members(DONE),
    "GET /mentions": members(OK),
    "GET /mentions/members": members(OK),
    "GET /books/new": members(OK),
    "POST /books/new": members(DONE),
    "GET /books/<slug>/edit": members(OK),
    "POST /books/<slug>/edit": members(DONE),
    "GET /books/<slug>/edits": members(OK),
    "GET /books/<slug>/cover": members(OK),
    "POST /books/<slug>/cover": members(INVALID),
    # This club does without Open Library.
    "POST /books/<slug>/cover/open-library": members(NOT_THERE),
    "POST /books/<slug>/cover/removal": members(DONE),
    "GET /books/<slug>/editions/new": members(OK),
    "POST /books/<slug>/editions/new": members(INVALID),
    "GET /books/<slug>/editions/<int:edition_id>/edit": members(OK),
    "POST /books/<slug>/editions/<int:edition_id>/edit": members(DONE),
    "GET /books/<slug>/sections": members(OK),
    "POST /books/<slug>/sections": members(INVALID),
    "POST /books/<slug>/sections/starts": members(INVALID),
    "POST /books/<slug>/reading": members(DONE),
    "POST /books/<slug>/rereading": members(DONE),
    # Of a moment at which Alice marked a book as read; others are led to the books that they can tick.
    "GET /shelf/past-reads": members(OK),
    "POST /shelf/past-reads": members(INVALID),
    "GET /shelf/past-reads/<int:moment>": members(DONE, alice=OK),
    "POST /shelf/past-reads/<int:moment>/deletion": members(DONE),
    "POST /books/<slug>/reading/newness": members(DONE),
    "POST /books/<slug>/reading/newness/deletion": members(DONE),
    "POST /books/<slug>/promises": members(NOT_THERE),
    "POST /books/<slug>/promises/deletion": members(NOT_THERE),
    "GET /books/<slug>/unlocked": members(OK),
    "POST /books/<slug>/unlocked/seen": members(DONE),
    "POST /books/<slug>/reveal": members(DONE),
    "POST /books/<slug>/reveal/deletion": members(DONE),
    # Reviews
    "GET /books/<slug>/reviews/new": members(OK, alice=DONE),
    "POST /books/<slug>/reviews/new": members(DONE, alice=INVALID),
    "POST /books/<slug>/reviews/preview": members(OK),
    "GET /reviews/<int:review_id>": READ,
    "GET /reviews/<int:review_id>/revisions": READ,
    "GET /reviews/<int:review_id>/reveal": members(OK),
    "GET /reviews/<int:review_id>/edit": members(NO, alice=OK),
    "POST /reviews/<int:review_id>/edit": members(NO, alice=DONE),
    "POST /reviews/<int:review_id>/edit/preview": members(NO, alice=OK),
    "GET /reviews/<int:review_id>/deletion": members(NO, alice=OK),
    "POST /reviews/<int:review_id>/deletion": members(NO, alice=DONE),
    "GET /reviews/<int:review_id>/removal": members(NO, mo=OK),
    "POST /reviews/<int:review_id>/removal": members(NO, mo=DONE),
    # Drafts of reviews: Alice has one
    "GET /drafts": members(OK),
    "POST /drafts/publication": members(DONE),
    "GET /drafts/deletion": members(OK),
    "POST /drafts/deletion": members(DONE),
    "POST /drafts/<int:draft_id>/publication": members(NOT_THERE, alice=DONE),
    "POST /drafts/<int:draft_id>/edit": members(NOT_THERE, alice=DONE),
    "GET /drafts/<int:draft_id>/deletion": members(NOT_THERE, alice=OK),
    "POST /drafts/<int:draft_id>/deletion": members(NOT_THERE, alice=DONE),
    # Threads and comments
    "POST /books/<slug>/threads": members(DONE),
    "POST /books/<slug>/threads/preview": members(OK),
    "GET /threads": READ,
    "GET /search": READ,
    "GET /threads/new": members(OK),
    "POST /threads/new": members(DONE),
    "POST /threads/new/preview": members(OK),
    "POST /threads/<int:thread_id>/pin": members(NO, olive=DONE),
    "POST /threads/<int:thread_id>/subscription": members(DONE),
    "GET /threads/<int:thread_id>": READ,
    "GET /threads/<int:thread_id>/first-unread": Reach(SIGN_IN, DONE, DONE, DONE, DONE, DONE),
    "POST /threads/<int:thread_id>/comments": members(DONE),
    "POST /threads/<int:thread_id>/comments/preview": members(OK),
    "POST /comments/<int:comment_id>/reactions": members(DONE),
    "POST /comments/<int:comment_id>/open-question": members(NO, alice=DONE),
    "POST /reviews/<int:review_id>/reactions": members(DONE),
    "GET /pictures/<int:picture_id>/<int:width>.webp": READ,
    "POST /threads/<int:thread_id>/reveal": members(DONE),
    "POST /threads/<int:thread_id>/reveal/deletion": members(DONE),
    "GET /threads/<int:thread_id>/lock": members(NO, mo=OK),
    "POST /threads/<int:thread_id>/lock": members(NO, mo=DONE),
    "POST /threads/<int:thread_id>/lock/deletion": members(NO, mo=DONE),
    "GET /comments/<int:comment_id>": READ,
    "GET /comments/<int:comment_id>/in-thread": Reach(SIGN_IN, DONE, DONE, DONE, DONE, DONE),
    "GET /comments/<int:comment_id>/reveal": members(OK),
    "GET /comments/<int:comment_id>/edit": members(NO, alice=OK),
    "POST /comments/<int:comment_id>/edit": members(NO, alice=DONE),
    "POST /comments/<int:comment_id>/edit/preview": members(NO, alice=OK),
    "GET /comments/<int:comment_id>/deletion": members(NO, alice=OK),
    "POST /comments/<int:comment_id>/deletion": members(NO, alice=DONE),
    "GET /comments/<int:comment_id>/removal": members(NO, mo=OK),
    "POST /comments/<int:comment_id>/removal": members(NO, mo=DONE),
    # Reports of spoilers, and notices. Dora reported Alice's comment.
    "GET /comments/<int:comment_id>/spoiler-report": members(OK, alice=NO),
    "POST /comments/<int:comment_id>/spoiler-report": members(INVALID, alice=NO),
    "GET /reviews/<int:review_id>/spoiler-report": members(OK, alice=NO),
    "POST /reviews/<int:review_id>/spoiler-report": members(INVALID, alice=NO),
    "GET /reports": members(NO, mo=OK),
    "GET /reports/<int:report_id>": members(NOT_THERE, alice=OK, mo=OK),
    "POST /reports/<int:report_id>/decision": members(NOT_THERE, alice=DONE, mo=DONE),
    "GET /notices": members(OK),
    "POST /notices/seen": members(DONE),
    # A question of Alice's, which Bob has answered, and a book that Alice recommends
    "GET /recommendations": members(OK),
    "GET /recommendations/club": members(OK),
    "GET /authors/<slug>/next": members(OK),
    "POST /books/<slug>/muting": members(DONE),
    "POST /books/<slug>/muting/deletion": members(DONE),
    "POST /books/<slug>/wish": members(DONE),
    "POST /books/<slug>/wish/deletion": members(DONE),
    "GET /asks": members(OK),
    "GET /asks/new": members(OK),
    "POST /asks/new": members(DONE),
    "GET /asks/<int:ask_id>": members(OK),
    "GET /asks/<int:ask_id>/deletion": members(NO, alice=OK),
    "POST /asks/<int:ask_id>/deletion": members(NO, alice=DONE),
    "GET /asks/<int:ask_id>/removal": members(NO, mo=OK),
    "POST /asks/<int:ask_id>/removal": members(NO, mo=DONE),
    "POST /asks/<int:ask_id>/answers": members(INVALID, alice=NO),
    "POST /answers/<int:answer_id>/endorsement": members(NO, alice=DONE, mo=DONE),
    "POST /answers/<int:answer_id>/endorsement/deletion": members(DONE),
    "POST /answers/<int:answer_id>/taking": members(NO, alice=DONE),
    "POST /answers/<int:answer_id>/taking/deletion": members(NO, alice=DONE),
    "GET /answers/<int:answer_id>/deletion": members(OK, alice=NO, mo=NO),
    "POST /answers/<int:answer_id>/deletion": members(DONE, alice=NO, mo=NO),
    "GET /answers/<int:answer_id>/removal": members(NO, mo=OK),
    "POST /answers/<int:answer_id>/removal": members(NO, mo=DONE),
    "GET /books/<slug>/endorsements": members(OK),
    "POST /books/<slug>/endorsements": members(INVALID),
    "GET /endorsements/<int:endorsement_id>/deletion": members(NO, alice=OK),
    "POST /endorsements/<int:endorsement_id>/deletion": members(NO, alice=DONE),
    "GET /endorsements/<int:endorsement_id>/removal": members(NO, mo=OK),
    "POST /endorsements/<int:endorsement_id>/removal": members(NO, mo=DONE),
    # A round that takes nominations, with one by Alice
    "GET /meetings": members(OK),
    "GET /meetings/new": ORGANISER_READS,
    "POST /meetings/new": ORGANISER_ACTS,
    "GET /meetings/<int:meeting_id>": members(OK),
    "GET /meetings/<int:meeting_id>/edit": members(NO, alice=OK, olive=OK),
    "POST /meetings/<int:meeting_id>/edit": members(NO, alice=DONE, mo=NO, olive=DONE),
    "GET /meetings/<int:meeting_id>.ics": members(OK),
    "GET /calendar/<token>.ics": Reach(*[NOT_THERE] * 6),
    # A private club has no feeds for everybody. The token here is one for a password.
    "GET /feeds/club": Reach(SIGN_IN, OK, *[NOT_THERE] * 4),
    "GET /feeds/books/<slug>": Reach(SIGN_IN, OK, *[NOT_THERE] * 4),
    "GET /feeds/threads/<int:thread_id>": Reach(SIGN_IN, OK, *[NOT_THERE] * 4),
    "GET /feeds/mine/<token>": Reach(*[NOT_THERE] * 6),
    "GET /feeds/mine/<token>/members/<username>": Reach(*[NOT_THERE] * 6),
    # Of a private club there is one picture, that of its name.
    "GET /preview.png": ALWAYS,
    "GET /books/<slug>/preview.png": Reach(SIGN_IN, OK, *[NOT_THERE] * 4),
    "GET /authors/<slug>/preview.png": Reach(SIGN_IN, OK, *[NOT_THERE] * 4),
    "GET /reviews/<int:review_id>/preview.png": Reach(SIGN_IN, OK, *[NOT_THERE] * 4),
    "GET /threads/<int:thread_id>/preview.png": Reach(SIGN_IN, OK, *[NOT_THERE] * 4),
    "GET /settings/feed": members(OK),
    "POST /settings/feed": members(DONE),
    "GET /robots.txt": ALWAYS,
    "GET /sitemap.xml": Reach(NOT_THERE, OK, *[NOT_THERE] * 4),
    # Dora's links, whoever opens them
    "GET /rsvp-links/<token>": ALWAYS,
    "POST /rsvp-links/<token>": Reach(*[DONE] * 6),
    "GET /ballot-links/<token>": ALWAYS,
    "POST /ballot-links/<token>": ALWAYS,
    "GET /settings/calendar": members(OK),
    "POST /settings/calendar": members(DONE),
    "POST /meetings/<int:meeting_id>/rsvp": members(DONE),
    "GET /meetings/<int:meeting_id>/recap": members(OK),
    # The meeting has not begun.
    "POST /meetings/<int:meeting_id>/recap": members(INVALID),
    "POST /meetings/<int:meeting_id>/attendance": members(INVALID),
    "POST /meetings/<int:meeting_id>/series/closure": members(NO, alice=DONE, mo=NO, olive=DONE),
    "POST /meetings/<int:meeting_id>/cancellation": members(NO, alice=DONE, mo=NO, olive=DONE),
    # A date poll by Alice
    "GET /date-polls/new": ORGANISER_READS,
    "POST /date-polls/new": members(NO, olive=INVALID),
    "GET /date-polls/<int:poll_id>": members(OK),
    "POST /date-polls/<int:poll_id>/availability": members(INVALID),
    "POST /date-polls/<int:poll_id>/choice": members(NO, alice=INVALID, mo=NO, olive=INVALID),
    "POST /date-polls/<int:poll_id>/withdrawal": members(NO, alice=DONE, mo=NO, olive=DONE),
    "POST /meetings/<int:meeting_id>/questions": members(DONE),
    "POST /meetings/<int:meeting_id>/questions/preview": members(OK),
    "GET /meetings/<int:meeting_id>/agenda": members(OK),
    "GET /books/<slug>/questions": members(OK),
    # A passage that Alice keeps
    "GET /books/<slug>/passages": members(OK),
    "POST /books/<slug>/passages": members(DONE),
    "GET /books/<slug>/passages/highlights": members(OK),
    "GET /passages/<int:passage_id>": members(OK),
    "GET /passages/<int:passage_id>/reveal": members(OK),
    "GET /passages/<int:passage_id>/edit": members(NO, alice=OK),
    "POST /passages/<int:passage_id>/edit": members(NO, alice=DONE),
    "GET /passages/<int:passage_id>/deletion": members(NO, alice=OK),
    "POST /passages/<int:passage_id>/deletion": members(NO, alice=DONE),
    "GET /passages/<int:passage_id>/removal": members(NO, mo=OK),
    "POST /passages/<int:passage_id>/removal": members(NO, mo=DONE),
    "GET /passages/<int:passage_id>/thread": members(OK),
    "POST /passages/<int:passage_id>/thread": members(DONE),
    "POST /passages/<int:passage_id>/thread/preview": members(OK),
    "GET /questions/<int:question_id>/reveal": members(OK),
    "POST /questions/<int:question_id>/support": members(DONE),
    "GET /questions/<int:question_id>/edit": members(NO, alice=OK),
    "POST /questions/<int:question_id>/edit": members(NO, alice=DONE),
    "POST /questions/<int:question_id>/edit/preview": members(NO, alice=OK),
    "GET /questions/<int:question_id>/deletion": members(NO, alice=OK),
    "POST /questions/<int:question_id>/deletion": members(NO, alice=DONE),
    "GET /questions/<int:question_id>/removal": members(NO, mo=OK),
    "POST /questions/<int:question_id>/removal": members(NO, mo=DONE),
    "GET /rounds": READ,
    "GET /rounds/new": ORGANISER_READS,
    "POST /rounds/new": ORGANISER_ACTS,
    "GET /rounds/<int:round_id>": Reach(SIGN_IN, NOT_THERE, OK, OK, OK, OK),
    "GET /rounds/<int:round_id>/edit": ORGANISER_READS,
    "POST /rounds/<int:round_id>/edit": ORGANISER_ACTS,
    "POST /rounds/<int:round_id>/opening": ORGANISER_ACTS,
    "POST /rounds/<int:round_id>/extension": members(NO, olive=INVALID),
    "POST /rounds/<int:round_id>/closure": ORGANISER_ACTS,
    "POST /rounds/<int:round_id>/reading": members(NO, olive=NOT_THERE),
    "POST /rounds/<int:round_id>/nominations": members(INVALID),
    "POST /rounds/<int:round_id>/ballot": members(INVALID),
    "GET /rounds/<int:round_id>/ballots.csv": members(NOT_THERE),
    "POST /nominations/<int:nomination_id>/withdrawal": members(NO, alice=DONE, olive=DONE),
}

# One form that holds what most of them ask for.
FORM = {
    "title": "The last chapter",
    "authors": "Jane Austen",
    "first_published": "1815",
    "body": "It is not what I expected.",
    "horizon": "0",
    "parent_id": "",
    "status": "reading",
    "position_unit": "percent",
    "position": "10",
    "reason": "It was rude.",
    "question": "Which one next?",
    "role": "moderator",
    "verdict": "dismiss",
    "on": "1",
    "kind": "like",
    "rsvp": "yes",
    "state": "followed",
    "text": "It is a truth universally acknowledged.",
}
OPEN_IN_A_PRIVATE_CLUB = {
    "/",
    "/healthz",
    "/manifest.webmanifest",
    "/service-worker.js",
    "/static/<path:filename>",
    "/confirmations/<token>",
    "/forgotten-password",
    "/sign-in",
    "/sign-in/<token>",
    "/sign-up",
    "/unsubscribe/<token>",
    "/feeds/mine/<token>",
    "/feeds/mine/<token>/members/<username>",
    "/robots.txt",
    "/sitemap.xml",
    "/preview.png",
    "/calendar/<token>.ics",
    "/rsvp-links/<token>",
    "/ballot-links/<token>",
}
READABLE_IN_A_PUBLIC_CLUB = {
    "/books/<slug>/preview.png",
    "/authors/<slug>/preview.png",
    "/reviews/<int:review_id>/preview.png",
    "/threads/<int:thread_id>/preview.png",
    "/feeds/club",
    "/feeds/books/<slug>",
    "/feeds/threads/<int:thread_id>",
    "/books",
    "/books/<slug>",
    "/authors/<slug>",
    "/reviews/<int:review_id>",
    "/reviews/<int:review_id>/revisions",
    "/threads",
    "/threads/<int:thread_id>",
    "/comments/<int:comment_id>",
    "/comments/<int:comment_id>/in-thread",
    "/pictures/<int:picture_id>/<int:width>.webp",
    "/threads/<int:thread_id>/first-unread",
    "/rounds",
    "/rounds/<int:round_id>",
    "/search",
}
# Those that routes take, and one that none does.
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "DELETE")
READS = ("GET", "HEAD", "OPTIONS")


class World(NamedTuple):
    """A row behind every address, and who may ask."""

    values: dict[str, object]
    cast: dict[str, object]

    def address(self, rule: str) -> str:
        """The address of something that is there."""
        return self._filled(rule, self.values)

    def address_of_nothing(self, rule: str) -> str:
        """The same address of something that is not."""
        nothing = {
            name: 4711 if isinstance(value, int) else "nothing-here" for name, value in self.values.items()
        }
        return self._filled(rule, nothing)

    def _filled(self, rule: str, values: dict[str, object]) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name == "slug" and rule.startswith("/authors"):
                name = "author"
            if name == "token" and re.match(r"/(rsvp-links|ballot-links|unsubscribe)/", rule):
                name = f"{re.split('[-/]', rule)[1]}_token"
            return str(values[name])

        return re.sub(r"<(?:\w+:)?(\w+)>", value, rule)


@pytest.fixture
def world(app, save, alice, bob, mod, olive):
    # Nobody asks the real Open Library.
    app.extensions["open_library"] = None
    book = save(make_book("Emma", author="Jane Austen"))
    review = save(make_review(alice, book))
    thread = save(make_thread(alice, book))
    comment = save(make_comment(thread, alice))
    picture = save(make_picture(alice, comment_id=comment.id))
    save(make_copy(picture))
    comment.prose = render(reference(picture.id, "A door"), {}, {picture.id: [(480, 320)]})
    save(comment)
    invitation = save(make_invitation(olive))
    dora = save(make_member("dora"))
    report = save(make_report(dora, comment, horizon=5000))
    voting_round = save(make_round(olive))
    nomination = save(make_nomination(voting_round, book, alice))
    under_vote = save(make_round(olive, voting=True))
    save(make_nomination(under_vote, book, alice))
    other = save(make_book("Persuasion"))
    asked, endorsement = save(make_ask(alice), make_endorsement(alice, book, other))
    draft, brought = save(make_draft(alice, other), make_import(alice, state="running"))
    answer = save(make_answer(asked, bob, book))
    save(make_past_read(alice, save(make_book("Waverley")), MARKED_AT))
    author_id = book.credits[0].author_id
    meeting = save(make_meeting(alice, book))
    merger = save(Merger(kind="author merger", author_id=author_id, title="Austen, J.", slug="austen-j"))
    with app.app_context():
        begin_write()
        token = make_password_link(dora).rpartition("/")[2]
        db.session.commit()
        rsvp_token, ballot_token, unsubscribe_token = (
            sign_link("rsvp", dora, meeting.id), sign_link("ballot", dora, under_vote.id),
            sign_link("unsubscribe", dora, "votes"),
        )  # fmt: skip
    values = {
        "slug": book.slug,
        "author": book.credits[0].author.slug,
        "edition_id": book.editions[0].id,
        "review_id": review.id,
        "draft_id": draft.id,
        "import_id": brought.id,
        "thread_id": thread.id,
        "comment_id": comment.id,
        "picture_id": picture.id,
        "width": 480,
        "report_id": report.id,
        "merger_id": merger.id,
        "round_id": voting_round.id,
        "nomination_id": nomination.id,
        "poll_id": save(make_date_poll(alice)).id,
        "meeting_id": meeting.id,
        "question_id": save(make_question(meeting, alice, book=book)).id,
        "passage_id": save(make_passage(alice, book)).id,
        "ask_id": asked.id,
        "answer_id": answer.id,
        "endorsement_id": endorsement.id,
        "invitation_id": invitation.id,
        "moment": number_of_moment(MARKED_AT),
        "year": MARKED_AT.year,
        "username": dora.username,
        "token": token,
        "rsvp_token": rsvp_token,
        "ballot_token": ballot_token,
        "unsubscribe_token": unsubscribe_token,
        "filename": "css/base.css",
    }
    cast = {"private": None, "public": None, "bob": bob, "alice": alice, "mo": mod, "olive": olive}
    return World(values, cast)


@pytest.fixture
def publish(app):
    """Make the club public."""

    def publish() -> None:
        with app.app_context():
            begin_write()
            db.session.execute(update(Club).values(is_public=True))
            db.session.commit()

    return publish


@pytest.fixture
def ask(app, visit):
    """``ask(member, method, address)`` asks with a browser of its own, so that no answer touches the next."""
    cookies: dict[str | None, str] = {}

    def ask(member, method: str, address: str, **more):
        name = member.username if member else None
        if name not in cookies:
            cookie = visit(member).get_cookie("bookclub_session")
            cookies[name] = f"bookclub_session={cookie.value}" if cookie else ""
        client = app.test_client(use_cookies=False)
        headers = {"Cookie": cookies[name], **more.pop("headers", {})}
        return client.open(address, method=method, headers=headers, buffered=True, **more)

    return ask


def outcome(answer) -> int | str:
    """What an answer comes to, in the words of the table."""
    if answer.status_code == 401:
        return SIGN_IN
    if answer.status_code in (301, 302, 303):
        return SIGN_IN if urlsplit(answer.location).path == "/sign-in" else DONE
    return answer.status_code


def likeness(answer) -> tuple[int, object, str]:
    """An answer without the one thing that may differ: where one wanted to go."""

    def same(text: str) -> str:
        return re.sub(r"next=[^\"&<]*", "next=…", text)

    headers = sorted((name, same(value)) for name, value in answer.headers if name != "Content-Length")
    return answer.status_code, headers, same(answer.text)


# The table


@pytest.fixture
def reached(world, publish, ask, monkeypatch):
    """``reached(who)`` is what comes of each line of the table, or of these lines."""

    def reached(who: str, lines: Iterable[str] = TABLE) -> dict[str, int | str]:
        if who == "public":
            publish()
        ask(world.cast[who], "GET", "/")
        # Everything happens as ever, except that it does not last: each request finds the same rows.
        monkeypatch.setattr(Session, "commit", Session.flush)
        found = {}
        for line in lines:
            method, rule = line.split(" ")
            form = FORM if method == "POST" else None
            found[line] = outcome(ask(world.cast[who], method, world.address(rule), data=form))
        return found

    return reached


@pytest.mark.parametrize("who", Reach._fields)
def test_each_reaches_what_the_table_says_and_nothing_else(reached, who):
    assert reached(who) == {line: getattr(reach, who) for line, reach in TABLE.items()}


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("who", ["olive", "alice", "bob", "public"])
def test_every_query_is_sent_to_postgresql(reached, who):
    """Each address once, by the first of them who gets anywhere, and again by visitors where they do."""
    lines = [line for line, reach in TABLE.items() if who == first_to_reach(reach)]
    if who == "public":
        lines = [line for line, reach in TABLE.items() if reach.public in (OK, DONE)]
    assert lines

    assert reached(who, lines) == {line: getattr(TABLE[line], who) for line in lines}


def first_to_reach(reach: Reach) -> str:
    """The first of three members whom an address does not refuse, or else Olive."""
    return next((who for who in ("olive", "alice", "bob") if getattr(reach, who) in (OK, DONE)), "olive")


def test_every_route_is_in_the_table(app):
    routes = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert routes == set(TABLE)


def test_a_private_club_opens_its_front_door_its_sign_in_and_nothing_else():
    opened = {line.split(" ")[1] for line, reach in TABLE.items() if reach.private != SIGN_IN}

    assert opened == OPEN_IN_A_PRIVATE_CLUB


def test_a_public_club_opens_books_and_what_is_said_of_them_to_be_read():
    opened = {line for line, reach in TABLE.items() if reach.public != SIGN_IN and reach.private == SIGN_IN}

    assert opened == {f"GET {rule}" for rule in READABLE_IN_A_PUBLIC_CLUB}


def test_a_view_that_nobody_marked_is_refused(app, visitor, publish):
    app.add_url_rule("/unmarked", "unmarked", lambda: "a secret")
    publish()

    assert outcome(visitor.get("/unmarked")) == SIGN_IN


def test_somebody_suspended_is_a_visitor(app, save, visit, alice):
    client = visit(alice)
    assert client.get("/books").status_code == 200

    alice.suspended_at = alice.joined_at
    save(alice)
    assert outcome(client.get("/books")) == SIGN_IN


def test_somebody_removed_is_a_visitor(app, save, visit, alice):
    client = visit(alice)
    alice.removed_at = alice.joined_at
    save(alice)

    assert outcome(client.get("/books")) == SIGN_IN


def test_a_forged_session_is_a_visitors(app, visit, alice):
    client = visit()
    with client.session_transaction() as session:
        session["_user_id"] = str(alice.id)

    assert outcome(client.get("/books")) == SIGN_IN


# Alike


@pytest.mark.parametrize("method", METHODS)
def test_a_private_club_answers_a_visitor_alike_whether_a_thing_is_there_or_not(app, world, ask, method):
    rules = {rule.rule for rule in app.url_map.iter_rules()} - OPEN_IN_A_PRIVATE_CLUB
    assert len(rules) > 30
    assert set().union(*(rule.methods for rule in app.url_map.iter_rules())) == set(METHODS) - {"DELETE"}
    likenesses = {}
    for rule in rules:
        for address in (world.address(rule), world.address_of_nothing(rule)):
            likenesses[address] = likeness(ask(None, method, address))
    for address in ("/nothing", "/no/thing/at/all", "/books/", "/admin.php", "/reviews/x", "/%00"):
        likenesses[address] = likeness(ask(None, method, address))

    first = next(iter(likenesses.values()))
    assert first[0] == (303 if method in READS else 401)
    assert {address for address, like in likenesses.items() if like != first} == set()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_private_club_answers_a_visitors_htmx_alike_whether_a_thing_is_there_or_not(
    app, world, ask, method
):
    rules = {rule.rule for rule in app.url_map.iter_rules()} - OPEN_IN_A_PRIVATE_CLUB
    addresses = [world.address(rule) for rule in rules] + [world.address_of_nothing(rule) for rule in rules]
    asked = [likeness(ask(None, method, address, headers={"HX-Request": "true"})) for address in addresses]

    assert asked[0][0] == 401
    assert all(like == asked[0] for like in asked)


def test_a_public_club_answers_a_visitor_alike_about_members_who_are_there_or_not(world, publish, ask):
    publish()
    for line, reach in TABLE.items():
        method, rule = line.split(" ")
        if reach.public == SIGN_IN:
            there, not_there = (
                likeness(ask(None, method, address))
                for address in (world.address(rule), world.address_of_nothing(rule))
            )
            assert there == not_there, line


def test_a_public_club_says_of_an_unknown_address_that_there_is_nothing(publish, visitor):
    publish()

    for address in ("/nothing", "/books/nothing", "/reviews/4711", "/authors/nothing"):
        assert visitor.get(address).status_code == 404, address


# A session that has ended


def test_a_visitor_is_sent_to_sign_in_and_comes_back_to_where_they_wanted(visitor):
    answer = visitor.get("/books?q=emma&sort=year")

    assert answer.status_code == 303
    assert urlsplit(answer.location).path == "/sign-in"
    assert parse_qs(urlsplit(answer.location).query) == {"next": ["/books?q=emma&sort=year"]}


def test_htmx_is_told_to_leave_for_the_sign_in_page_and_to_come_back_to_the_page_it_was_on(visitor):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/reviews/3?at=9#comment-9"}
    answer = visitor.post("/threads/1/comments", data={"body": "Words."}, headers=headers)

    assert answer.status_code == 401
    assert answer.text == ""
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/reviews/3?at%3D9"


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", None])
def test_htmx_on_a_page_that_is_not_ours_is_told_to_sign_in_and_no_more(visitor, page):
    headers = {"HX-Request": "true"} | ({} if page is None else {"HX-Current-URL": page})
    answer = visitor.get("/books", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_words_that_are_posted_after_the_session_ended_are_not_lost(visitor):
    words = "I have thought about it for a week & now I know: <he> knew all along."
    answer = visitor.post(
        "/threads/1/comments", data={"body": words}, headers={"Referer": "http://localhost/reviews/3"}
    )

    assert answer.status_code == 401
    assert "now I know: &lt;he&gt; knew all along." in answer.text
    assert 'href="/sign-in?next=/reviews/3"' in answer.text


def test_a_page_elsewhere_that_posts_here_is_not_where_one_comes_back_to(visitor):
    answer = visitor.post("/threads/1/comments", headers={"Referer": "https://evil.example/"})

    assert 'href="/sign-in"' in answer.text
    assert "evil" not in answer.text


# Every form is ours


def markup(answer) -> str:
    """The page that was answered with; a file to be saved is none."""
    return answer.text if answer.mimetype == "text/html" else ""


class Forms(HTMLParser):
    """The forms of a page (method, action, token), and what its password fields and text boxes are called."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.passwords: set[str] = set()
        self.boxes: set[str] = set()
        self._open: dict[str, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = {"method": said.get("method", "get").lower(), "action": said.get("action", "")}
            self.found.append(self._open)
        elif tag == "input" and self._open is not None and said.get("name") == "csrf_token":
            self._open["token"] = said["value"]
        elif tag == "input" and said.get("type") == "password":
            self.passwords.add(said["name"])
        elif tag == "textarea":
            self.boxes.add(said["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None


@pytest.fixture
def forms(app, world, ask):
    """Every form that somebody meets on any page that they reach: (page, form)."""

    def forms(who: str) -> list[tuple[str, dict[str, str]]]:
        met = []
        for line, reach in TABLE.items():
            method, rule = line.split(" ")
            if method == "GET" and getattr(reach, who) == OK:
                page = world.address(rule)
                met += [(page, form) for form in Forms(markup(ask(world.cast[who], "GET", page))).found]
        return met

    return forms


@pytest.mark.parametrize("who", ["public", "bob", "alice", "mo", "olive"])
def test_a_form_carries_its_token_where_it_posts_and_leads_to_a_route(app, publish, forms, who):
    app.config["WTF_CSRF_ENABLED"] = True
    publish()
    adapter = app.url_map.bind("localhost")
    found = forms(who)
    assert {form["method"] for _, form in found} == {"get", "post"}

    wrong = [
        (page, form)
        for page, form in found
        if (not form.get("token") if form["method"] == "post" else "token" in form)
        or not adapter.test(urlsplit(form["action"]).path or page, form["method"].upper())
    ]
    assert wrong == []


def opened_by_link(app) -> set[str]:
    """Routes whose forms want no token of a session, as they work without cookies."""
    csrf = app.extensions["csrf"]
    views = {name: f"{view.__module__}.{view.__name__}" for name, view in app.view_functions.items()}
    return {rule.rule for rule in app.url_map.iter_rules() if views[rule.endpoint] in csrf._exempt_views}


def test_a_form_wants_no_token_where_the_address_holds_one(app):
    assert opened_by_link(app) == {"/rsvp-links/<token>", "/ballot-links/<token>", "/unsubscribe/<token>"}


@pytest.mark.parametrize("who", ["private", "olive"])
def test_without_the_right_token_nothing_is_posted_and_the_words_come_back(app, world, ask, who):
    app.config["WTF_CSRF_ENABLED"] = True
    words = "These are more than forty characters & somebody meant them."
    form = {**FORM, "body": words, "description": words}
    reached = {line for line, reach in TABLE.items() if "POST" in line and getattr(reach, who) != SIGN_IN}
    posts = reached - {f"POST {rule}" for rule in opened_by_link(app)}
    assert posts

    wrong = []
    for token in (None, "", "forged", "IjEi.Z0.forged"):
        sent = form if token is None else {**form, "csrf_token": token}
        for line in posts:
            answer = ask(world.cast[who], "POST", world.address(line.split(" ")[1]), data=sent)
            if answer.status_code != 400 or "characters &amp; somebody meant them." not in answer.text:
                wrong.append((token, line, answer.status_code))
    assert wrong == []


def test_no_error_page_shows_what_was_typed_as_a_password(app, world, ask):
    pages = (("private", "/sign-in"), ("private", "/sign-in/<token>"), ("bob", "/settings"))
    asked = (markup(ask(world.cast[who], "GET", world.address(rule))) for who, rule in pages)
    names = set().union(*(Forms(page).passwords for page in asked))
    assert len(names) >= 3

    secrets = dict.fromkeys(names, "a lantern in the orchard, and moths around it")
    with app.test_request_context("/", method="POST", data={**secrets, "body": "Two words."}):
        assert typed_text() == ["Two words."]


def test_every_box_that_words_are_typed_into_is_given_back_by_an_error_page(app, world, ask):
    reached = {"alice": [], "bob": [], "olive": []}
    for line, reach in TABLE.items():
        method, rule = line.split(" ")
        if method == "GET":
            for who, pages in reached.items():
                if getattr(reach, who) == OK:
                    pages.append(markup(ask(world.cast[who], "GET", world.address(rule))))
    boxes = set().union(*(Forms(page).boxes for pages in reached.values() for page in pages))

    assert {"body", "about", "words", "description"} <= boxes
    assert boxes - set(WORDY_FIELDS) <= {"authors", "adaptations"}


def token_on(page: str) -> str:
    return next(form["token"] for form in Forms(page).found if "token" in form)


def test_the_token_of_somebody_else_is_not_the_right_one(strict_visit, alice, bob):
    theirs = token_on(strict_visit(bob).get("/books/new").text)

    assert strict_visit(alice).post("/sign-out", data={"csrf_token": theirs}).status_code == 400


def test_with_its_token_a_form_is_taken(strict_visit, alice):
    client = strict_visit(alice)
    token = token_on(client.get("/books/new").text)

    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_no_address_that_is_only_read_changes_anything(app, world, ask, statements):
    changing = re.compile(r"(INSERT|UPDATE|DELETE)", re.IGNORECASE)
    # A page that shows a thread moves its reader's bookmark, and nothing else does.
    with_thread = {"GET /threads/<int:thread_id>", "GET /reviews/<int:review_id>", "GET /asks/<int:ask_id>"}
    ask(world.cast["olive"], "GET", "/")
    for line in TABLE:
        method, rule = line.split(" ")
        if method == "GET":
            with statements() as sent:
                ask(world.cast["olive"], "GET", world.address(rule))
            changes = [statement for statement in sent if changing.match(statement)]
            if line in with_thread:
                changes = [one for one in changes if not one.startswith("INSERT INTO thread_visit ")]
            assert changes == [], line


# Nothing that is typed makes it stumble

NAMES = (
    *FORM, "about", "adaptations", "after", "anyway", "at", "author", "author_pause", "before", "book",
    "carries_over", "csrf_token", "current", "current_book", "current_from", "current_password",
    "current_until", "days", "description", "display_name", "email", "exclude_share", "finished",
    "invite", "isbn", "late_joiners", "loved_after", "member", "method", "most_nominations", "name",
    "new", "next", "nominations_until", "notes", "own_tags", "pages", "password", "pitch", "q",
    "quorum", "rank-1", "rank-x",
    "rating", "remember", "removed", "reviews_after", "secrecy", "seen", "series", "setup", "sign_up",
    "sort", "start", "submission", "subtitle", "summary", "tag", "tags", "text_size", "theme",
    "threads_after",
    "time_zone", "until", "username", "uses", "verdict", "voting_until", "warn_share", "words",
)  # fmt: skip
ODD = {
    # The first is good for text: with it a view goes as far as it ever does.
    "negative": "-1",
    "nul": "a\0b",
    "thirty digits": "9" * 30,
    "five thousand digits": "9" * 5000,
    "not a number": "NaN",
    "beyond all numbers": "1e999",
    "other digits": "１２",
    "not utf-8": b"\xff\xfe\xed\xa0\x80",
    "long": "x" * 6_000,
    "year nought": "0000-00-00",
}

ODD_MARKS = {"negative", "nul", "thirty digits", "not utf-8"}
# Hidden fields that tell one form from another.
MARKS = ("submission", "parent_id")
# What PostgreSQL takes otherwise than SQLite does; the rest is refused before any database is asked.
ODD_TO_POSTGRES = ("negative", "nul", "thirty digits", "long")


class Noting(ImmutableMultiDict):
    """The fields of a query or a form; ``asked`` are those that a view wanted to see."""

    asked: ClassVar[set[str]] = set()

    def __getitem__(self, key):
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        self.asked.add(key)
        return super().__contains__(key)

    def __iter__(self):
        self.asked.add("all of them")
        return super().__iter__()

    def get(self, key, default=None, type=None):
        self.asked.add(key)
        return super().get(key, default, type)

    def getlist(self, key, type=None):
        self.asked.add(key)
        return super().getlist(key, type)

    def items(self, multi=False):
        self.asked.add("all of them")
        return super().items(multi)

    def lists(self):
        self.asked.add("all of them")
        return super().lists()


@pytest.fixture
def stumbled(app, world, save, alice, ask, monkeypatch):
    """``stumbled(lines, odds)`` is where the club stumbles over something odd in every field.

    A view that asks for no field at the first cannot stumble over the others; nor can one that takes a good
    form and asks for none of its marks.
    """

    def stumbled(lines: Iterable[str], odds: Iterable[str]) -> dict[tuple[str, str], int]:
        # Her own words, and the club's settings: she reaches nearly every form.
        alice.role = "organiser"
        save(alice)
        ask(alice, "GET", "/")
        monkeypatch.setattr(Session, "commit", Session.flush)
        monkeypatch.setattr(app.request_class, "parameter_storage_class", Noting)
        found = {}

        def send(line: str, odd: str, **more: object) -> set[str]:
            """Send something odd to one address. Returns the fields that the view wanted to see."""
            Noting.asked.clear()
            method, rule = line.split(" ")
            answer = ask(alice, method, world.address(rule), **more)
            if answer.status_code >= 500:
                found[line, odd] = answer.status_code
            return set(Noting.asked)

        for line in lines:
            where = "data" if line.startswith("POST ") else "query_string"
            for odd in odds:
                if not send(line, odd, **{where: dict.fromkeys(NAMES, ODD[odd])}) - {"csrf_token"}:
                    break
            if where == "data":
                # What is refused at the first field hides what the marks of a form would do.
                for odd in (odd for odd in odds if odd in ODD_MARKS):
                    asked = send(line, odd, data={**FORM, **dict.fromkeys(MARKS, ODD[odd])})
                    if not asked & {*MARKS, "all of them"}:
                        break
        return found

    return stumbled


# In two parts, so that two workers can share them.
@pytest.mark.parametrize("part", [0, 1])
def test_nothing_that_is_typed_makes_the_club_stumble(stumbled, part):
    assert stumbled(list(TABLE)[part::2], ODD) == {}


@pytest.mark.databases("postgresql")
def test_nothing_that_is_typed_makes_postgresql_stumble(stumbled):
    assert stumbled(TABLE, ODD_TO_POSTGRES) == {}
