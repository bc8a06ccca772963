"""Forms that edit: what two tabs save is merged, or both are shown, and nothing is lost without a word.

The table is in edits_world.py. A form that edits something and is missing there fails here.
"""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bookclub.app import create_app
from bookclub.config import Settings
from bookclub.edit_forms import EditForm
from bookclub.pictures.forms import NAMES
from bookclub.schema import close
from tests.crawl import addresses, is_reveal
from tests.edits_world import EDITING_FORMS, enter, fill
from tests.page_forms import form_to, read_page

pytestmark = pytest.mark.databases("sqlite", "postgresql")

WALKED = {name: of for name, of in EDITING_FORMS.items() if not of.own_test}
HTMX = {"HX-Request": "true"}
DONE = (200, 303)

# The other routes that take a form, each with the reason why nobody's edit can be lost by it.
DEED, NEW, SHOWS = "a deed, nothing to fill in", "adds something new", "saves nothing"
PICTURE = "takes a picture in place of the one that the page shows"
NOT_EDITING = {
    "answers.create": NEW,
    "answers.delete": DEED,
    "answers.endorse": DEED,
    "answers.leave": DEED,
    "answers.remove": "a deed with its reason, done once",
    "answers.take": DEED,
    "answers.take_back_endorsement": DEED,
    "asks.create": NEW,
    "asks.delete": DEED,
    "asks.remove": "a deed with its reason, done once",
    "author_mergers.create": DEED,
    "author_mergers.split": NEW,
    "book_mergers.create": DEED,
    "book_mergers.split": NEW,
    "books.create": NEW,
    "calendars.renew": DEED,
    "feeds.renew": DEED,
    "years.update_showing": "a deed that sets what the button says, as ``on``",
    "comments.delete": DEED,
    "comments.open_question": "a deed that sets what the button says, as ``on``",
    "comments.remove": "a deed with its reason, done once",
    "confirmations.create": DEED,
    "confirmations.send": DEED,
    "mail.create_test": DEED,
    "mail_preferences.edit": "one choice for each topic, which nobody but its member changes",
    "subscriptions.update": "a deed that sets what the button says, as ``state``",
    "unsubscriptions.create": DEED,
    "password_requests.create": SHOWS,
    "covers.copy": PICTURE,
    "covers.remove": DEED,
    "covers.update": PICTURE,
    "emblem.remove": DEED,
    "emblem.update": PICTURE,
    "portraits.remove": DEED,
    "portraits.update": PICTURE,
    "date_polls.answer": "sets only those of the member's own answers that are sent",
    "date_polls.choose": "a deed with a choice, done once",
    "date_polls.create": NEW,
    "date_polls.withdraw": "a deed with its reason, done once",
    "drafts.delete": DEED,
    "drafts.delete_all": DEED,
    "drafts.publish_all": DEED,
    "drafts.publish_one": DEED,
    "editions.create": NEW,
    "endorsements.create": NEW,
    "endorsements.delete": DEED,
    "endorsements.remove": "a deed with its reason, done once",
    "imports.create": NEW,
    "imports.destroy": DEED,
    "imports.stop": DEED,
    "imports.stop_for_club": "a deed with its reason, done once",
    "invitations.create": NEW,
    "invitations.revoke": DEED,
    "members.create_password_link": DEED,
    "members.lift_suspension": DEED,
    "members.remove": DEED,
    "members.suspend": DEED,
    "next.create_mute": DEED,
    "next.create_wish": DEED,
    "next.delete_mute": DEED,
    "next.delete_wish": DEED,
    "nominations.create": NEW,
    "nominations.withdraw": DEED,
    "notices.see": DEED,
    "password_links.update": "asks for a new password, and knows no old one",
    "previews.changed_comment": SHOWS,
    "previews.new_comment": SHOWS,
    "previews.new_talk": SHOWS,
    "previews.new_thread": SHOWS,
    "attendances.note": "ticks are merged with those that were set meanwhile",
    "meetings.cancel": "a deed with its reason, done once",
    "meetings.create": NEW,
    "mergers.undo": DEED,
    "past_reads.create": NEW,
    "past_reads.destroy": DEED,
    "passages.create": NEW,
    "passages.delete": DEED,
    "passages.discuss": NEW,
    "passages.preview": SHOWS,
    "passages.remove": "a deed with its reason, done once",
    "questions.create": NEW,
    "questions.delete": DEED,
    "questions.preview": SHOWS,
    "questions.preview_edit": SHOWS,
    "questions.remove": "a deed with its reason, done once",
    "questions.support": "a deed that sets what the button says, as ``on``",
    "readings.dismiss_question": DEED,
    "readings.forget_promise": DEED,
    "readings.promise": DEED,
    "readings.read_as_known": DEED,
    "readings.read_as_new": DEED,
    "readings.reread": DEED,
    "readings.reveal": DEED,
    "readings.undo": DEED,
    "readings.hide_again": DEED,
    "reactions.on_comment": "a deed that sets what the button says, as ``on``",
    "reviews.react": "a deed that sets what the button says, as ``on``",
    "reports.decide": "a deed that carries the decision it was made from, as ``seen``",
    "reviews.create": "adds something new; a draft that it is made from is merged, as tested below",
    "reviews.delete": DEED,
    "reviews.preview": SHOWS,
    "reviews.preview_edit": SHOWS,
    "reviews.remove": "a deed with its reason, done once",
    "rounds.create": NEW,
    "recaps.create": NEW,
    "rsvps.answer": "a deed that sets what the button says",
    "rsvp_links.answer": "a deed that sets what the button says",
    "ballot_links.cast": "casts a ballot anew, and must not tell of one before",
    "running.close": DEED,
    "running.open_vote": DEED,
    "series.close": "a deed with its reason, done once",
    "sessions.create": SHOWS,
    "sessions.destroy": DEED,
    "settings.depart": "a deed with a choice, of which one is proposed",
    "settings.update_password": "asks for the password that it replaces",
    "settings.update_time_zone": "writes one value that was none, and is offered no more",
    "sign_up.create": NEW,
    "threads.create": NEW,
    "threads.create_comment": NEW,
    "threads.create_talk": NEW,
    "threads.pin": DEED,
    "threads.reveal": DEED,
    "threads.hide_again": DEED,
    "threads.unlock": DEED,
    "unlocked.update": DEED,
    "word.dismiss": DEED,
}


