"""A walk over every address of the club, as one reader, in search of words that they may not have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bookclub.asks.models import Ask
from bookclub.extensions import Base, db, utcnow
from bookclub.meetings.models import Meeting
from bookclub.members.models import IS_ABSENT, Member
from bookclub.members.signed_links import sign_link
from bookclub.notices.mail_rules import TOPIC_NAMES
from bookclub.reviews.models import Review
from bookclub.rounds.models import Round
from bookclub.search.rules import KIND_NAMES
from bookclub.threads.models import Comment

HTMX = {"HX-Request": "true"}
# How all the words begin that are looked for.
SEARCH = "canary"
# These change what the walker may see, or end the walk.
LEFT_ALONE = {
    "past_reads.create",
    "past_reads.destroy",
    "readings.read_as_known",
    "readings.read_as_new",
    "readings.reread",
    "readings.reveal",
    "readings.undo",
    "readings.update",
    "reports.decide",
    "sessions.destroy",
    "settings.depart",
    "threads.reveal",
}
REFUSALS = {401, 403, 404}
# What stands in an address and names no row.
NO_ROW = {"width": [480], "token": ["nonsense"], "invitation_id": [1], "moment": [1_700_000_000_000_000]}
# Signed links: their purpose, and the table or the names of what they are for. They are a member's who stands
# for all.
LINKED = {
    "rsvp_links.show": ("rsvp", Meeting),
    "ballot_links.show": ("ballot", Round),
    "unsubscriptions.show": ("unsubscribe", TOPIC_NAMES),
}
LINKED |= {"rsvp_links.answer": LINKED["rsvp_links.show"], "ballot_links.cast": LINKED["ballot_links.show"]}
LINKED |= {"unsubscriptions.create": LINKED["unsubscriptions.show"]}


@dataclass(frozen=True)
class Sent:
    """What a reader was sent: the page, and the words in it and in everything that came with it.

    ``headers`` are the names of its headers, with what those say that describe the page (such as ETag).
    """

    status: int
    text: str
    words: frozenset[str]
    headers: tuple[str, ...] = ()


def addresses(app: Flask) -> list[str]:
    """Every address that can be asked for, with each id, slug and name that is there, and with queries."""
    found = [url for rule in _rules(app, "GET") for url in _filled(app, rule)]
    with app.app_context():
        in_threads = db.session.execute(
            select(Comment.id, Comment.thread_id, Review.id, Ask.id)
            .outerjoin(Review, Review.thread_id == Comment.thread_id)
            .outerjoin(Ask, Ask.thread_id == Comment.thread_id)
            .order_by(Comment.horizon, Comment.id)
        ).all()
    # What a thread shows from or after a comment is part of what it shows as a whole: the comment that gives
    # least away and the one that gives most away stand for all.
    least = {row.thread_id: row for row in reversed(in_threads)}
    most = {row.thread_id: row for row in in_threads}
    for comment_id, thread_id, review_id, ask_id in dict.fromkeys((*least.values(), *most.values())):
        under = (review_id and f"/reviews/{review_id}", ask_id and f"/asks/{ask_id}")
        for page in (f"/threads/{thread_id}", *under):
            found += [f"{page}?{name}={comment_id}" for name in ("after", "at") if page]
    for url in list(found):
        if url.rpartition("/")[0] in ("/books", "/authors"):
            found.append(f"{url}?reviews_after=999&threads_after=999&after=999")
    found += [f"{path}?after=999" for path in ("/notices", "/reports", "/asks")]
    # A search that finds a word shows all of it, one that does not only echoes what was asked for.
    found += [f"/search?q={SEARCH}&kind={kind}" for kind in KIND_NAMES]
    return found + [f"{path}?q={SEARCH}" for path in ("/books", "/", "/members", "/asks", "/search")]


def forms(app: Flask) -> list[str]:
    """Every address that takes a form, again with each id, slug and name."""
    return [url for rule in _rules(app, "POST") for url in _filled(app, rule)]


def without_a_sample(app: Flask) -> list[str]:
    """The routes that no walk reaches, since there is no row of which they could tell."""
    return [str(rule) for rule in _rules(app, "GET") if not list(_filled(app, rule))]


def is_reveal(url: str) -> bool:
    """Whether an address is there to show what is ahead."""
    return url.partition("?")[0].endswith("/reveal")


def traces(answer: TestResponse, words: Iterable[str]) -> frozenset[str]:
    """Those of these words that stand anywhere in an answer: headers and messages for the next page, too."""
    sent = f"{answer.status} {answer.headers}\n{_kept(answer)}".encode() + unpacked(answer)
    sent = sent.lower()
    return frozenset(word for word in words if word.encode() in sent)


def unpacked(answer: TestResponse) -> bytes:
    """The body of an answer; of a zip what it holds, and what that is called."""
    if answer.mimetype != "application/zip":
        return answer.data
    with ZipFile(BytesIO(answer.data)) as archive:
        names = archive.namelist()
        return b"\n".join(name.encode() + b"\n" + archive.read(name) for name in names)


def read_everything(
    client: FlaskClient, words: Iterable[str], urls: Iterable[str] | None = None
) -> dict[str, Sent]:
    """What a reader is sent from everywhere, or from these addresses; reveal pages aside."""
    found = {}
    for url in addresses(client.application) if urls is None else urls:
        if not is_reveal(url):
            answer = client.get(url)
            assert answer.status_code < 500, url
            text = unpacked(answer).decode(errors="replace")
            found[url] = Sent(answer.status_code, text, traces(answer, words), telling_headers(answer))
    return found


def telling_headers(answer: TestResponse) -> tuple[str, ...]:
    """The headers of an answer without what is new in each (cookies, times), and its length (of its text)."""
    said = {
        name: "" if name in ("Set-Cookie", "Content-Length", "Date", "Expires") else value
        for name, value in answer.headers
    }
    return tuple(sorted(f"{name}: {value}" for name, value in said.items()))


def words_in(pages: dict[str, Sent]) -> set[str]:
    """All the words in what a reader was sent."""
    return set().union(*(sent.words for sent in pages.values()))


def send_every_form_empty(client: FlaskClient, words: Iterable[str]) -> set[str]:
    """The words in what a reader is sent for forms with nothing in them: mostly pages that say so."""
    app, found = client.application, set()
    with app.app_context():
        comments = db.session.execute(select(Comment.id, Comment.thread_id)).all()
    seen = set()
    for url in forms(app):
        # What is done to one member is done to all.
        kind = re.sub(r"^/members/[^/]+", "/members/…", url)
        if kind != url and kind in seen:
            continue
        seen.add(kind)
        inside = [comment for comment, thread in comments if url == f"/threads/{thread}/comments"]
        fields = [{}, *({"parent_id": comment} for comment in inside)]
        for data, headers in product(fields, (None, HTMX)):
            answer = client.post(url, data=data, headers=headers)
            assert answer.status_code < 500, url
            found |= traces(answer, words)
            if answer.status_code in REFUSALS:
                break  # Who is refused is refused whatever the form says.
    return found


def _kept(answer: TestResponse) -> str:
    """What an answer leaves in the reader's cookies, unpacked: such as a message for the next page."""
    cookies = SimpleCookie("; ".join(answer.headers.getlist("Set-Cookie"))).values()
    return str([URLSafeTimedSerializer("").loads_unsafe(cookie.value) for cookie in cookies])


