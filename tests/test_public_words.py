"""Every field and column of words: prose with its horizon, private, or safe for everybody and so refused."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy import String, select
from wtforms import Form, HiddenField, PasswordField, StringField

from bookclub.extensions import Base, begin_write, db, utcnow
from bookclub.lib.text.shown_text import ShownText, typed
from bookclub.lib.text.spoilers import hidden_words, hide_spoilers
from bookclub.meetings.models import MeetingSeries
from bookclub.members.models import Club
from bookclub.reviews.models import Review
from bookclub.text_columns import PublicText
from bookclub.threads.models import Comment, Thread
from tests.factories import (
    make_ask,
    make_book,
    make_comment,
    make_date_poll,
    make_endorsement,
    make_import,
    make_meeting,
    make_nomination,
    make_reading,
    make_review,
    make_round,
    make_thread,
)

pytestmark = pytest.mark.databases("sqlite", "postgresql")

HIDDEN = hidden_words()

# Each field in which words are typed. Those that everybody reads are sent with a spoiler, below.
PUBLIC = {
    "AdviceForm": {"reason"},
    "AskForm": {"question"},
    "AuthorSplitForm": {"name"},
    "BookEditForm": {"adaptations", "authors", "description", "series", "subtitle", "tags", "title"},
    "BookForm": {"adaptations", "authors", "description", "series", "subtitle", "tags", "title"},
    "BookSplitForm": {"authors", "title"},
    "ClubForm": {"name", "words"},
    "CommentEditForm": {"title"},
    "MeetingForm": {"access", "notes", "place", "title"},
    "CancellationForm": {"reason"},
    "EndOfSeriesForm": {"last_reason"},
    "RsvpForm": {"note"},
    "DatePollForm": {"title"},
    "NewThreadForm": {"title"},
    "NominationForm": {"authors", "pitch"},
    "ProfileForm": {"about", "display_name"},
    "LockForm": {"reason"},
    "ReasonForm": {"reason"},
    "ReviewForm": {"summary", "title"},
    "RoundForm": {"title"},
    "SectionsForm": {"sections"},
    "StopForm": {"reason"},
    "WordForm": {"body"},
}
# What is hidden in these is hidden from those who have not come so far.
PROSE = {form: {"body"} for form in (
    "ComposerForm", "CommentForm", "CommentEditForm", "NewThreadForm", "QuestionForm", "QuestionEditForm",
    "IllustratedForm", "PictureFields", "RecapForm", "ReviewForm",
)} | {form: {"text", "note"} for form in ("PassageForm", "PassageEditForm")}  # fmt: skip
# Nobody else ever reads these.
PRIVATE = {
    "DraftForm": {"body", "summary", "title"},
    "ReadingForm": {"notes", "own_tags"},
    "ShelvesForm": set(),
}
# These take a name, a number or a day that is known, or are not kept.
CHOICES = {
    *("book", "current_book", "descriptions", "email", "finished_on", "first_published", "horizon_place"),
    *("isbn", "length", "minutes", "pages", "planned_month", "position", "q", "start", "started_on"),
    *("username", "host", "member", "was", "rsvp", "link", "read_until", "rule", "starts_at", "times"),
    *("by", "since"),
    # Words about a picture become a part of the text that it stands in.
    *("picture_alt", "picture_caption", "picture_credit"),
}
MARKS = ["||They die||", "<spoiler>They die</spoiler>", ">!They die!<", "[spoiler]They die", "||They die"]


def forms(base=Form):
    for form in base.__subclasses__():
        if form.__module__.startswith("bookclub."):
            yield form
        yield from forms(form)


def text_fields():
    """Each form with its fields in which words can be typed."""
    found: dict[str, set[str]] = {}
    for form in forms():
        for name in dir(form):
            kind = getattr(getattr(form, name, None), "field_class", None)
            if kind and issubclass(kind, StringField) and not issubclass(kind, HiddenField | PasswordField):
                found.setdefault(form.__name__, set()).add(name)
    return found


def test_each_field_is_prose_private_or_safe_for_everybody():
    found = text_fields()
    known = {form: names - CHOICES for form, names in found.items()}

    for form, names in known.items():
        decided = [table.get(form, set()) for table in (PUBLIC, PROSE, PRIVATE)]
        assert set().union(*decided) == names, form
        assert sum(map(len, decided)) == len(names), form
    assert PUBLIC.keys() <= found.keys()


def test_each_column_of_words_is_known():
    """A column that everybody reads is of the type that hides what is marked in it."""
    public = {
        "answer.reason", "answer.removal_reason", "ask.question", "ask.removal_reason", "book.description",
        "club.name", "club.words", "comment.removal_reason", "endorsement.reason",
        "endorsement.removal_reason", "import.stop_reason", "member.about", "member.display_name",
        "meeting.access", "meeting.cancel_reason", "meeting.notes", "meeting.place", "meeting.title",
        "nomination.pitch", "passage.removal_reason", "question.removal_reason", "review.removal_reason",
        "review.summary", "review.title",
        "review_revision.summary", "review_revision.title", "thread.lock_reason", "thread.title",
        "date_poll.title", "date_poll.withdraw_reason", "rsvp.note", "voting_round.title", "word.body",
    }  # fmt: skip
    prose = {f"{table}.{column}" for table in ("comment", "passage", "question", "review", "review_revision")
             for column in ("body", "body_html", "safe_html")}  # fmt: skip
    prose |= {"book.description_html", "club.words_html", "member.about_html", "meeting.notes_html"}
    prose |= {"word.body_html", "passage.text"}
    private = {
        "mail.address", "mail.cause", "mail.last_error", "mail.message_id", "mail.site",
        "returned_reply.why", "returned_reply.words",
        "sealed_form.fields", "sealed_form.page", "sealed_form.query",
        "import.name", "import.stopped_by", "import_row.authors", "import_row.title", "import_row.why",
        "own_tag.name", "reading.notes", "review_draft.body", "review_draft.summary", "review_draft.title",
    }  # fmt: skip
    # Names in the catalogue are made into slugs and keys: forms and imports refuse what hides something.
    catalogue = {
        "adaptation.title", "author.name", "author_spelling.name", "book.authors_line", "book.search_key",
        "book.series", "former_book.subtitle", "former_book.title", "merger.title", "reading.moved_from",
        "book.subtitle", "book.title", "section.title", "tag.name", "ask.search_key",
    }  # fmt: skip
    # Of a fixed shape: keys, kinds, codes, addresses, hashes.
    shaped = ("slug", "kind", "key", "_key", "_hash", "code", "format", "isbn", "unit", "choice", "state",
              "topic", "frequency", "digest", "sent_as",
              "submission", "form", "status", "entry", "path", "theme", "text_size", "role", "time_zone",
              "sign_up",
              "secrecy", "method", "outcome", "lot", "seal", "receipt", "voter", "email", "username",
              "planned_month", "subject", "source", "licence", "asked", "problem", "match_head",
              "match_tail", "table_name", "link", "read_until", "answer", "rule")  # fmt: skip

    unknown = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            if isinstance(column.type, PublicText):
                assert name in public, name
                public.discard(name)
            elif isinstance(column.type, String) and name not in prose | private | catalogue:
                unknown |= set() if column.name.endswith(shaped) else {name}

    assert not public
    assert not unknown


@pytest.fixture
def world(save, alice, bob, mod, olive):
    """A club with one of everything; the addresses of its forms."""
    book, other = save(make_book("Emma"), make_book("Persuasion"))
    thread = save(make_thread(bob, book, "Mr Knightley"))
    first, said = save(make_comment(thread, bob), make_comment(thread, alice))
    review = save(make_review(alice, book))
    asked = save(make_ask(alice, book=book))
    voting_round = save(make_round(olive))
    save(make_reading(bob, book, position=10_000))
    brought, day = save(make_import(alice, state="running", total=1)), utcnow().date()
    series = save(MeetingSeries(rule="FREQ=WEEKLY", begins_on=day, created_by_id=olive.id))
    return {
        "import": brought,
        "book": book, "other": other, "thread": thread, "first": first, "said": said, "review": review,
        "poll": save(make_date_poll(olive)),
        "meeting": save(make_meeting(olive, series_id=series.id, series_on=day)),
        "ask": asked, "round": voting_round, "bob": bob, "mod": mod, "olive": olive, "alice": alice,
    }  # fmt: skip


def requests(world):
    """For each form where it is sent, by whom, and what it needs besides the field that is tried."""
    book, review = f"/books/{world['book'].slug}", f"/reviews/{world['review'].id}"
    author = world["book"].credits[0].author.slug
    post = {"title": "A title", "body": "Words.", "horizon": "0", "parent_id": ""}
    new_book = {"title": "Sanditon", "authors": "Jane Austen"}
    profile = {"display_name": "Bob", "email": world["bob"].email, "theme": "auto", "time_zone": ""}
    club = {"name": "Us", "sign_up": "open", "time_zone": "UTC"}
    return [
        ("AdviceForm", "bob", f"/asks/{world['ask'].id}/answers", {"book": "Persuasion", "reason": "So."}),
        ("AdviceForm", "bob", f"{book}/endorsements", {"book": "Persuasion", "reason": "So."}),
        ("AskForm", "bob", "/asks/new", {"question": "Which?"}),
        ("BookForm", "bob", "/books/new", new_book),
        ("BookEditForm", "bob", f"{book}/edit", {}),
        ("AuthorSplitForm", "olive", f"/authors/{author}/split", {"book": world["book"].id}),
        ("BookSplitForm", "olive", f"{book}/split", {**new_book, "thread": world["thread"].id}),
        ("ClubForm", "olive", "/club/settings", club),
        ("CommentEditForm", "bob", f"/comments/{world['first'].id}/edit", post),
        ("NewThreadForm", "bob", f"{book}/threads", post),
        ("MeetingForm", "olive", "/meetings/new", {"title": "Tea"}),
        ("CancellationForm", "olive", f"/meetings/{world['meeting'].id}/cancellation", {}),
        ("EndOfSeriesForm", "olive", f"/meetings/{world['meeting'].id}/series/closure", {}),
        ("RsvpForm", "bob", f"/meetings/{world['meeting'].id}/rsvp", {"rsvp": "yes"}),
        ("DatePollForm", "olive", "/date-polls/new", {"title": "Tea"}),
        ("CancellationForm", "olive", f"/date-polls/{world['poll'].id}/withdrawal", {}),
        ("NominationForm", "bob", f"/rounds/{world['round'].id}/nominations", {"book": "Emma"}),
        ("ProfileForm", "bob", "/settings", profile),
        ("LockForm", "mod", f"/threads/{world['thread'].id}/lock", {}),
        ("ReasonForm", "mod", f"/comments/{world['said'].id}/removal", {}),
        ("ReasonForm", "mod", f"{review}/removal", {}),
        ("ReasonForm", "mod", f"/asks/{world['ask'].id}/removal", {}),
        ("ReviewForm", "bob", f"{book}/reviews/new", post),
        ("ReviewForm", "alice", f"{review}/edit", post),
        ("RoundForm", "olive", "/rounds/new", {}),
        ("SectionsForm", "bob", f"{book}/sections", {}),
        ("StopForm", "olive", f"/club/imports/{world['import'].id}/stop", {}),
        ("WordForm", "olive", "/club/word", {}),
    ]  # fmt: skip


def sent_with(name: str, mark: str) -> str:
    return f"{mark}, 1996, film" if name == "adaptations" else f"Words, {mark}"


@pytest.mark.databases("sqlite")
def test_fields_for_everybody_refuse_spoilers_and_keep_what_was_typed(visit, world, app):
    tried = {form for form, *_ in requests(world)}
    assert PUBLIC.keys() == tried
    clients = {who: visit(world[who]) for who in ("alice", "bob", "mod", "olive")}
    for form, who, url, needed in requests(world):
        for name in sorted(PUBLIC[form]):
            for mark in MARKS[: 5 if name in ("title", "reason", "about") else 2]:
                text = sent_with(name, mark)
                answer = clients[who].post(url, data={**needed, name: text})
                page = unescape(answer.text)
                assert answer.status_code == 422, (form, name, mark)
                assert "can be read by everyone, so it cannot hide a spoiler" in page, (form, name, mark)
                assert f"remove “{mark[: mark.index('They')]}”" in page, (form, name)
                assert mark in page.replace("\n", " "), (form, name, "is lost")
    with app.app_context():
        assert db.session.get(Thread, world["thread"].id).locked_at is None
        assert db.session.get(Comment, world["said"].id).deleted_at is None


@pytest.mark.databases("sqlite")
def test_what_is_private_is_kept_as_it_was_typed(visit, world, app):
    typed_words = "They ||die|| <spoiler>soon"
    sent = {"status": "reading", "notes": typed_words, "own_tags": "||dark||"}
    assert visit(world["alice"]).post("/books/emma/reading", data=sent).status_code == 303

    assert typed_words in unescape(visit(world["alice"]).get("/books/emma").text)


# What is stored already


@pytest.fixture
def marked(app, save, world, alice, bob):
    """Words from a time when forms took anything."""
    text = "Good, <spoiler>They die</spoiler> and ||They marry||."
    book, other = world["book"], world["other"]
    save(make_nomination(world["round"], book, alice, text))
    save(make_endorsement(alice, book, other, text))
    with app.app_context():
        begin_write()
        db.session.get(Thread, world["thread"].id).title = text
        review = db.session.get(Review, world["review"].id)
        review.title = review.summary = text
        club = db.session.get(Club, 1)
        club.words = text
        db.session.commit()
    return world


PLACES = [
    "/books/emma",
    "/reviews/{review.id}",
    "/threads/{thread.id}",
    "/rounds/{round.id}",
    "/members/alice",
]


@pytest.mark.databases("sqlite")
def test_stored_words_show_a_placeholder_where_they_hide_something(visit, marked):
    for who in ("bob", "olive", "alice"):
        for place in PLACES:
            page = visit(marked[who]).get(place.format(**marked)).text
            found = [words for words in ("They die", "They marry") if words in page]
            assert not found, (who, place)
            assert HIDDEN in page, (who, place)


@pytest.mark.databases("sqlite")
def test_their_author_is_told_and_edits_them(visit, marked, app):
    alice, bob = visit(marked["alice"]), visit(marked["bob"])
    review, first = f"/reviews/{marked['review'].id}", f"/comments/{marked['first'].id}"
    for client, url in ((alice, review), (bob, first)):
        page = unescape(client.get(f"{url}/edit").text)
        assert "<spoiler>They die</spoiler>" in page
        assert f"Others read “{HIDDEN}”" in page
    form = {"title": "Clean", "body": "Words.", "horizon": "0"}

    assert alice.post(f"{review}/edit", data=form).status_code == 303
    assert bob.post(f"{first}/edit", data=form).status_code == 303

    with app.app_context():
        assert db.session.get(Review, marked["review"].id).title == "Clean"
        assert db.session.get(Thread, marked["thread"].id).title == "Clean"


@pytest.mark.databases("sqlite")
def test_only_who_opened_a_thread_may_name_it(visit, world, app):
    alice = visit(world["alice"])
    form = {"title": "Mine now", "body": "Words.", "horizon": "0"}
    assert "Title of the thread" not in alice.get(f"/comments/{world['said'].id}/edit").text
    assert alice.post(f"/comments/{world['said'].id}/edit", data=form).status_code == 303

    with app.app_context():
        assert db.session.get(Thread, world["thread"].id).title == "Mr Knightley"


@pytest.mark.databases("sqlite")
def test_an_edit_of_a_book_keeps_what_its_editor_could_not_see(visit, save, app, bob):
    text = "A village. <spoiler>They die.</spoiler>"
    book = save(make_book("Emma", description=text))
    page = unescape(visit(bob).get("/books/emma/edit").text)
    assert "They die" not in page
    assert f"A village. {HIDDEN}" in page

    edit = {"title": "Emma", "subtitle": "A novel", "description": f"A village. {HIDDEN}"}
    assert visit(bob).post("/books/emma/edit", data=edit).status_code == 303

    with app.app_context():
        kept = db.session.get(type(book), book.id)
        assert (typed(kept.description), kept.subtitle) == (text, "A novel")


def test_words_that_were_read_are_written_as_they_were_typed(app, save, alice, world):
    text = "Good, ||They die||."
    save(make_nomination(world["round"], world["book"], alice, text))
    with app.app_context():
        begin_write()
        pitch = db.session.scalars(select(type(world["round"]).title)).one()
        assert pitch == "Our next book"
        review = db.session.get(Review, world["review"].id)
        review.title = ShownText(hide_spoilers(text), text)
        db.session.commit()
        db.session.expire_all()
        review = db.session.get(Review, world["review"].id)
        assert (str(review.title), typed(review.title)) == (f"Good, {HIDDEN}.", text)