@pytest.fixture(scope="module")
def tokens():
    """The sign-in tokens of the club in the template, once that is made."""
    return {}


@pytest.fixture(scope="module")
def sqlite_template(sqlite_template, tmp_path_factory, tokens):
    """The club in a file that every test here copies: filling it takes longer than most tests."""
    folder = tmp_path_factory.mktemp("edits")
    file = folder / "bookclub.sqlite3"
    shutil.copyfile(sqlite_template, file)
    app = create_app(Settings.for_folder(folder, database_url=f"sqlite:///{file}", testing=True))
    app.config["WTF_CSRF_ENABLED"] = False
    tokens.update(fill(app))
    close(app)
    return file


@pytest.fixture
def world(app, database, tokens):
    """A club with one row behind every editing form."""
    return enter(app, tokens if database.startswith("sqlite") else fill(app))


def test_a_route_that_takes_a_form_says_whether_it_edits(app):
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}

    editing = {of.endpoint for of in EDITING_FORMS.values()}
    assert routes == editing | set(NOT_EDITING)
    assert not editing & set(NOT_EDITING)


def test_each_form_that_is_not_walked_has_its_own_test():
    assert {of.own_test for of in EDITING_FORMS.values() if of.own_test} <= set(globals())


ALICES = ("/books/persuasion", "/books/emma", "/drafts", "/imports", "/rounds", "/settings")


def forms_on_pages(world):
    """Every form that a member or an organiser is shown, with its page and the routes that take it."""
    adapter = world.app.url_map.bind("localhost")
    pages = [url for url in addresses(world.app) if not is_reveal(url) and not {".", "?"} & set(url)]
    for url in pages:
        organiser = world.clients["olive"].get(url)
        # What an organiser may not have is Alice's own, as are the pages that look different to her.
        is_own = organiser.status_code != 200 or url.startswith(ALICES)
        for answer in (organiser, *([world.clients["alice"].get(url)] if is_own else [])):
            for form in read_page(answer.text).forms:
                if form.method == "post":
                    routes = {adapter.match(action.partition("?")[0], "POST")[0] for action in form.actions}
                    yield url, form, routes


