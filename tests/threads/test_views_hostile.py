"""Requests that mean harm, to threads and comments."""

from __future__ import annotations

import pytest

from tests.cases import each

HOSTILE = [
    "a\0b",
    "\ud800",
    "\x1b[2J",
    "\u202e",
    "]]>",
    "<script>alert(1)</script>",
    "%s%n",
    "{{ 7*7 }}",
    "' OR 1=1 --",
]


@each("text", HOSTILE)
def test_hostile_text_is_taken_or_refused_and_never_breaks_anything(visit, thread, said, book, alice, text):
    client = visit(alice)
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if "\ud800" in text else text
    for url, fields in {
        f"/threads/{thread.id}/comments": {
            "body": text,
            "horizon": "0",
            "parent_id": text,
            "submission": text,
        },
        f"/threads/{thread.id}/comments?": {"body": text, "horizon": "0", "submission": text},
        f"/books/{book.slug}/threads": {"title": text, "body": text, "horizon": "0", "submission": text},
        f"/comments/{said.id}/edit": {"body": text, "horizon": text},
        f"/comments/{said.id}/removal": {"reason": text},
        f"/threads/{thread.id}/lock": {"reason": text},
    }.items():
        assert client.post(url, data=fields).status_code in (303, 403, 422), url
    page = client.get(f"/threads/{thread.id}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.databases("sqlite", "postgresql")
def test_bytes_that_are_no_text_never_break_anything(visit, thread, alice):
    for body in (
        b"body=%ED%A0%80&horizon=0",
        b"body=%FF%FE&horizon=0",
        b"body=%00&horizon=0",
        b"\xff\xfe=\x00",
    ):
        answer = visit(alice).post(
            f"/threads/{thread.id}/comments", data=body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code in (303, 422), body
