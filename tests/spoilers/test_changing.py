"""What a reader may see follows at once whatever they do: reveal, read on, go back, answer."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.threads.models import Comment
from tests.crawl import HTMX, traces
from tests.spoilers.story import ALICES, ALL, END, WORDS, may_see, up_to

IN_TALK = {
    "canarylatercomment",
    "canaryendingcomment",
    "canarylaterreply",
    "canaryendingreply",
    "canaryunderlater",
    "canarybychapter",
    "canarylockedformer",
    "canaryreported",
    "canaryunderreported",
    "canarycommentbars",
    "canaryreplybars",
    "canaryopeningbars",
}


def test_who_reveals_a_thread_sees_everything_in_it_until_they_take_that_back(story, telling):
    url = f"/threads/{story.threads['canarysafeopening']}/reveal"

    story.post("fifth", url)
    assert story.reads("fifth", telling) == may_see("fifth") | IN_TALK
    assert story.reads("unread", telling) == may_see("unread")

    story.post("fifth", f"{url}/deletion")
    assert story.reads("fifth", telling) == may_see("fifth")


def test_who_reveals_a_review_s_thread_sees_the_review_too(story, telling):
    story.post("fifth", f"/threads/{story.threads['canaryalices']}/reveal")

    assert story.reads("fifth", telling) == may_see("fifth") | ALICES | {"canaryunderalice"}


def test_who_reveals_a_book_sees_everything_about_it_until_they_take_that_back(story, telling):
    url = f"/books/{story.book}/reveal"

    story.post("fifth", url)
    # All that was said; the titles of chapters are no posts.
    assert story.reads("fifth", telling) == up_to(END) - {"canarytitlethird", "canarytitleunknown"}
    assert story.reads("unread", telling) == may_see("unread")

    story.post("fifth", f"{url}/deletion")
    assert story.reads("fifth", telling) == may_see("fifth")


def test_to_read_on_unlocks_and_to_correct_oneself_locks_again(story, telling):
    def says(**form):
        story.post("fifth", f"/books/{story.book}/reading", **form)
        return story.reads("fifth", telling)

    assert says(position="49.99", position_unit="percent") == up_to(4999)
    assert says(position="150", position_unit="page") == up_to(5000)
    assert says(position="59.999", position_unit="percent") == up_to(5999)
    assert says(position="60", position_unit="percent") == up_to(6000)
    assert says(status="finished") == up_to(END)
    assert says(status="reading", position="20", position_unit="percent") == up_to(2000)


def test_who_reads_a_book_again_keeps_seeing_everything(story, telling):
    story.post("finished", f"/books/{story.book}/reading", status="reading")

    assert story.reads("finished", telling) == up_to(END)


@pytest.mark.databases("sqlite", "postgresql")
def test_a_report_that_is_dismissed_unlocks_what_it_had_locked(story):
    page = [f"/threads/{story.threads['canarysafeopening']}"]
    assert not {"canaryreported", "canaryunderreported"} & story.reads("fifth", page)

    story.post("mo", "/reports/1/decision", verdict="dismiss", seen="open")

    assert {"canaryreported", "canaryunderreported"} <= story.reads("fifth", page)


def test_an_answer_to_htmx_holds_what_its_reader_said_and_nothing_ahead_of_them(story):
    fifth = story.clients["fifth"]
    with story.app.app_context():
        threads = dict(db.session.execute(select(Comment.id, Comment.thread_id)).all())
    for word in set(story.comments) & set(WORDS):
        comment_id = story.comments[word]
        form = {"body": "I think so, too.", "horizon": "0", "parent_id": comment_id}
        answer = fifth.post(f"/threads/{threads[comment_id]}/comments", data=form, headers=HTMX)
        assert answer.status_code == 200
        assert "I think so, too." in answer.text
        assert traces(answer, ALL) <= may_see("fifth")
        own = int(re.search(r'id="comment-(\d+)"', answer.text)[1])
        for verb, fields in {"edit": {"body": "Or not.", "horizon": "0"}, "deletion": {}}.items():
            answer = fifth.post(f"/comments/{own}/{verb}", data=fields, headers=HTMX)
            assert answer.status_code == 200
            assert traces(answer, ALL) <= may_see("fifth")