@pytest.mark.databases("sqlite")
def test_each_form_with_a_value_in_it_carries_what_it_was_made_from(world):
    listed: dict[str, set[str]] = {}
    beside = {"planned_month"}  # Of a suggested book: nothing is planned yet.
    for of in EDITING_FORMS.values():
        listed.setdefault(of.endpoint, set()).update(of.changes, of.beside)
        beside |= set(of.beside)
    wrong, met = set(), set()
    for url, form, routes in forms_on_pages(world):
        carried = {part.partition(":")[0] for part in form.fields.get("made_from", "").split()}
        if "ballot" in carried:
            carried |= {name for name in form.visible if name.startswith("rank-")}
        met |= routes & set(listed)
        for route in routes & set(listed):
            # What is typed for a picture becomes a part of the text, and has no value of its own.
            edited = form.visible - NAMES
            if not carried or edited - carried - beside:
                wrong.add(f"{url}: the form to {route} does not carry {edited - carried - beside}")
            if edited - listed[route]:
                wrong.add(f"{url}: the table does not list {edited - listed[route]} of {route}")
        if form.prefilled and not any(NOT_EDITING.get(route) != DEED for route in routes):
            wrong.add(f"{url}: the form to {form.action} is no mere deed: it shows {form.prefilled}")
    assert not wrong, "\n".join(sorted(wrong))
    assert met >= set(listed)


def test_an_edit_form_leaves_out_only_what_is_no_value():
    found, left_out = [EditForm], set()
    while found:
        kind = found.pop()
        found += kind.__subclasses__()
        left_out |= kind.aside

    # Pictures that a form brings are in its text by then.
    assert left_out - NAMES == {
        "anyway", "authors_are", "despite_answers", "edition", "finished", "parts", "position_unit",
        "preview_at", "scope",
    }  # fmt: skip


@pytest.mark.databases("sqlite")
def test_two_tabs_that_change_different_fields_both_count(world):
    for name, of in WALKED.items():
        fields = [field for field in of.changes if field not in of.alone]
        halves = (set(fields[::2]), set(fields[1::2]))
        for at, (first, second) in enumerate((halves, halves[::-1])):
            if len(fields) < 2:
                continue
            old = world.form(of)
            values = {field: of.changes[field][min(at, len(of.changes[field]) - 1)] for field in fields}
            for changed in (first, second):
                answer = world.send(of, old.fields | {field: values[field] for field in changed} | of.also)
                assert answer.status_code in DONE, (name, changed, errors_on(answer))
            stands = world.form(of).fields
            assert {field: stands.get(field) for field in fields} == values, name


def errors_on(answer):
    """The errors of a page, for the failure of a test."""
    return re.findall(r'class="error"[^>]*>([^<]+)', answer.text)


def fields_to_dispute(of, form):
    """The fields that two tabs can change differently: of each kind the first, and all that go together."""
    kinds: dict[str, str] = {}
    for field, values in of.changes.items():
        if len(values) == 2 and field not in of.alone:
            kinds.setdefault(form.kinds[field], field)
    return [*kinds.values(), *(field for field in of.changes if field in of.alone)]


@pytest.mark.databases("sqlite")
def test_two_tabs_that_change_one_field_are_shown_both_values(world):
    for name, of in WALKED.items():
        old = world.form(of)
        for field in fields_to_dispute(of, old):
            theirs, mine = of.changes[field]
            assert old.fields.get(field) not in (theirs, mine), (name, field)
            answer = world.send(of, old.fields | {field: theirs} | of.also)
            assert answer.status_code in DONE, (name, field, errors_on(answer))
            # To compare everything is slow: once for each form will do.
            before = world.stored() if field == next(iter(of.changes)) else None

            answer = world.send(of, old.fields | {field: mine} | of.also)

            assert answer.status_code == 422, (name, field)
            assert before is None or world.stored() == before, (name, field)
            page, form = read_page(answer.text), form_to(answer.text, of.action, of.having)
            assert form.fields.get(field) == mine, (name, field)
            if of.endpoint != "ballots.cast":
                label = old.label(field, theirs).casefold()
                assert any(label in text.casefold() for text in page.readonly), (name, field)
                assert "while you were" in answer.text, (name, field)

            answer = world.send(of, form.fields | of.also)
            assert answer.status_code in DONE, (name, field, errors_on(answer))
            old = world.form(of)
            assert old.fields.get(field) == mine, (name, field)


