"""What is said when something goes wrong: in the club's look, with something to do next, nothing lost."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import abort
from sqlalchemy import create_engine, event, select, text

from bookclub.app import create_app
from bookclub.body_limits import LARGEST_TEXT
from bookclub.errors import WORDS
from bookclub.extensions import begin_write, db
from bookclub.hosts import MISDIRECTED
from bookclub.schema import close
from bookclub.threads.models import Comment
from bookclub.web import always_open
from tests.cases import each
from tests.factories import make_book, make_comment, make_review

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/"}
# Long enough to be somebody's words, and with what must be escaped.
TYPED = "I read the last chapter twice & still <do not> know whether he knew. " * 3
KEPT = "I read the last chapter twice &amp; still &lt;do not&gt; know whether he knew."
NEVER_SHOWN = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "SELECT", "bookclub/", "a secret detail")
STATUSES = sorted(WORDS)
BUSY = "The club’s storage is busy or full: nothing was saved"


@pytest.fixture
def trouble(app):
    """``/trouble/404`` meets that error, ``/trouble/crash`` a mistake of ours."""

    @always_open
    def meet(status: str) -> str:
        if status == "crash":
            raise LookupError("a secret detail")
        abort(int(status))

    app.add_url_rule("/trouble/<status>", "trouble", meet, methods=["GET", "POST"])


@pytest.fixture
def thread(save, alice):
    """The thread under Alice's review."""
    return save(make_review(alice, save(make_book("Emma")))).thread


@pytest.fixture
def reply(visit, bob, thread):
    """``reply()`` posts Bob's words to the thread."""
    client = visit(bob)

    def reply(body: str = TYPED, **more):
        form = {"body": body, "parent_id": "", "horizon": "0"}
        return client.post(f"/threads/{thread.id}/comments", data=form, **more)

    return reply


@pytest.fixture
def on_connect(app):
    """``on_connect(sqlite=…, postgresql=…)`` has every new connection told this."""

    def on_connect(**told: str) -> None:
        def tell(connection, _record):
            with connection.cursor() if name == "postgresql" else connection as cursor:
                cursor.execute(told[name])
            connection.commit()

        with app.app_context():
            name = db.engine.dialect.name
            db.engine.dispose()
            event.listen(db.engine, "connect", tell)

    return on_connect


@contextmanager
def somebody_writing(url: str):
    """Another process in the middle of writing to every thread."""
    engine = create_engine(url)
    with engine.connect().execution_options(writes=True) as connection:
        connection.execute(text("UPDATE thread SET floor = floor"))
        yield
        connection.rollback()
    engine.dispose()


def nothing_was_saved(app) -> bool:
    with app.app_context():
        return db.session.execute(select(Comment.id)).first() is None


# Every error has its page and its notice


def test_an_error_is_a_page_in_the_clubs_look_with_something_to_do_next(trouble, visit, alice):
    client = visit(alice)
    for status in STATUSES:
        if status == MISDIRECTED:
            continue
        answer = client.get(f"/trouble/{status}")

        assert answer.status_code == status
        assert answer.mimetype == "text/html", status
        assert str(WORDS[status].title).partition("'")[0] in answer.text, status
        assert WORDS[status].advice.partition("'")[0] in answer.text, status
        assert '<nav aria-label="Main">' in answer.text, status
        assert "Our book club" in answer.text, status
        assert '<a class="button" href="/">' in answer.text, status
        assert 'name="drafts" content="keep"' in answer.text, status


def test_to_htmx_an_error_is_a_notice_and_nothing_else(trouble, visit, alice):
    client = visit(alice)
    for status in STATUSES:
        answer = client.get(f"/trouble/{status}", headers=HTMX)

        assert answer.status_code == status
        assert answer.text.startswith('<p class="notice error"'), status
        assert WORDS[status].advice.partition("'")[0] in answer.text, status
        assert "<html" not in answer.text, status


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_mistake_of_ours_lets_nothing_out(trouble, visitor, caplog, headers, method):
    answer = visitor.open("/trouble/crash", method=method, headers=headers, data={"body": TYPED})

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert not [word for word in NEVER_SHOWN if word in answer.text]
    assert "a secret detail" in caplog.text


def test_what_was_typed_comes_back_with_the_error(trouble, visitor):
    for status in ("400", "403", "404", "413", "429", "500", "503", "crash"):
        assert KEPT in visitor.post(f"/trouble/{status}", data={"body": TYPED}).text, status


def test_few_words_come_back_as_well_as_many(trouble, visitor):
    assert ">Me too!</textarea>" in visitor.post("/trouble/500", data={"body": "Me too!"}).text


def test_passwords_and_tokens_do_not_come_back_with_the_error(trouble, visitor):
    secret = "a password of more than forty characters, all told"
    names = ("password", "current_password", "new_password", "csrf_token", "submission")
    page = visitor.post("/trouble/500", data=dict.fromkeys(names, secret)).text

    assert secret not in page


