"""The walk itself: it goes everywhere, and finds out when something says too much."""

from __future__ import annotations

import re
import sys

import pytest
from flask import flash, request
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import literal
from werkzeug.routing import Rule

from bookclub.extensions import db
from bookclub.passages import queries as passages
from bookclub.readings import visibility_queries
from bookclub.threads import comment_queries
from bookclub.threads.models import Comment
from tests.crawl import addresses, rows, traces, without_a_sample
from tests.spoilers.story import ALL, may_see


def test_the_walk_goes_everywhere(read_story):
    urls = addresses(read_story.app)
    comment = read_story.comments["canarylaterreply"]

    for url in (
        "/",
        "/books",
        f"/books/{read_story.book}",
        f"/books/{read_story.book}/reviews/new",
        f"/books/{read_story.book}/sections",
        f"/books/{read_story.book}/unlocked",
        f"/books/{read_story.book}/editions/1/edit",
        f"/reviews/{read_story.reviews['canarylaterreview']}/revisions",
        f"/comments/{comment}",
        f"/comments/{comment}/edit",
        f"/comments/{comment}/spoiler-report",
        f"/threads/{read_story.threads['canarysafeopening']}?at={read_story.comments['canarysafeopening']}",
        "/members/alice",
        "/meetings/1/agenda",
        f"/books/{read_story.book}/questions",
        f"/books/{read_story.book}/passages",
        f"/passages/{read_story.passages['canarylaterpassage']}",
        "/notices",
        "/reports/1",
        "/settings",
        "/books?q=canary",
    ):
        assert url in urls


def test_every_route_has_a_row_that_the_walk_can_ask_for(read_story):
    assert without_a_sample(read_story.app) == []


def test_the_walk_does_not_guess_what_an_address_means():
    with pytest.raises(LookupError, match="what is 'poem_id' in /poems/<int:poem_id>"):
        rows(Rule("/poems/<int:poem_id>"), "poem_id")


@pytest.fixture
def broken_rules():
    """A MonkeyPatch for the spoiler rules: statements are built with what it sets, and without it again."""
    built = statements_built_once()
    assert comment_queries._comment_rows in built
    with pytest.MonkeyPatch.context() as patch:
        for statement in built:
            statement.cache_clear()
        yield patch
    for statement in built:
        statement.cache_clear()


def statements_built_once():
    """Every function that builds a statement for all readers and keeps it."""
    modules = [module for name, module in sys.modules.items() if re.fullmatch(r"bookclub\..*queries", name)]
    things = [each for module in modules for each in vars(module).values()]
    kind = type(comment_queries._comment_rows)
    return {each for each in things if type(each) is kind and each.__module__.endswith("queries")}


def test_it_finds_out_when_the_predicate_lets_everything_through(story, broken_rules):
    broken_rules.setattr(visibility_queries, "visible_to", lambda *_, **__: literal(True))

    found = story.reads("fifth", [f"/threads/{story.threads['canarysafeopening']}"])

    assert found > may_see("fifth") & found
    assert {"canarylaterreply", "canaryreported", "canarycommentbars"} <= found


def test_it_finds_out_when_an_agenda_lets_everything_through(story, broken_rules):
    broken_rules.setattr(visibility_queries, "visible_to", lambda *_, **__: literal(True))

    for page in ("/meetings/1", "/meetings/1/agenda"):
        assert {"canarylaterquestion", "canarylatercomment"} <= story.reads("fifth", [page])
    assert "canarylaterquestion" in story.reads("fifth", [f"/books/{story.book}/questions"])
    assert {"canaryrecap", "canaryrecapbars"} <= story.reads("fifth", ["/meetings/2"])


def test_it_finds_out_when_passages_let_everything_through(story, broken_rules):
    broken_rules.setattr(passages, "visible_to", lambda *_, **__: literal(True))
    later = f"/passages/{story.passages['canarylaterpassage']}"

    assert "canarylaterpassage" in story.reads("fifth", [f"/books/{story.book}/passages"])
    assert "canarylaterpassage" in story.reads("fifth", [later])


def test_it_finds_out_when_inline_spoilers_are_open(story, broken_rules):
    broken_rules.setattr(visibility_queries, "spoilers_visible_to", lambda *_, **__: literal(True))

    urls = [
        f"/threads/{story.threads['canarysafeopening']}",
        f"/reviews/{story.reviews['canarysafereview']}",
    ]
    assert {"canaryreviewbars", "canarycommentbars"} <= story.reads("fifth", urls)


def test_it_finds_out_when_a_header_says_too_much(story):
    page = f"/comments/{story.comments['canarylaterreply']}"

    def hint(answer):
        if request.path == page:
            answer.headers["X-Hint"] = "canarylaterreply"
        return answer

    assert "canarylaterreply" not in story.reads("fifth", [page])
    story.app.after_request_funcs[None].append(hint)
    assert "canarylaterreply" in story.reads("fifth", [page])


def test_it_finds_out_when_a_message_for_the_next_page_says_too_much(story):
    page = f"/books/{story.book}"

    def tell():
        flash("You missed canarylaterreply, " + "and more " * 50)

    assert "canarylaterreply" not in traces(story.clients["fifth"].post(page + "/reading"), ALL)
    story.app.before_request_funcs[None].append(tell)
    answer = story.clients["fifth"].post(page + "/reading", data={"status": "reading"})
    assert answer.status_code == 303
    assert "canarylaterreply" in traces(answer, ALL)


def test_it_finds_out_when_a_template_says_too_much(story):
    """As if a page described itself by its words, for previews elsewhere."""
    loader = story.app.jinja_env.loader
    fragment = loader.get_source(story.app.jinja_env, "threads/_placeholder.html")[0]
    with story.app.app_context():
        words = db.session.get(Comment, story.comments["canarylaterreply"]).body
    leaking = {"threads/_placeholder.html": f'{fragment}<i data-words="{words}"></i>'}
    story.app.jinja_env.loader = ChoiceLoader([DictLoader(leaking), loader])
    story.app.jinja_env.cache.clear()

    assert "canarylaterreply" in story.reads("fifth", [f"/threads/{story.threads['canarysafeopening']}"])
