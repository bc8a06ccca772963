"""Every page of the club: axe finds nothing on it, it fits a phone, and targets are large enough."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from bookclub.books.models import Adaptation, BookEdit, Edition
from bookclub.cli.main import path_of_setup
from bookclub.config import Settings
from bookclub.date_polls.models import Availability
from bookclub.extensions import begin_write, db, utcnow
from bookclub.home.models import Word
from bookclub.imports.models import ImportRow
from bookclub.lib.text.markdown import render
from bookclub.meetings.models import Attendance, MeetingSeries
from bookclub.members.models import Acceptance, Club, Member
from bookclub.members.signed_links import sign_link
from bookclub.mergers.models import Merger
from bookclub.notices.models import Notice
from bookclub.readings.models import OwnTag, ReadThrough
from bookclub.readings.rules import moment_from
from bookclub.recaps.models import Recap
from bookclub.reviews.models import ReviewRevision
from bookclub.rounds.actions import cast
from bookclub.rounds.clock import close_early
from bookclub.rounds.queries import round_to_act_on
from bookclub.sections.models import Section
from tests import pseudo_language
from tests.browser.composing import choose_readers
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import (
    make_answer,
    make_ask,
    make_book,
    make_comment,
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
    make_question,
    make_reading,
    make_report,
    make_review,
    make_round,
    make_tag,
    make_thread,
)

VISITORS_PAGES = """
    / /books /books?q=nothing /books?author=jane-austen&sort=rating /books/stories /books/emma
    /authors/jane-austen /reviews/{ids.review} /reviews/{ids.locked_review} /reviews/{ids.removed_review}
    /reviews/{ids.gone_review} /reviews/{ids.review}/revisions /threads /threads/{ids.thread}
    /threads/{ids.locked_thread} /comments/{ids.comment} /comments/{ids.locked_comment}
    /sign-in /sign-up /sign-in/nonsense /forgotten-password /confirmations/nonsense
    /unsubscribe/nonsense /rsvp-links/nonsense /ballot-links/nonsense /nowhere
    /search /search?q=emma
"""
MEMBERS_PAGES = """
    / /books /books?q=nothing /books/stories /books/emma /books/new /books/stories/edit /books/stories/edits
    /books/emma/edits /authors/wilhelmina-featherstonehaugh-cholmondeley /books/stories/reviews/new
    /books/stories/unlocked /books/stories/unlocked?after=10000-1-999999999 /books/emma/unlocked /notices
    /settings/mail
    /books/stories/sections /books/emma/sections /books/stories/editions/new
    /books/stories/editions/{ids.edition}/edit /reports/{ids.report} /reports/{ids.decided_report}
    /comments/{ids.comment}/spoiler-report /reviews/{ids.review}/spoiler-report
    /reviews/{ids.review} /reviews/{ids.locked_review} /reviews/{ids.locked_review}/reveal
    /reviews/{ids.removed_review} /reviews/{ids.gone_review} /reviews/{ids.review}/revisions
    /reviews/{ids.bobs_review}/revisions /reviews/{ids.bobs_review}/edit /reviews/{ids.bobs_review}/deletion
    /threads/{ids.thread} /threads/{ids.locked_thread} /comments/{ids.comment} /comments/{ids.comment}/reveal
    /threads /threads?about=books /threads/new
    /comments/{ids.locked_comment} /comments/{ids.bobs_comment}/edit /comments/{ids.bobs_comment}/deletion
    /members /members/bob /members/alice /settings /settings/data /club/settings /nowhere /offline
    /meetings /meetings/{ids.meeting} /meetings/{ids.meeting}/agenda /settings/calendar /date-polls/{ids.poll}
    /settings/feed /settings/picture /books/stories/cover
    /years /years/2025 /years/1999 /members/alice/years /members/alice/years/2025
    /members/bob/years/2025 /members/bob/years/2025?as=others /members/bob/years/1999
    /meetings/{ids.meeting_over} /meetings/{ids.meeting_over}/recap
    /books/stories/questions /questions/{ids.question}/reveal /questions/{ids.question}/edit
    /questions/{ids.question}/deletion
    /books/stories/passages /books/emma/passages /books/emma/passages/highlights /passages/{ids.passage}
    /books/stories/passages/highlights /passages/{ids.passage}/edit /passages/{ids.passage}/deletion
    /passages/{ids.passage}/thread /passages/{ids.locked_passage} /passages/{ids.locked_passage}/reveal
    /drafts /drafts/deletion /drafts/{ids.draft}/deletion
    /imports /imports/new /imports/{ids.staged_import} /imports/{ids.finished_import}
    /shelf/past-reads /shelf/past-reads/1700000000000000
    /search /search?q=emma /search?q=e&kind=comment /search?q=nothing&book=nowhere&since=2026-01-31
