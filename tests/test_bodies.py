"""The size of a body: each form takes its own largest submission, and nothing much larger is received."""

from __future__ import annotations

import re
import tempfile
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from itsdangerous import URLSafeTimedSerializer
from wtforms import TextAreaField

import bookclub
from bookclub import body_limits, server
from bookclub.body_limits import (
    AROUND,
    BYTES_A_CHARACTER,
    LARGEST_TEXT,
    WITH_FILES,
    limit_of,
    takes_text,
)
from bookclub.config import SMALL
from bookclub.date_polls.rules import LONGEST_TIMES
from bookclub.imports.views import LARGEST
from bookclub.lib.matches.field_values import MAX_TITLE
from bookclub.lib.positions.section_lists import MAX_SECTIONS
from bookclub.lib.text import limits
from bookclub.lib.text.limits import MAX_NOTES
from bookclub.meetings import rules as meetings
from bookclub.members.password_strength import LONGEST_PASSWORD
from bookclub.passages import rules as passages
from bookclub.pictures.rules import LARGEST as LARGEST_PICTURE
from bookclub.questions import rules as questions
from bookclub.reviews import rules as reviews
from bookclub.threads import rules as threads
from tests.factories import make_book, make_review
from tests.serving import chunked, open_temporary_files, post, send, serving, wait_for

# A sign that takes as many bytes as any, percent-encoded.
SIGN = "\U0001f4da"
REVIEW = {"title": reviews.MAX_TITLE, "summary": limits.MAX_SUMMARY, "body": reviews.MAX_BODY}
COMMENT = {"body": threads.MAX_BODY}
THREAD = COMMENT | {"title": threads.MAX_TITLE}
WORDS = {"about": 5_000, "display_name": 60}
BOOK = {"title": 200, "subtitle": 200, "authors": 2_400, "tags": 1_000, "series": 200, "description": 10_000,
        "adaptations": 6_000}  # fmt: skip
MEETING = {"title": meetings.LONGEST_TITLE, "place": meetings.LONGEST_PLACE, "link": meetings.LONGEST_LINK,
           "access": meetings.LONGEST_ACCESS, "notes": meetings.LONGEST_NOTES}  # fmt: skip
QUESTION = {"body": questions.LONGEST_QUESTION}
PASSAGE = {"text": passages.MAX_TEXT, "note": passages.MAX_NOTE}
# The longest that may be typed into each form that has more than short fields: characters by field.
LARGE = {
    "reviews.create": REVIEW,
    "reviews.edit": REVIEW,
    "reviews.preview": REVIEW,
    "reviews.preview_edit": REVIEW,
    "drafts.update": REVIEW,
    "threads.create": THREAD,
    "threads.create_comment": COMMENT,
    "comments.edit": COMMENT,
    "previews.new_comment": COMMENT,
    "previews.new_thread": THREAD,
    "previews.new_talk": THREAD,
    "threads.create_talk": THREAD,
    "previews.changed_comment": COMMENT,
    "books.create": BOOK,
    "books.update": BOOK,
    "sections.update": {"sections": MAX_SECTIONS * (MAX_TITLE + 10)},
    "readings.update": {"notes": MAX_NOTES, "own_tags": 50 * 102},
    "settings.update": WORDS,
    "club.update": {"words": 5_000, "name": 80},
    "word.update": {"body": 5_000},
    "passages.create": PASSAGE,
    "passages.edit": PASSAGE,
    "passages.discuss": THREAD,
    "passages.preview": THREAD,
    "questions.create": QUESTION,
    "questions.edit": QUESTION,
    "questions.preview": QUESTION,
    "questions.preview_edit": QUESTION,
    "meetings.create": MEETING,
    "meetings.update": MEETING,
    "recaps.create": COMMENT,
    "date_polls.create": {"times": LONGEST_TIMES, "title": meetings.LONGEST_TITLE},
}
FILES = {"covers.update", "emblem.update", "imports.create", "portraits.update"}
# Boxes that are typed into forms without a limit of their own: their fields are short, all told.
SHORT_BOXES = {"question": 300, "reason": 500, "pitch": 500}


def posts(app):
    return sorted({rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())})


def filled(app, endpoint):
    """An address of a view."""
    (rule, *_) = app.url_map.iter_rules(endpoint)
    return re.sub(r"<[^>]+>", "1", rule.rule)


def test_every_form_is_known_and_takes_its_own_largest_submission(app):
    for endpoint in posts(app):
        limit = limit_of(app, endpoint)
        if endpoint in FILES:
            assert limit.is_file
        elif endpoint in LARGE:
            fields = {name: SIGN * length for name, length in LARGE[endpoint].items()}
            largest = len(urlencode(fields))
            assert largest + AROUND // 2 <= limit.bytes < 2 * largest + 2 * AROUND, endpoint
        else:
            assert limit.bytes == SMALL, f"{endpoint}: add what it takes to LARGE"


