"""A walk over every address of the club, as one reader, in search of words that they may not have."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bookclub.accounts.models import Member
from bookclub.books.models import Author, Book
from bookclub.extensions import db
from bookclub.reviews.models import Review
from bookclub.threads.models import Comment, Thread

HTMX = {"HX-Request": "true"}
# How all the words begin that are looked for.
SEARCH = "canary"
# These change what the walker may see, or end the walk.
LEFT_ALONE = {
    "readings.reveal",
    "readings.update",
    "threads.reveal",
    "sessions.destroy",
    "settings.depart",
}


def addresses(app: Flask) -> list[str]:
    """Every address that can be asked for, with each id, slug and name that is there, and with queries."""
    found = [url for rule in _rules(app, "GET") for url in _filled(app, rule)]
    with app.app_context():
        in_threads = db.session.execute(
            select(Comment.id, Comment.thread_id, Review.id).outerjoin(
                Review, Review.thread_id == Comment.thread_id
            )
        ).all()
    for comment_id, thread_id, review_id in in_threads:
        for page in (f"/threads/{thread_id}", review_id and f"/reviews/{review_id}"):
            found += [f"{page}?{name}={comment_id}" for name in ("after", "at") if page]
    for url in list(found):
        if url.rpartition("/")[0] in ("/books", "/members", "/authors"):
            found.append(f"{url}?reviews_after=999&threads_after=999&after=999")
    # A search that finds a word shows all of it, one that does not only echoes what was asked for.
    return found + [f"{path}?q={SEARCH}" for path in ("/books", "/", "/members")]


def forms(app: Flask) -> list[str]:
    """Every address that takes a form, again with each id, slug and name."""
    return [url for rule in _rules(app, "POST") for url in _filled(app, rule)]


def traces(answer: TestResponse, words: list[str]) -> set[str]:
    """Those of these words that stand anywhere in an answer, headers included."""
    sent = f"{answer.status} {answer.headers}\n".encode() + answer.data
    return {word for word in words if word.encode() in sent.lower()}


def read_everything(app: Flask, client: FlaskClient, words: list[str]) -> dict[str, set[str]]:
    """The words that a reader is sent, each with the addresses where they stand, reveal pages aside."""
    found: dict[str, set[str]] = {}
    for url in addresses(app):
        if url.partition("?")[0].endswith("/reveal"):
            continue
        answer = client.get(url)
        assert answer.status_code < 500, url
        for word in traces(answer, words):
            found.setdefault(word, set()).add(url)
    return found


def send_every_form_empty(app: Flask, client: FlaskClient, words: list[str]) -> dict[str, set[str]]:
    """The words in what a reader is sent for forms with nothing in them: mostly pages that say so."""
    found: dict[str, set[str]] = {}
    with app.app_context():
        parents = [("", ""), *db.session.execute(select(Comment.id, Comment.thread_id))]
    for url in forms(app):
        fields = [{"parent_id": parent} for parent, _ in parents] if url.endswith("/comments") else [{}]
        for data, headers in product(fields, (None, HTMX)):
            answer = client.post(url, data=data, headers=headers)
            assert answer.status_code < 500, url
            for word in traces(answer, words):
                found.setdefault(word, set()).add(url)
    return found


def _rules(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint not in {"static", *LEFT_ALONE}:
            yield rule


def _filled(app: Flask, rule: Rule) -> Iterator[str]:
    """The addresses of one route, once for each row that it could mean."""
    of_slug = Author.slug if rule.endpoint.startswith("authors") else Book.slug
    columns = {
        "comment_id": Comment.id,
        "thread_id": Thread.id,
        "review_id": Review.id,
        "slug": of_slug,
        "username": Member.username,
    }
    with app.app_context():
        choices = [
            db.session.scalars(select(columns[name])).all() if name in columns else [1]
            for name in rule._converters
        ]
    for values in product(*choices):
        _, path = rule.build(dict(zip(rule._converters, values, strict=True)), append_unknown=False)
        yield path