"""
ORGANISERS_PAGES = """
    / /books/stories /threads/{ids.thread} /threads/{ids.thread}/lock /threads/{ids.locked_thread}
    /comments/{ids.comment}/removal /reviews/{ids.review}/removal /members /members/bob /members/tom
    /reports /reports/{ids.report} /reports/{ids.decided_report} /notices
    /meetings/new /meetings/{ids.meeting} /meetings/{ids.meeting}/edit /questions/{ids.question}/removal
    /passages/{ids.passage}/removal
    /date-polls/new /date-polls/{ids.poll} /meetings/{ids.meeting_over}
    /members/a.rather-long_username.it-is-30 /club/settings /club/word /club/invitations /club/imports
    /club/invitations/{ids.invitation}/sheet
    /club/picture
    /books/stories/merger /books/stories/merger?into=nothing /books/stories/merger?into=emma
    /books/stories/split /books/stories/split?title=Tales&authors=Jane%20Austen&edition={ids.edition}
    /authors/jane-austen/merger /authors/jane-austen/merger?into=wilhelmina-featherstonehaugh-cholmondeley
    /authors/jane-austen/split /authors/jane-austen /books/emma/edits /mergers/{ids.merger}/reversal
    /shelf/past-reads
"""
CHOICES = """
    /rounds /rounds/{nominating} /rounds/{voting} /rounds/{approval} /rounds/{closed} /rounds/{private}
    /books/emma /recommendations /recommendations/club /authors/jane-austen/next /asks /asks?q=nothing
    /asks/new /asks/new?author=jane-austen /asks/{ask} /books/emma/endorsements /notices
    /answers/{answer}/deletion /endorsements/{endorsement}/deletion /settings
"""
ORGANISERS_CHOICES = """
    /rounds /rounds/new /rounds/{nominating} /rounds/{nominating}/edit /rounds/{voting} /rounds/{closed}
    /asks/{ask}/removal /answers/{answer}/removal /endorsements/{endorsement}/removal /
"""
# What is only asked for here: files, a list that opens in a form, and one's own deletion.
ELSEWHERE = """
    /my-data.zip /my-library.csv /imports/{staged}/report.csv /mentions
    /rounds/{closed}/ballots.csv /mentions/members /asks/{bobs_ask}/deletion /comments/{comment}/in-thread
    /manifest.webmanifest /service-worker.js /session /sealed-forms/nonsense /club/imports/{staged}/stop
    /threads/{thread}/first-unread /meetings/1.ics /calendar/nonsense.ics
"""
# WCAG 2.5.8. Links that stand within a line of text are excepted there; a label is part of its control.
SMALL_TARGETS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((target) => target.type !== "hidden" && target.checkVisibility()
        && getComputedStyle(target).display !== "inline" && !target.closest(".visually-hidden, .skip"))
    .map((target) => [target, (target.closest("label") || target).getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([target, box]) => `${target.outerHTML.slice(0, 90)} is ${box.width} by ${box.height}`)"""
# Each run of text in a flex container is an item of its own and loses the spaces at its ends.
LOST_SPACES = """() => [...document.querySelectorAll("main bdi, main cite")]
    .filter((name) => /flex/.test(getComputedStyle(name.parentElement).display)
        && [...name.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((name) => `${name.parentElement.outerHTML.slice(0, 120)} loses the spaces around a name`)"""
WIDE = """() => [...document.querySelectorAll("main *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => element.outerHTML.slice(0, 90)).slice(0, 3)"""
# The header is one line, in CSS pixels.
MOST_HEADER = 64
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ADDRESS = f"https://example.org/{'a-very-long-way/' * 12}?and=more"
HARD_WORDS = f"""
{LONG * 2}

See {ADDRESS} and `{"x = y + z; " * 20}`.

### A heading far down, before any other

# A heading with {LONG}

    {"code " * 60}

> {LONG}
> — somebody

1. one
   - **two**
     - *three*

||{LONG}||
"""