def test_an_error_without_words_of_its_own_is_a_page_all_the_same(trouble, visitor):
    answer = visitor.get("/trouble/410")

    assert answer.status_code == 410
    assert "Gone" in answer.text
    assert "Go back and try again." in answer.text


# Each from the real thing


def test_an_unknown_address_is_404(visit, alice):
    assert visit(alice).get("/nothing/here").status_code == 404


def test_a_row_that_is_not_there_is_404(visit, alice):
    for address in ("/reviews/99", "/threads/99", "/comments/99", "/books/no", "/authors/no", "/members/no"):
        assert visit(alice).get(address).status_code == 404, address


def test_another_members_words_are_403(visit, alice, bob, save, thread):
    comment = save(make_comment(thread, alice))

    assert visit(bob).get(f"/comments/{comment.id}/edit").status_code == 403


def test_a_refusal_that_has_a_reason_gives_it(visit, alice, save, thread):
    thread.lock(alice.id, "It got heated.", thread.created_at)
    save(thread)
    answer = visit(alice).post(f"/threads/{thread.id}/comments", data={"body": TYPED, "horizon": "0"})

    assert answer.status_code == 403
    assert "This conversation was locked by a moderator: It got heated." in answer.text
    assert KEPT in answer.text


def test_the_wrong_method_is_405_and_says_which_are_right(visit, alice):
    answer = visit(alice).post("/books")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_request_that_is_too_long_is_413(strict_visit, alice, headers):
    form = {"body": "x" * (LARGEST_TEXT + 1)}
    answer = strict_visit(alice).post("/threads/1/comments", data=form, headers=headers)

    assert answer.status_code == 413
    assert "That is too large to send" in answer.text


def test_a_visitors_request_that_is_too_long_tells_them_no_more_than_any_other(visitor):
    long = visitor.post("/threads/1/comments", data={"body": "x" * (LARGEST_TEXT + 1)})

    assert long.status_code == 413
    assert "This form takes at most 64 kB." in long.text
    assert "x" * 100 not in long.text


def test_a_form_of_a_thousand_parts_is_413(strict_visit, alice):
    parts = {f"part-{number}": (None, "x") for number in range(1000)}
    body = b"".join(
        b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\nx\r\n' % name.encode() for name in parts
    )
    answer = strict_visit(alice).post(
        "/threads/1/comments", data=body + b"--edge--\r\n", content_type="multipart/form-data; boundary=edge"
    )

    assert answer.status_code == 413


def test_a_form_that_is_not_right_is_422(visit, alice):
    assert visit(alice).post("/books/new", data={"title": ""}).status_code == 422


def test_too_many_attempts_are_429(visitor, alice):
    form = {"username": "alice", "password": "the wrong password"}
    statuses = [visitor.post("/sign-in", data=form).status_code for _ in range(12)]

    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_a_token_of_an_earlier_visit_is_400_and_says_what_to_do(strict_visit, alice):
    answer = strict_visit(alice).post("/books/new", data={"description": TYPED, "csrf_token": "old"})

    assert answer.status_code == 400
    assert "This form belongs to an earlier visit." in answer.text
    assert KEPT in answer.text


# Trouble with storage: really brought about


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_while_somebody_else_writes_for_too_long_nothing_is_saved_and_the_words_come_back(
    app, settings, reply, on_connect, headers
):
    on_connect(sqlite="PRAGMA busy_timeout = 50", postgresql="SET lock_timeout = 50")
    with somebody_writing(settings.database_url):
        answer = reply(headers=headers)

    assert answer.status_code == 503
    assert BUSY in answer.text
    assert not [word for word in NEVER_SHOWN if word in answer.text]
    assert headers or KEPT in answer.text
    assert nothing_was_saved(app)


@pytest.mark.databases("sqlite", "postgresql")
def test_when_the_other_writer_is_done_the_same_words_are_taken(app, settings, reply, on_connect):
    on_connect(sqlite="PRAGMA busy_timeout = 50", postgresql="SET lock_timeout = 50")
    with somebody_writing(settings.database_url):
        assert reply().status_code == 503

    assert reply().status_code == 303
    assert not nothing_was_saved(app)


def test_on_a_full_disk_nothing_is_saved_and_the_words_come_back(app, reply, on_connect):
    with app.app_context(), db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    on_connect(sqlite=f"PRAGMA max_page_count = {pages}")
    answer = reply(TYPED * 90)

    assert answer.status_code == 503
    assert BUSY in answer.text
    assert KEPT in answer.text
    assert nothing_was_saved(app)


@pytest.mark.databases("sqlite", "postgresql")
def test_where_nothing_can_be_written_nothing_is_saved_and_the_words_come_back(app, reply, on_connect):
    on_connect(sqlite="PRAGMA query_only = ON", postgresql="SET default_transaction_read_only = on")
    answer = reply()

    assert answer.status_code == 503
    assert BUSY in answer.text
    assert KEPT in answer.text
    assert nothing_was_saved(app)


@pytest.mark.databases("sqlite", "postgresql")
def test_where_nothing_can_be_written_one_can_still_read(visit, bob, thread, on_connect):
    client = visit(bob)
    on_connect(sqlite="PRAGMA query_only = ON", postgresql="SET default_transaction_read_only = on")

    assert client.get("/books/emma").status_code == 200