@pytest.mark.databases("sqlite")
def test_a_form_without_what_it_was_made_from_writes(world):
    for name, of in WALKED.items():
        form = world.form(of)
        for field in fields_to_dispute(of, form)[:1]:
            theirs, mine = of.changes[field]
            assert world.send(of, form.fields | {field: theirs} | of.also).status_code in DONE, name
            del form.fields["made_from"]

            assert world.send(of, form.fields | {field: mine} | of.also).status_code in DONE, name
            assert world.form(of).fields.get(field) == mine, name


@pytest.mark.databases("sqlite")
def test_a_form_that_nobody_touched_writes_nothing(world):
    for name, of in WALKED.items():
        form = world.form(of)
        before = world.stored()

        assert world.send(of, form.fields).status_code == of.unchanged, name
        assert world.stored() == before, name


@pytest.mark.databases("sqlite")
def test_an_old_tab_that_nobody_touched_puts_nothing_back(world):
    for name, of in WALKED.items():
        old, field = world.form(of), next(iter(of.changes))
        assert world.send(of, old.fields | {field: of.changes[field][0]} | of.also).status_code in DONE, name
        before = world.stored()

        assert world.send(of, old.fields).status_code == of.unchanged, name
        assert world.stored() == before, name


@pytest.mark.databases("sqlite")
def test_line_ends_and_blanks_at_the_end_are_no_edit(world):
    of = EDITING_FORMS["review"]
    world.send(of, world.form(of).fields | {"body": "One\n\nTwo"})
    form, before = world.form(of), world.stored()

    assert world.send(of, form.fields | {"body": "One\r\n\r\nTwo \r\n"}).status_code == 303
    assert world.stored() == before


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("made_from", ["nonsense", "body:zz title:1", "\x00", "body:1a2b3c"])
def test_a_malformed_note_of_what_a_form_was_made_from_is_none(world, made_from):
    of = EDITING_FORMS["comment"]
    old = world.form(of).fields | {"made_from": made_from, "body": "Mine."}
    world.send(of, world.form(of).fields | {"body": "Theirs."})

    assert world.send(of, old).status_code == 303
    assert world.form(of).fields["body"] == "Mine."


# Two at once


def test_of_two_saves_at_the_same_moment_one_is_asked(world):
    for name in ("comment", "review", "draft", "reading", "book", "edition", "club", "profile", "round"):
        of, ready = EDITING_FORMS[name], Barrier(2)
        field, values = next(iter(of.changes.items()))
        clients = world.clients[of.who], _twin(world, of.who)
        forms = [world.form(of).fields | {field: value} for value in values]

        def save(at, clients=clients, forms=forms, of=of, ready=ready):
            ready.wait()
            return clients[at].post(of.action, data=forms[at]).status_code

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(save, (0, 1))) == [303, 422], name


def _twin(world, who):
    """A second browser of the same member."""
    client = world.app.test_client()
    with world.clients[who].session_transaction() as session, client.session_transaction() as twin:
        twin.update(session)
    return client


# Chapters


@pytest.mark.databases("sqlite")
def test_two_members_who_note_one_start_differently_are_asked(world):
    alice, olive, action = world.clients["alice"], world.clients["olive"], "/books/emma/sections/starts"
    page = "/books/emma/sections"
    alice.post(page, data={"sections": "One\nTwo\nThree"})
    chapters = read_page(alice.get(page).text).forms[-1].labels["section"]
    first, second = list(chapters)[1:]
    old = form_to(olive.get(page).text, action).fields | {"edition": "1", "section": first}
    noted = form_to(alice.get(page).text, action).fields | {"edition": "1", "section": first, "start": "61"}
    assert alice.post(action, data=noted).status_code == 303

    answer = olive.post(action, data=old | {"start": "63"})

    assert answer.status_code == 422
    assert "p. 61" in read_page(answer.text).readonly
    assert olive.post(action, data=old | {"start": "p. 61"}).status_code == 303
    assert olive.post(action, data=old | {"section": second, "start": "90"}).status_code == 303
    again = form_to(answer.text, action).fields
    assert again["start"] == "63"
    assert olive.post(action, data=again).status_code == 303