@dataclass
class Inspection:
    """What is wrong with the pages that were looked at."""

    check_accessibility: Callable[..., None]
    problems: list[str] = field(default_factory=list)

    def look_at(self, page: Page) -> None:
        """Look at a page as it stands: on the phone in dark colours, then on the desk in light ones.

        What axe finds in the markup it finds on either, so on the desk it looks at the colours alone.
        """
        where = page.url.partition("127.0.0.1")[2]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.note(page)
        self.measure(page, where)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            self.problems.append(f"{where}: scrolls sideways, {width} px: {page.evaluate(WIDE)}")

        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.note(page, only=["color-contrast"])
        self.measure(page, f"{where} on the desk")
        page.set_viewport_size(PHONE)

    def measure(self, page: Page, where: str) -> None:
        found = (*page.evaluate(SMALL_TARGETS), *page.evaluate(LOST_SPACES))
        self.problems += [f"{where}: {problem}" for problem in found]

    def note(self, page: Page, **options: list[str]) -> None:
        try:
            self.check_accessibility(page, **options)
        except AssertionError as problem:
            self.problems.append(str(problem).partition("\nassert ")[0])

    def complain(self) -> None:
        assert not self.problems, "\n\n".join(dict.fromkeys(self.problems))


@pytest.fixture
def settings(database, tmp_path):
    """A club that brings its own htmx: where nothing is intercepted, the browser may use its cache."""
    return Settings.for_folder(tmp_path, database_url=database, testing=True, htmx="local")


@pytest.fixture
def inspection(check_accessibility) -> Iterator[Inspection]:
    """An inspection of what this test opens, which ends with its complaints."""
    inspection = Inspection(check_accessibility)
    yield inspection
    inspection.complain()


@pytest.fixture
def enter(browse, axe_source) -> Callable[..., Page]:
    """``enter(bob)`` is a page for Bob on which axe waits from the start."""

    def enter(member: Member | None = None) -> Page:
        page = browse(member, phone=True)
        page.add_init_script(axe_source)
        return page

    return enter


@dataclass(frozen=True)
class Ids:
    """What there is to be opened."""

    review: int
    locked_review: int
    removed_review: int
    gone_review: int
    bobs_review: int
    thread: int
    locked_thread: int
    comment: int
    locked_comment: int
    bobs_comment: int
    edition: int
    report: int
    decided_report: int
    draft: int
    staged_import: int
    finished_import: int
    merger: int
    meeting: int
    meeting_over: int
    poll: int
    question: int
    invitation: int
    passage: int
    locked_passage: int