def test_every_box_to_type_in_has_a_place_in_the_table():
    known = {name for fields in LARGE.values() for name in fields} | SHORT_BOXES.keys()
    boxes = set()
    for path in Path(bookclub.__file__).parent.rglob("*.py"):
        for name, call in re.findall(r"^    (\w+) = (\w+)\(", path.read_text(), re.MULTILINE):
            if call == TextAreaField.__name__:
                boxes.add(name)
    assert {"body", "about", "pitch"} <= boxes
    assert boxes <= known


def test_short_forms_have_room_for_the_longest_of_them():
    # Two passwords, a question, a reason and a pitch are more than any short form asks for at once.
    assert (2 * LONGEST_PASSWORD + sum(SHORT_BOXES.values()) + 3 * 300) * BYTES_A_CHARACTER <= SMALL


def test_no_text_is_larger_than_proxies_are_told():
    assert takes_text(100)(lambda: None).body_limit.bytes == SMALL
    with pytest.raises(ValueError, match="LARGEST_TEXT"):
        takes_text(LARGEST_TEXT)


# The application by itself, as under gunicorn


def test_each_form_refuses_twice_its_largest_submission_unread(app, visit, olive):
    client = visit(olive)

    class Unreadable:
        def read(self, *_):
            raise AssertionError("it was read")

    for endpoint in posts(app):
        size = 2 * limit_of(app, endpoint).bytes
        answer = client.post(
            filled(app, endpoint),
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"wsgi.input": Unreadable(), "CONTENT_LENGTH": str(size)},
        )
        assert answer.status_code == 413, endpoint
        assert "That is too large to send" in answer.text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_the_refusal_names_the_limit_of_the_form(visit, alice, headers):
    client = visit(alice)
    review = client.post("/books/emma/reviews/new", data={"body": "x" * 3_000_000}, headers=headers)
    comment = client.post("/threads/1/comments", data={"body": "x" * 3_000_000}, headers=headers)
    lock = client.post("/threads/1/lock", data={"reason": "x" * 300_000}, headers=headers)

    assert [answer.status_code for answer in (review, comment, lock)] == [413] * 3
    assert "This form takes at most 100,650 characters." in review.text
    assert "This form takes at most 20,150 characters." in comment.text
    assert "This form takes at most 64 kB." in lock.text


def test_a_form_may_bring_pictures_besides_its_text(app, visit, alice):
    """Words are bounded as without a picture, and the refusal says so."""
    limits = [limit_of(app, "threads.create_comment", kind) for kind in ("", WITH_FILES)]
    assert limits[1].bytes == limits[0].bytes + LARGEST_PICTURE

    client = visit(alice)
    picture = (BytesIO(b"x" * 400_000), "door.jpg")
    sent = {"body": "x", "picture": picture}
    assert client.post("/threads/1/comments", data=sent, content_type=WITH_FILES).status_code == 404
    sent = {"body": "x" * 300_000, "picture": (BytesIO(b"x"), "door.jpg")}
    answer = client.post("/threads/1/comments", data=sent, content_type=WITH_FILES)
    assert answer.status_code == 413
    assert "This form takes at most 20,150 characters." in answer.text
    too_large = {"CONTENT_LENGTH": str(limits[1].bytes + 1)}
    kind = f"{WITH_FILES}; boundary=x"
    answer = client.post("/threads/1/comments", content_type=kind, environ_overrides=too_large)
    assert answer.status_code == 413
    assert "All pictures of one form together may have 10 MB." in answer.text


# Werkzeug takes a file out of a form chunk by chunk, and holds back what may be the beginning of its end.
LOOKS_LIKE_THE_END = b"\r\n--"