# Readings


def reading(world):
    return world.form(EDITING_FORMS["reading"]).fields


@pytest.mark.databases("sqlite")
def test_stars_from_an_old_tab_leave_a_finished_reading_finished(world):
    of = EDITING_FORMS["reading"]
    old = reading(world)
    world.send(of, {"status": "finished"})

    assert world.send(of, old | {"rating": "5"}).status_code == 303
    assert (reading(world)["status"], reading(world)["rating"]) == ("finished", "5")


@pytest.mark.databases("sqlite")
def test_a_place_from_an_old_tab_does_not_undo_finished(world):
    of = EDITING_FORMS["reading"]
    old = reading(world)
    world.send(of, {"status": "finished"})

    answer = world.send(of, old | {"position": "60"})

    assert answer.status_code == 422
    assert "the end: it is finished" in answer.text
    assert reading(world)["status"] == "finished"
    again = form_to(answer.text, of.action, "status").fields
    assert again["position"] == "60"
    assert world.send(of, again).status_code == 303
    assert (reading(world)["status"], reading(world)["position"]) == ("did_not_finish", "60")


@pytest.mark.databases("sqlite")
def test_a_place_typed_under_finished_takes_that_back(world):
    of = EDITING_FORMS["reading"]
    world.send(of, {"status": "finished"})

    assert world.send(of, reading(world) | {"position": "60"}).status_code == 303
    assert (reading(world)["status"], reading(world)["position"]) == ("reading", "60")


@pytest.mark.databases("sqlite")
def test_the_strip_saves_twice_from_one_page_without_a_clash(world):
    client = world.clients["alice"]
    world.send(EDITING_FORMS["reading"], {"status": "reading", "position": "20"})
    page = client.get("/").text
    for place in ("30", "40"):
        strip = form_to(page, "/books/emma/reading", "position").fields | {"position": place}
        answer = client.post("/books/emma/reading", data=strip, headers=HTMX)
        assert answer.status_code == 200
        page = answer.text
    assert reading(world)["position"] == "40"


@pytest.mark.databases("sqlite")
def test_the_strip_shows_what_was_saved_elsewhere(world):
    client = world.clients["alice"]
    world.send(EDITING_FORMS["reading"], {"status": "reading", "position": "20"})
    strip = form_to(client.get("/").text, "/books/emma/reading", "position").fields
    world.send(EDITING_FORMS["reading"], {"position": "25"})

    answer = client.post("/books/emma/reading", data=strip | {"position": "30"}, headers=HTMX)

    assert answer.status_code == 422
    assert "this was saved: 25 %" in answer.text
    assert reading(world)["position"] == "25"
    again = form_to(answer.text, "/books/emma/reading", "position").fields
    assert client.post("/books/emma/reading", data=again, headers=HTMX).status_code == 200
    assert reading(world)["position"] == "30"


@pytest.mark.databases("sqlite")
def test_a_button_of_an_old_strip_does_not_undo_finished(world):
    client = world.clients["alice"]
    world.send(EDITING_FORMS["reading"], {"status": "to_read"})
    forms = read_page(client.get("/").text).forms
    start = next(form.fields for form in forms if form.fields.get("status") == "reading")
    world.send(EDITING_FORMS["reading"], {"status": "finished"})

    assert client.post("/books/emma/reading", data=start, headers=HTMX).status_code == 422
    assert reading(world)["status"] == "finished"


@pytest.mark.databases("sqlite")
def test_the_forms_of_the_book_page_do_not_clash_after_the_strip(world):
    client = world.clients["alice"]
    world.send(EDITING_FORMS["reading"], {"status": "reading", "position": "20"})
    strip = form_to(client.get("/books/emma").text, "/books/emma/reading", "position")
    answer = client.post("/books/emma/reading", data=strip.fields | {"position": "30"}, headers=HTMX)

    whole = form_to(answer.text, "/books/emma/reading", "rating").fields
    assert client.post("/books/emma/reading", data=whole | {"position": "35"}).status_code == 303