@pytest.fixture
def ids(app, save, alice, bob, mod, olive) -> Ids:
    """A public club with something of everything in it, in words that are hard to set."""
    rita, sue, _ = save(make_member("rita"), make_member("sue"), make_member("tom", suspended_at=utcnow()))
    with app.app_context():
        club = db.session.get(Club, 1)
    long_name = make_member("a.rather-long_username.it-is-30", display_name=f"Professor {LONG[:45]}")
    save(long_name)
    book = save(
        make_book(
            f"{LONG} and Other Stories",
            slug="stories",
            author="Wilhelmina Featherstonehaugh-Cholmondeley",
            isbn="9780571258093",
            tags=(make_tag("memory"), make_tag(LONG[:40])),
            description=f"A book about *{LONG}*.",
            subtitle="With a long subtitle, too",
        ),
    )
    starts = (("", 0), (LONG, 1_500), (f"The one of the {LONG}", 4_000), ("And after", None))
    save(
        *(
            Section(book_id=book.id, place=place, title=title, start=start)
            for place, (title, start) in enumerate(starts)
        )
    )
    recording = save(Edition(book_id=book.id, format="audiobook", minutes=642, isbn="9780571386574"))
    plain = save(make_book("Emma", author="Jane Austen"))
    save(Adaptation(book_id=plain.id, title="Clueless", year=1995, kind="film"))
    save(
        BookEdit(
            book_id=book.id,
            member_id=alice.id,
            changes={"title": ["Stories", book.title], "pages": ["", "300"]},
        )
    )
    club.is_public, club.current_book_id, club.words_html = True, book.id, render("We **read**.").html
    save(club, Word(number=1, body=HARD_WORDS, body_html=render(HARD_WORDS).safe_html))
    save(
        make_reading(alice, book, position=10_000, rating=9),
        make_reading(bob, book, position=2_000, rating=7),
    )
    save(make_past_read(bob, save(make_book("Waverley")), moment_from(1_700_000_000_000_000)))
    add_year(save, alice, bob)
    own = save(make_reading(bob, plain, status="to_read", notes=f"{HARD_WORDS}\n(Your Highlight on page 3)"))
    save(OwnTag(reading_id=own.id, name=LONG), ReadThrough(reading_id=own.id, started_on=utcnow().date()))
    review = save(
        make_review(alice, book, HARD_WORDS, title=f"On {LONG}", edited_at=utcnow(), summary="Short.")
    )
    safe = render(HARD_WORDS)
    save(
        ReviewRevision(
            review_id=review.id,
            title="Before",
            summary="Shorter.",
            body=HARD_WORDS,
            body_html=safe.html,
            safe_html=safe.safe_html,
            has_spoilers=True,
            horizon=0,
        )
    )
    locked_review = save(make_review(rita, book, "All of it.", horizon=10_000, title="The end"))
    removed = save(make_review(sue, book, deleted_at=utcnow(), removed_by_id=mod.id, removal_reason="Rude."))
    gone = save(make_review(long_name, book, deleted_at=utcnow()))
    bobs_review = save(make_review(bob, plain, title="Badly done"))
    thread = save(make_thread(alice, book, f"A thread on {LONG}"))
    parent = first = save(make_comment(thread, alice, HARD_WORDS))
    for author in (bob, long_name, rita, sue, bob, alice, long_name, bob):
        parent = save(make_comment(thread, author, f"Deeper. {LONG}", parent=parent))
    bobs = save(make_comment(thread, bob, "Mine, ||with a bar||.", edited_at=utcnow()))
    locked = save(make_comment(thread, alice, "Ahead.", horizon=10_000))
    save(make_comment(thread, rita, "Ahead, too.", parent=locked, horizon=9_000))
    save(make_comment(thread, rita, "A single one ahead.", parent=first, horizon=3_000))
    save(make_comment(thread, rita, HARD_WORDS, horizon=1_000))
    save(
        make_comment(
            thread, sue, "", deleted_at=utcnow(), removed_by_id=mod.id, removal_reason=f"Rude: {LONG}"
        )
    )
    under_review = save(make_comment(review.thread, bob, HARD_WORDS))
    report, _, decided = save(
        make_report(alice, bobs),
        make_report(rita, locked),
        make_report(alice, under_review, upheld=True, decided_by_id=mod.id, decided_at=utcnow()),
    )
    save(
        Notice(member_id=bob.id, kind="reply", comment_id=parent.id, actor_id=long_name.id),
        Notice(member_id=bob.id, kind="reply", comment_id=locked.id, actor_id=alice.id),
        Notice(member_id=bob.id, kind="spoiler_report", comment_id=bobs.id, actor_id=alice.id),
    )
    quiet = save(make_thread(bob, plain, "Locked", locked_at=utcnow(), locked_by_id=mod.id, lock_reason=LONG))
    draft = save(make_draft(bob, book, HARD_WORDS, summary=LONG, written_on=utcnow().date()))
    save(make_draft(bob, plain, "A word.", title=LONG))
    merger = save(
        Merger(kind="book merger", book_id=plain.id, title=LONG, slug="another-emma", member_id=olive.id)
    )
    today = utcnow().date()
    series = save(MeetingSeries(rule="FREQ=WEEKLY", begins_on=today, created_by_id=olive.id))
    hard = {"title": LONG[:110], "place": LONG[:190], "notes": HARD_WORDS}
    meeting = save(make_meeting(olive, book, series_id=series.id, series_on=today, **hard))
    poll = save(make_date_poll(olive, title=LONG[:110]))
    save(
        *(
            Availability(option_id=poll.options[0].id, member_id=each.id, answer="yes")
            for each in (bob, rita, long_name)
        )
    )
    question = save(make_question(meeting, bob, HARD_WORDS, book=book))
    save(make_question(meeting, long_name, "The ending?", book=book, horizon=9000))
    passage = save(make_passage(bob, book, LONG, HARD_WORDS, entry_unit="page", entry="12"))
    ahead = save(make_passage(long_name, book, "The ending.", horizon=9000))
    save(make_passage(rita, book, "Quite.", horizon=9500))
    save(make_passage(sue, book, "", deleted_at=utcnow(), removed_by_id=mod.id, removal_reason=LONG))
    over = save(make_meeting(olive, book, plain, starts_at=utcnow() - timedelta(days=1), title=LONG[:110]))
    said = save(make_comment(over.books[0].thread, long_name, HARD_WORDS))
    save(Recap(comment_id=said.id, meeting_id=over.id))
    save(*(Attendance(meeting_id=over.id, member_id=each.id) for each in (bob, long_name)))
    used = save(make_invitation(olive, uses=1))
    save(Acceptance(invitation_id=used.id, member_id=bob.id))
    save(make_invitation(olive, expires_at=utcnow() - timedelta(days=1)))
    return Ids(
        review.id,
        locked_review.id,
        removed.id,
        gone.id,
        bobs_review.id,
        thread.id,
        quiet.id,
        first.id,
        locked.id,
        bobs.id,
        recording.id,
        report.id,
        decided.id,
        draft.id,
        *bring(save, bob, book),
        merger.id,
        meeting.id,
        over.id,
        poll.id,
        question.id,
        used.id,
        passage.id,
        ahead.id,
    )