@pytest.fixture
def stranded(settings, tmp_path):
    """A visitor's client of an install whose database is gone."""
    gone = f"sqlite:///{tmp_path}/gone/club.sqlite3"
    if settings.database_url.startswith("postgresql"):
        gone = "postgresql+psycopg://nobody@127.0.0.1:1/gone"
    app = create_app(replace(settings, database_url=gone))
    yield app.test_client()
    close(app)


@pytest.mark.databases("sqlite", "postgresql")
def test_with_the_database_gone_there_is_still_a_page(stranded):
    answer = stranded.get("/")

    assert answer.status_code == 503
    assert BUSY in answer.text
    assert "<main" in answer.text
    assert '<link rel="stylesheet"' in answer.text
    assert not [word for word in NEVER_SHOWN if word in answer.text]


def test_with_the_database_gone_what_was_typed_still_comes_back(stranded):
    answer = stranded.post("/threads/1/comments", data={"body": TYPED})

    assert answer.status_code == 503
    assert KEPT in answer.text


def test_with_the_database_gone_htmx_still_gets_its_notice(stranded):
    answer = stranded.post("/threads/1/comments", data={"body": TYPED}, headers=HTMX)

    assert answer.status_code == 503
    assert answer.text.startswith('<p class="notice error"')


@pytest.mark.databases("sqlite", "postgresql")
def test_with_the_database_gone_the_pulse_says_so(stranded):
    assert stranded.get("/healthz").status_code == 503


def test_a_file_that_is_no_database_is_met_with_a_page(settings, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear club, this is no database. " * 100)
    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'letter.txt'}"))
    answer = app.test_client().get("/")
    close(app)

    assert answer.status_code in (500, 503)
    assert "nothing was saved" in answer.text.lower()
    assert not [word for word in NEVER_SHOWN if word in answer.text]


def test_the_log_tells_nothing_of_what_members_wrote(app, reply, on_connect, caplog):
    on_connect(sqlite="PRAGMA query_only = ON")
    assert reply().status_code == 503

    assert "storage: " in caplog.text
    assert "the last chapter" not in caplog.text


def test_an_error_of_the_databases_own_tells_the_log_nothing_of_what_members_wrote(
    app, trouble, visitor, caplog
):
    @always_open
    def twice() -> str:
        begin_write()
        db.session.execute(text("INSERT INTO club (id, name) VALUES (1, :words)"), {"words": TYPED})
        return ""

    app.add_url_rule("/twice", "twice", twice)
    assert visitor.get("/twice").status_code == 500

    assert "IntegrityError" in caplog.text
    assert "the last chapter" not in caplog.text


# Odd requests

ODD_HOSTS = [
    "evil.example",
    "a b",
    "[::1",
    "host:port",
    "x" * 10_000,
    "ex\u00e4mple",
    "<script>",
    "..",
    "%00",
    "",
]
ODD_ADDRESSES = [
    "/books/" + "x" * 100_000,
    "/reviews/" + "9" * 30,
    "/reviews/" + "9" * 5000,
    "/comments/-1",
    "/threads/１２",
    "/books?q=" + "x" * 100_000,
    "/books?q=%ff%fe%00",
    "/books/%ff%fe",
    "/books/%00",
    "/authors/%00",
    "/members/%00",
    "/members/" + "%F0%9F%93%9A" * 50,
    "/books?after=%00&sort=%00&tag=%00&author=%00",
    "/%2e%2e/%2e%2e/etc/passwd",
    "//books",
    "/books//emma",
    "/sign-in/%00",
    "/sign-in?next=%00",
    "/sign-up?invite=%00%ff&setup=%00",
]


def test_an_odd_host_is_no_trouble(visit, alice):
    for client in (visit(), visit(alice)):
        found = {host: client.get("/books", headers={"Host": host}).status_code for host in ODD_HOSTS}
        assert {host: status for host, status in found.items() if status >= 500} == {}


@pytest.mark.databases("sqlite", "postgresql")
def test_an_odd_address_is_no_trouble(visit, alice):
    for client in (visit(), visit(alice)):
        found = {address: client.get(address).status_code for address in ODD_ADDRESSES}
        assert {address: status for address, status in found.items() if status >= 500} == {}


@each(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=nonsense",
        "multipart/form-data",
        "multipart/form-data; boundary=edge",
        "application/json",
        "nonsense",
    ],
)
def test_an_odd_body_is_no_trouble(visit, alice, thread, content_type):
    address, asked = f"/threads/{thread.id}/comments", {}
    for body in (b"", b"body=%ff%fe%00", b"\xff\xfe\x00", b"--edge\r\n\r\n", b"[" * 1000, b"=&=&;"):
        for who, client in (("a visitor", visit()), ("Alice", visit(alice))):
            asked[who, body] = client.post(address, data=body, content_type=content_type).status_code

    assert {case: status for case, status in asked.items() if status not in (401, 422)} == {}