@pytest.mark.databases("sqlite")
def test_a_long_step_that_is_confirmed_is_still_merged(world):
    of, client = EDITING_FORMS["reading"], world.clients["alice"]
    world.send(of, {"status": "reading", "position": "10"})
    asked = client.post("/books/emma/reading", data=reading(world) | {"position": "90", "tap": "1"})
    assert asked.status_code == 422
    confirmed = form_to(asked.text, "/books/emma/reading").fields
    world.send(of, {"status": "finished"})

    assert client.post("/books/emma/reading", data=confirmed).status_code == 422
    assert reading(world)["status"] == "finished"


@pytest.mark.databases("sqlite")
def test_planning_a_book_from_an_old_page_does_not_undo_finished(world):
    made_from = world.app.jinja_env.globals["made_from_no_reading"]
    plan = {"made_from": made_from, "status": "to_read", "planned_month": "2031-05"}
    client = world.clients["bob"]
    client.post("/books/emma/reading", data={"status": "finished"})

    assert client.post("/books/emma/reading", data=plan).status_code == 303
    stands = form_to(client.get("/books/emma").text, "/books/emma/reading", "planned_month").fields
    assert (stands["status"], stands["planned_month"]) == ("finished", "2031-05")


@pytest.mark.databases("sqlite")
def test_an_error_in_a_part_of_the_form_wipes_no_other_field(world):
    client = world.clients["alice"]
    answer = client.post("/books/emma/reading", data={"planned_month": "soon"})

    assert answer.status_code == 422
    whole = form_to(answer.text, "/books/emma/reading", "rating").fields
    client.post("/books/emma/reading", data=whole | {"planned_month": "2031-05"})
    assert (reading(world)["rating"], reading(world)["position"]) == ("3.5", "50")


# Comments, reviews and drafts


@pytest.mark.databases("sqlite")
def test_the_form_inside_a_thread_shows_both_texts(world):
    of, client = EDITING_FORMS["comment"], world.clients["alice"]
    old = world.form(of).fields
    world.send(of, world.form(of).fields | {"body": "Theirs."})

    answer = client.post(of.action, data=old | {"body": "Mine."}, headers=HTMX)

    assert answer.status_code == 422
    part = answer.text.partition('id="edit-1"')[2].partition("</form>")[0]
    assert "Mine.</textarea>" in part
    assert "Theirs.</textarea>" in part
    again = form_to(answer.text, of.action).fields
    assert client.post(of.action, data=again, headers=HTMX).status_code == 200


@pytest.mark.databases("sqlite")
def test_a_comment_is_edited_twice_over_htmx_without_a_clash(world):
    of, client = EDITING_FORMS["comment"], world.clients["alice"]
    for words in ("Once.", "Twice."):
        form = world.form(of).fields | {"body": words}
        assert client.post(of.action, data=form, headers=HTMX).status_code == 200
    assert world.form(of).fields["body"] == "Twice."


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("name", ["comment", "review"])
def test_a_preview_keeps_what_the_form_was_made_from(world, name):
    of = EDITING_FORMS[name]
    old = world.form(of).fields
    shown = world.clients["alice"].post(f"{of.action}/preview", data=old | {"body": "Mine."})
    world.send(of, world.form(of).fields | {"body": "Theirs."})

    assert shown.status_code == 200
    assert world.send(of, form_to(shown.text, of.action).fields).status_code == 422


@pytest.mark.databases("sqlite")
def test_publishing_from_an_old_tab_does_not_lose_a_newer_draft(world):
    of, client = EDITING_FORMS["draft"], world.clients["alice"]
    old = world.form(of).fields
    world.send(of, world.form(of).fields | {"body": "Newer words."})

    answer = client.post("/books/persuasion/reviews/new", data=old | {"body": "Mine.", "horizon": "finished"})

    assert answer.status_code == 422
    assert "Newer words." in read_page(answer.text).readonly
    again = form_to(answer.text, "/books/persuasion/reviews/new").fields
    assert client.post("/books/persuasion/reviews/new", data=again).status_code == 303


@pytest.mark.databases("sqlite")
def test_publishing_an_untouched_tab_publishes_the_newer_draft(world):
    of, client = EDITING_FORMS["draft"], world.clients["alice"]
    old = world.form(of).fields
    world.send(of, world.form(of).fields | {"body": "Newer words."})

    answer = client.post("/books/persuasion/reviews/new", data=old)

    assert answer.status_code == 303
    assert "Newer words." in client.get(answer.location).text