def bring(save, member, book) -> list[int]:
    """A file that waits to be taken in, and one with its report."""
    shelves = [
        {"name": name, "rows": 1, "is_shelf": True, "becomes": becomes}
        for name, becomes in ((LONG, "nothing"), ("dnf", "did_not_finish"))
    ]
    staged = save(make_import(member, name=f"{LONG}.csv", shelves=shelves, total=2, looked=2, known=1))
    finished = save(make_import(member, state="finished", total=2, taken=1, skipped=1))
    for brought, states in ((staged, ("waiting", "skipped")), (finished, ("taken", "skipped"))):
        for number, state in enumerate(states, 2):
            said = {"title": LONG, "why": LONG, "entry": {"number": number, "title": LONG}}
            row = ImportRow(import_id=brought.id, number=number, state=state, authors=LONG, **said)
            row.book_id = book.id
            save(row)
    return [staged.id, finished.id]


def add_year(save, alice, bob) -> None:
    """Let Alice and Bob read much in 2025, and Alice show hers."""
    alice.shows_years = True
    save(alice)
    read = {"position": 10_000, "times_read": 1, "rating": 7}
    for month in range(1, 13):
        title, author = f"{month} {LONG}", f"{month}th {LONG[:90]}"
        old = save(make_book(title, author=author, first_published=1800 + 18 * month))
        recording = save(Edition(book_id=old.id, format="audiobook", minutes=700 * month))
        for reader in (alice, bob):
            day = date(2025, month, 28)
            heard = {"edition_id": recording.id} if month % 3 == 0 else {}
            private = {"is_private": month == 5}
            save(make_reading(reader, old, finished_on=day, **heard, **private, **read))
        third = save(make_member())
        save(make_reading(third, old, finished_on=day, **read), old)


def submit(page: Page, path: str, form: str = "main form[method=post]", **fields: str) -> None:
    """Send a form as it stands, past what the browser itself would ask for, as a page of its own."""
    page.goto(path)
    page.locator(form).first.evaluate(
        "form => { for (let up = form; (up = up.parentElement.closest('details'));) up.open = true; }"
    )
    for name, value in fields.items():
        page.locator(f"{form} [name={name}]").fill(value)
    with page.expect_navigation():
        page.locator(form).first.evaluate("form => HTMLFormElement.prototype.submit.call(form)")


def test_a_visitor_finds_no_obstacle(enter, inspection, ids, olive, page_allows):
    page_allows("status of 4")  # Pages that are not there, or that say what is wrong with a form.
    page = enter()
    for path in VISITORS_PAGES.format(ids=ids).split():
        page.goto(path)
        inspection.look_at(page)
    submit(page, "/sign-in")
    inspection.look_at(page)
    submit(page, "/sign-in", username="alice", password="guessed, and wrong")
    inspection.look_at(page)

    organiser = enter(olive)
    organiser.goto("/members/bob")
    organiser.get_by_role("button", name="Make a password link").click()
    inspection.look_at(organiser)
    page.goto(organiser.get_by_label("Password link").input_value())
    inspection.look_at(page)
    organiser.goto("/club/invitations")
    invitation = organiser.get_by_label("Invitation link").first.input_value()
    page.goto(invitation)
    inspection.look_at(page)
    submit(page, invitation)
    inspection.look_at(page)