def _rules(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint not in {"static", *LEFT_ALONE}:
            yield rule


def _filled(app: Flask, rule: Rule) -> Iterator[str]:
    """The addresses of one route, once for each row that it could mean."""
    names = list(rule._converters)
    with app.app_context():
        choices = [rows(rule, name) for name in names]
    for values in product(*choices):
        _, path = rule.build(dict(zip(names, values, strict=True)), append_unknown=False)
        yield path


def rows(rule: Rule, name: str) -> list[Any]:
    """What can stand for a name in an address, by the tables: ids, or slugs of what the address begins with.

    Raises LookupError for a name that no table explains.
    """
    if rule.endpoint in LINKED:
        purpose, subject = LINKED[rule.endpoint]
        member = db.session.scalars(select(Member).where(~IS_ABSENT).order_by(Member.id)).first()
        names = subject if isinstance(subject, tuple) else db.session.scalars(select(subject.id))
        return [sign_link(purpose, member, each) for each in names] if member else []
    if name == "year":
        return [utcnow().year]  # The one in which something was read, in the story and in the sample club.
    if name in NO_ROW:
        return NO_ROW[name]
    if name.endswith("_id"):
        called, column = name.removesuffix("_id"), "id"
    elif name == "username":
        called, column = "member", name
    else:
        called, column = rule.rule.removeprefix("/feeds").split("/")[1].removesuffix("s"), name
    models = [mapper.class_ for mapper in Base.registry.mappers]
    tables = {model.__tablename__: model for model in models}
    model = tables.get(called) or next(
        (model for table, model in tables.items() if table.endswith(f"_{called}")), None
    )
    if model is None or column not in model.__table__.columns:
        raise LookupError(f"what is {name!r} in {rule}?")
    return list(db.session.scalars(select(getattr(model, column))))