# Ballots and rounds


def ballot(world):
    return world.form(EDITING_FORMS["ranked ballot"]).fields


@pytest.mark.databases("sqlite")
def test_a_ballot_from_an_old_tab_does_not_replace_a_newer_one(world):
    of, old = EDITING_FORMS["ranked ballot"], ballot(world)
    world.send(of, ballot(world) | {"rank-1": "2"})

    answer = world.send(of, old | {"rank-2": "2"})

    assert answer.status_code == 422
    assert "You have cast another ballot while this page was open (Sanditon: 1, Persuasion: 2)" in answer.text
    assert (ballot(world)["rank-1"], ballot(world)["rank-2"]) == ("2", "1")


@pytest.mark.databases("sqlite")
def test_a_first_ballot_is_not_replaced_by_an_old_tab(world):
    client = world.clients["bob"]
    old = form_to(client.get("/rounds/2").text, "/rounds/2/ballot").fields
    client.post("/rounds/2/ballot", data=old | {"rank-1": "1", "rank-2": "2"})

    assert client.post("/rounds/2/ballot", data=old | {"rank-2": "1"}).status_code == 422
    # The other tab, as nobody touched it, casts no abstention.
    assert client.post("/rounds/2/ballot", data=old).status_code == 303
    now = form_to(client.get("/rounds/2").text, "/rounds/2/ballot").fields
    assert (now["rank-1"], now["rank-2"]) == ("1", "2")


@pytest.mark.databases("sqlite")
def test_a_withdrawal_is_no_other_ballot(world):
    of, old = EDITING_FORMS["ranked ballot"], ballot(world)
    assert world.clients["olive"].post("/nominations/1/withdrawal").status_code == 303

    answer = world.send(of, {"made_from": old["made_from"], "rank-2": "no"})
    assert answer.status_code == 303


def test_two_organisers_who_set_different_dates_are_asked(world):
    of = EDITING_FORMS["dates"]
    old = world.form(of).fields
    assert world.send(of, old | {"start": "2031-01-01", "until": "2031-02-01"}).status_code == 303
    before = world.stored()

    answer = world.send(of, old | {"start": "2031-05-01", "until": "2031-06-01"})

    assert answer.status_code == 422
    assert "The club reads “Persuasion” from 1 January 2031 until 1 February 2031" in answer.text
    assert world.stored() == before
    again = form_to(answer.text, of.action).fields
    assert again["start"] == "2031-05-01"
    assert world.send(of, again).status_code == 303
    assert world.clients["olive"].get("/club/settings").text.count("2031-05-01") == 1


@pytest.mark.databases("sqlite")
def test_a_winner_does_not_push_aside_a_book_chosen_meanwhile(world):
    of, club = EDITING_FORMS["dates"], EDITING_FORMS["club"]
    old = world.form(of).fields
    world.send(club, world.form(club).fields | {"current_book": "Sanditon"})

    answer = world.send(of, old)

    assert answer.status_code == 422
    assert "The club reads “Sanditon”" in answer.text


def test_an_import_starts_with_what_was_chosen_on_either_page(world):
    choose, start = EDITING_FORMS["shelves"], EDITING_FORMS["start of an import"]
    old = world.form(start).fields
    world.send(choose, world.form(choose).fields | {"shelves-0": "tag"})

    refused = world.send(start, old | {"shelves-0": "reading"})
    assert refused.status_code == 422
    assert "A tag of my own" in read_page(refused.text).readonly

    assert world.send(start, old | {"shelves-1": "nothing"}).status_code == 303
    (brought,) = world.stored()["import"]
    assert [shelf["becomes"] for shelf in next(part for part in brought if isinstance(part, list))] == [
        "tag",
        "nothing",
    ]


@pytest.mark.databases("sqlite")
def test_an_address_changed_elsewhere_asks_an_old_tab_for_no_password(world):
    of, old = EDITING_FORMS["profile"], world.form(EDITING_FORMS["profile"]).fields
    world.send(of, world.form(of).fields | {"email": "al@example.org"} | of.also)

    assert world.send(of, old | {"display_name": "Ally"}).status_code == 303
    assert world.form(of).fields["email"] == "al@example.org"
    assert world.form(of).fields["display_name"] == "Ally"