def test_a_member_finds_no_obstacle(enter, inspection, ids, bob, page_allows):
    page_allows("status of 4")  # Pages that are not there, or that say what is wrong with a form.
    page = enter(bob)
    for path in MEMBERS_PAGES.format(ids=ids).split():
        page.goto(path)
        inspection.look_at(page)
    for path, form in (
        ("/books/stories/editions/new", "main form"),
        ("/books/stories/sections", "#starts form"),
        (f"/comments/{ids.comment}/spoiler-report", "main form"),
        (f"/reports/{ids.report}", "main form"),
        ("/books/new", "#new-book"),
        ("/books/stories/reviews/new", "#review-form"),
        (f"/threads/{ids.thread}", "#new-comment"),
        (f"/comments/{ids.comment}", f"#reply-{ids.comment}"),
        ("/books/stories", "#new-thread"),
        ("/settings", "main form >> nth=1"),
        ("/settings", "main details form"),
    ):
        submit(page, path, form)
        inspection.look_at(page)
    submit(page, "/books/new", "#new-book", title="Emma", authors="Jane Austen")
    inspection.look_at(page)
    submit(page, "/books/stories", "form#reading", position="far")
    inspection.look_at(page)
    submit(page, "/books/stories", "form:has([name=tap]):has([value=finished])")
    page.get_by_text("Have you really finished the book?").wait_for()
    inspection.look_at(page)
    submit(page, "/", "form.place", position="far")
    inspection.look_at(page)
    submit(page, "/books/stories/sections", sections=f"{LONG} | p. 60\nBefore it | p. 20")
    inspection.look_at(page)

    page.goto(f"/threads/{ids.thread}")
    page.locator(f"#comment-{ids.comment}").get_by_role("link", name="Reply", exact=True).click()
    page.locator(f"#reply-{ids.comment}").get_by_role("button", name="Post reply").click()
    page.get_by_text("Write something first.").wait_for()
    page.locator(f"#comment-{ids.bobs_comment}").get_by_role("link", name="Edit", exact=True).click()
    page.locator(f"#edit-{ids.bobs_comment}").wait_for()
    inspection.look_at(page)
    page.goto(f"/threads/{ids.thread}")
    page.locator("#new-comment").get_by_label("Reply").fill(
        "Words that somebody took the trouble to write down."
    )
    page.context.clear_cookies()
    with page.expect_navigation():
        page.locator("#new-comment").evaluate("form => HTMLFormElement.prototype.submit.call(form)")
    inspection.look_at(page)


def test_what_opens_in_a_page_is_no_obstacle(enter, inspection, ids, bob, page_allows):
    page_allows("status of 422")  # A step so long that it is asked about, and a place that makes no sense.
    page = enter(bob)
    page.goto("/books/stories")
    for summary in page.locator("main summary").all():
        summary.click()
    page.locator("#new-thread").get_by_label("Title").fill("A look ahead")
    page.locator("#new-thread").get_by_label("What would you like to talk about?").fill(HARD_WORDS)
    choose_readers(page.locator("#new-thread"), "place")
    page.locator("#new-thread").get_by_label("Which place").fill("p. 250")
    page.locator("#new-thread").get_by_role("button", name="Preview").click()
    page.locator("#preview-of-new-thread .prose").first.wait_for()
    inspection.look_at(page)

    page.goto(f"/threads/{ids.thread}")
    page.locator("#new-comment").get_by_label("Reply", exact=True).fill(HARD_WORDS)
    page.locator("#new-comment").get_by_role("button", name="Preview").click()
    page.locator("#preview-of-new-comment .prose").first.wait_for()
    page.locator(f"#comment-{ids.comment}").get_by_role("link", name="Report a spoiler").click()
    page.locator(f"#report-{ids.comment}").wait_for()
    inspection.look_at(page)

    page.goto("/")
    strip = page.locator("section.standing")
    strip.get_by_text("Other place…").click()
    strip.get_by_role("textbox", name="I am at").fill("far")
    strip.get_by_label("Page, percent or time").select_option("percent")
    strip.get_by_role("button", name="Save place").click()
    strip.get_by_text("is not a").wait_for()
    inspection.look_at(page)
    strip.get_by_role("button", name="Finished", exact=True).click()
    strip.get_by_text("Have you really finished the book?").wait_for()
    inspection.look_at(page)
    strip.get_by_role("button", name="Yes, I have").click()
    strip.get_by_text("unlocked").wait_for()
    strip.get_by_role("button", name="Undo").wait_for()
    inspection.look_at(page)


def test_an_organiser_finds_no_obstacle(enter, inspection, ids, olive, page_allows):
    page_allows("status of 4")  # Pages that are not there, or that say what is wrong with a form.
    page = enter(olive)
    for path in ORGANISERS_PAGES.format(ids=ids).split():
        page.goto(path)
        inspection.look_at(page)
    for path in (
        f"/threads/{ids.thread}/lock",
        f"/comments/{ids.comment}/removal",
        f"/reviews/{ids.review}/removal",
    ):
        submit(page, path)
        inspection.look_at(page)
    submit(page, "/club/settings", name=" ", current_book="Nobody knows", current_from="2026-02-02")
    inspection.look_at(page)
    submit(page, "/club/word", body="||They die||")
    inspection.look_at(page)
    submit(page, "/club/invitations", uses="1000", days="")
    inspection.look_at(page)
    page.goto("/members/bob")
    for summary in page.locator("summary").all():
        summary.click()
    inspection.look_at(page)