@pytest.mark.parametrize("piece", [b"\xff", b"\n", LOOKS_LIKE_THE_END], ids=["plain", "lines", "dashes"])
def test_every_form_that_takes_a_file_takes_a_large_one(app, visit, olive, piece):
    client, asked = visit(olive), set()
    for endpoint in posts(app):
        limit = limit_of(app, endpoint, WITH_FILES)
        if not limit.is_file and limit == limit_of(app, endpoint):
            continue
        asked.add(endpoint)
        parts = b"".join(
            b'--edge\r\nContent-Disposition: form-data; name="%s"; filename="one"\r\n\r\n%s\r\n'
            % (name, piece * (3_000_000 // len(piece)))
            for name in (b"picture", b"file")
        )
        with client.post(
            filled(app, endpoint),
            data=parts + b"--edge--\r\n",
            content_type=f"{WITH_FILES}; boundary=edge",
        ) as answer:
            assert answer.status_code != 413, endpoint
    assert asked > FILES | {"threads.create_comment", "reviews.create"}


def test_a_text_a_little_too_long_comes_back_to_be_shortened(visit, alice, save):
    thread = save(make_review(alice, save(make_book("Emma")))).thread
    answer = visit(alice).post(f"/threads/{thread.id}/comments", data={"body": "x" * 25_000, "horizon": "0"})

    assert answer.status_code == 422
    assert "Shorten it to 20,000" in answer.text
    assert "x" * 25_000 in answer.text


def test_someone_without_a_session_may_send_a_small_form_only(app, visit, visitor, alice):
    forged = app.test_client()
    key = URLSafeTimedSerializer(
        "not the club's key", "cookie-session", signer_kwargs={"key_derivation": "hmac"}
    )
    forged.set_cookie("bookclub_session", key.dumps({"_user_id": "1"}))
    forged.set_cookie("bookclub_remember", "1|0123456789abcdef")
    for client, status in ((visitor, 413), (forged, 413), (visit(alice), 404)):
        answer = client.post(
            "/books/none/reviews/new", data={"body": "x" * (SMALL + 1), "title": "t", "horizon": "0"}
        )
        assert answer.status_code == status
        assert client.post("/imports/new", data={"file": "x" * (SMALL + 1)}).status_code == (
            413 if status == 413 else 422
        )


def test_what_nothing_takes_may_be_no_larger_than_a_small_form(visit, alice):
    for client in (visit(), visit(alice)):
        for method, address in (("POST", "/nothing/here"), ("GET", "/"), ("PUT", "/books/new")):
            answer = client.open(address, method=method, data=b"x" * (SMALL + 1))
            assert answer.status_code == 413, address


# The server itself


@pytest.fixture
def served(app):
    """The club as ``serve`` does it."""
    with serving(lambda: server.serve_at(app, "127.0.0.1", 0)) as served:
        yield served


@pytest.fixture
def temporary_files(monkeypatch):
    """The temporary files that are made."""
    made = []
    genuine = tempfile.TemporaryFile

    def make(*arguments, **options):
        made.append(arguments)
        return genuine(*arguments, **options)

    monkeypatch.setattr("tempfile.TemporaryFile", make)
    return made


def cookie_of(client) -> str:
    return f"bookclub_session={client.get_cookie('bookclub_session').value}"


@pytest.mark.parametrize("path", ["/sign-in", "/imports/new", "/threads/1/comments", "/nothing"])
@pytest.mark.parametrize(
    "request_of",
    [
        lambda path: post(path, b"", size=60_000_000),
        lambda path: post(path, b"x" * 3_000_000),
        lambda path: post(path, chunked(b"x" * 3_000_000), Transfer_Encoding="chunked"),
        lambda path: post(path, b"", size=60_000_000, Expect="100-continue"),
    ],
    ids=["promised", "sent", "chunked", "asked before"],
)
def test_a_visitor_writes_no_temporary_files(served, temporary_files, path, request_of):
    status, text = send(served, request_of(path))

    assert status == 413
    assert "This form takes at most 64 kB." in text
    assert temporary_files == []


def test_a_member_may_bring_a_library_but_no_larger_one(served, temporary_files, visit, alice):
    cookie, before = cookie_of(visit(alice)), open_temporary_files()

    status, text = send(served, post("/imports/new", b"", size=LARGEST + 1, Cookie=cookie))
    assert (status, temporary_files) == (413, [])
    assert "A file may have 32 MB" in text

    body = b"file=" + b"x" * 3_000_000
    status, _ = send(served, post("/imports/new", body, Cookie=cookie))
    assert status == 422  # It was received, and is no file.
    assert temporary_files
    assert wait_for(lambda: open_temporary_files() == before)


def test_a_review_of_the_greatest_length_is_received_in_memory(served, temporary_files, visit, alice, save):
    save(make_book("Emma"))
    fields = {"title": "Emma", "summary": "", "body": SIGN * reviews.MAX_BODY, "horizon": "0"}
    request_ = post("/books/emma/reviews/new", urlencode(fields).encode(), Cookie=cookie_of(visit(alice)))
    status, _ = send(served, request_)

    assert status in (303, 422)  # Whatever Markdown makes of it, the form has read it.
    assert temporary_files == []


# What proxies are told


def test_the_samples_for_proxies_say_the_same_numbers():
    readme = (Path(bookclub.__file__).parent.parent / "README.md").read_text()
    largest_post = LARGEST_TEXT + LARGEST_PICTURE
    post, file = largest_post // body_limits.MEBIBYTE, LARGEST // body_limits.MEBIBYTE

    assert (post * body_limits.MEBIBYTE, file * body_limits.MEBIBYTE) == (largest_post, LARGEST)
    assert re.findall(r"client_max_body_size (\w+);", readme) == [f"{post}m", f"{file}m"]
    assert re.findall(r"max_size (\w+)", readme) == [f"{post}MiB", f"{file}MiB"]
    assert readme.count("/imports/new") >= 2