@pytest.fixture
def choices(app, save, alice, bob, olive) -> dict[str, int]:
    """Rounds in all states, questions with answers, and what somebody recommends."""
    plain = save(make_book("Emma", author="Jane Austen"))
    hard = save(make_book(f"{LONG} and Other Stories", slug="stories", author="W. Featherstonehaugh"))
    third = save(make_book("Persuasion", author="Anne", tags=(make_tag(LONG[:40]),)))
    for book in (hard, third, plain):
        save(make_reading(alice, book, status="finished", rating=9))
    found = {}
    for name, columns in {
        "nominating": {},
        "voting": {"voting": True, "title": f"A round of {LONG}"},
        "approval": {"voting": True, "method": "approval"},
        "closed": {"voting": True},
        "private": {"voting": True, "secrecy": "private"},
    }.items():
        voting_round = save(make_round(olive, **columns))
        found[name] = voting_round.id
        for book in (plain, hard, third):
            save(make_nomination(voting_round, book, bob, f"Because of {LONG}."))
    for name in ("closed", "private"):
        with app.app_context():
            begin_write()
            held = round_to_act_on(found[name], lock=True)
            ids = [nomination.id for nomination in held.nominations]
            for member, order in ((alice, ids), (bob, ids[::-1]), (olive, ids[:1])):
                cast(held, member, {one: place for place, one in enumerate(order, 1)}, utcnow())
            db.session.flush()
            close_early(held, olive, utcnow())
            db.session.commit()
    asked = save(make_ask(alice, f"Which one after {LONG}?", author=plain.credits[0].author))
    answer = save(make_answer(asked, bob, hard, f"For its {LONG}."))
    given = save(make_endorsement(bob, plain, hard, f"For its {LONG}."))
    own = save(make_ask(bob, "Something short?"))
    save(Notice(member_id=alice.id, kind="answer", ask_id=asked.id, actor_id=bob.id))
    return {**found, "ask": asked.id, "answer": answer.id, "endorsement": given.id, "bobs_ask": own.id}


def test_choosing_the_next_book_is_no_obstacle(enter, inspection, choices, alice, bob, olive, page_allows):
    page_allows("status of 4")  # A ballot and a nomination that make no sense.
    page = enter(alice)
    for path in CHOICES.format(**choices).split():
        if "deletion" not in path:
            page.goto(path)
            inspection.look_at(page)
    page.goto(f"/rounds/{choices['voting']}")
    for card in page.locator(".choice").all()[:2]:
        card.locator(".cover").first.click()
    inspection.look_at(page)
    submit(page, f"/rounds/{choices['nominating']}", "#main form[action$=nominations]", book="Emmma")
    inspection.look_at(page)
    submit(page, f"/asks/{choices['bobs_ask']}", "form.advising", book="Nothing", reason="")
    inspection.look_at(page)

    his = enter(bob)
    for path in CHOICES.format(**choices).split():
        if "deletion" in path:
            his.goto(path)
            inspection.look_at(his)
    organiser = enter(olive)
    for path in ORGANISERS_CHOICES.format(**choices).split():
        organiser.goto(path)
        for summary in organiser.locator("main summary").all():
            summary.click()
        inspection.look_at(organiser)
    submit(organiser, "/rounds/new", "main form", title=" ", voting_until="2020-01-01T20:00")
    inspection.look_at(organiser)


def test_what_a_signed_link_opens_is_no_obstacle(
    app, enter, inspection, save, choices, alice, bob, olive, page_allows
):
    page_allows("status of 4")  # A link that has ended, and answers that make no sense.
    plan = {"seats": 8, "link": ADDRESS, "access": f"By {LONG}", "title": f"At {LONG}"}
    meeting = save(make_meeting(olive, save(make_book(LONG)), **plan))
    with app.app_context():
        rsvp = f"/rsvp-links/{sign_link('rsvp', alice, meeting.id)}"
        ballot, ticks, ended = (
            f"/ballot-links/{sign_link('ballot', alice, choices[name])}"
            for name in ("voting", "approval", "closed")
        )
    page = enter()
    for path in (rsvp, ballot, ticks, ended):
        page.goto(path)
        # The button of a ballot stays in sight, and may cover half a book wherever one stops.
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        inspection.look_at(page)
    submit(page, rsvp, "form.stack", guests="99")
    inspection.look_at(page)
    page.goto(rsvp)
    page.get_by_role("button", name="Yes").click()
    page.get_by_text("See you there!").wait_for()
    inspection.look_at(page)
    page.goto(ticks)
    page.get_by_role("button", name="Cast ballot").click()
    page.get_by_role("heading", name="Your ballot is in").wait_for()
    inspection.look_at(page)
    his = enter(bob)
    his.goto(rsvp)
    inspection.look_at(his)


def test_a_new_club_is_easy_to_enter_and_says_what_to_do_next(app, enter, inspection, save):
    page = enter()
    for path in ("/", "/sign-up", path_of_setup(app)):
        page.goto(path)
        inspection.look_at(page)
    olive = save(make_member("olive", role="organiser"))
    page = enter(olive)
    for path in ("/", "/books", "/members", "/members/olive", "/club/settings", "/club/invitations"):
        page.goto(path)
        inspection.look_at(page)


@pytest.fixture
def too_wide(app, browse, tmp_path) -> Callable[..., list[str]]:
    """``too_wide(bob, paths)`` lists what is wider than a phone, or two lines high, in a longer language."""
    pseudo_language.speak(app, tmp_path)

    def too_wide(member: Member | None, paths: str) -> list[str]:
        page, problems = browse(member, phone=True), []
        for path in paths.split():
            page.goto(path)
            width = page.evaluate("document.documentElement.scrollWidth")
            height = page.evaluate("document.querySelector('.top').offsetHeight")
            if width > PHONE["width"] or height > MOST_HEADER:
                problems.append(f"{path}: {width} by {height}: {page.evaluate(WIDE)}")
        return problems

    return too_wide


@pytest.mark.parametrize("who", ["visitor", "bob", "olive"])
def test_no_page_is_wider_in_a_longer_language(too_wide, ids, bob, olive, page_allows, who):
    page_allows("status of 4")  # Pages that are not there.
    member = {"visitor": None, "bob": bob, "olive": olive}[who]
    paths = {"visitor": VISITORS_PAGES, "bob": MEMBERS_PAGES, "olive": ORGANISERS_PAGES}[who]

    found = too_wide(member, paths.format(ids=ids))

    assert not found, "\n".join(found)


@pytest.mark.parametrize("who", ["alice", "olive"])
def test_no_page_of_a_vote_is_wider_in_a_longer_language(too_wide, choices, alice, olive, who):
    member = {"alice": alice, "olive": olive}[who]
    paths = {"alice": CHOICES, "olive": ORGANISERS_CHOICES}[who].format(**choices)

    found = too_wide(member, " ".join(path for path in paths.split() if "deletion" not in path))

    assert not found, "\n".join(found)


def test_no_page_is_left_out(app):
    ids = Ids(*range(1, len(fields(Ids)) + 1))
    pages = (VISITORS_PAGES + MEMBERS_PAGES + ORGANISERS_PAGES).format(ids=ids).split()
    chosen = dict.fromkeys(re.findall(r"\{(\w+)\}", CHOICES + ORGANISERS_CHOICES + ELSEWHERE), 1)
    pages += (CHOICES + ORGANISERS_CHOICES + ELSEWHERE).format(**chosen).split()
    addresses = app.url_map.bind("localhost")
    opened = {addresses.match(page.partition("?")[0])[0] for page in pages if page != "/nowhere"}
    there = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}

    # What programs read is no page.
    for_programs = {name for name in there if name.startswith(("crawlers.", "link_previews.", "pictures."))}
    for_programs |= {"feeds.show_club", "feeds.show_book", "feeds.show_thread"}
    for_programs |= {"feeds.show_mine", "feeds.show_reviews"}
    assert there - opened == {"static", "home.healthz", *for_programs}


def test_an_obstacle_is_found(enter, check_accessibility):
    page, inspection = enter(), Inspection(check_accessibility)
    page.goto("/sign-in")
    page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
            '<img src="/static/favicon.svg" width="500" height="9"><button class="link">x</button>')"""
    )
    inspection.look_at(page)

    found = "\n".join(inspection.problems)
    assert "image-alt" in found
    assert '<button class="link">x</button> is' in found
    assert "scrolls sideways" in found
