"""What members are told, word for word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bookclub.notices import rules as notices_rules
from bookclub.notices.rules import RenderedNotice

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"answers_comment": True, "title": "The picnic"}, "Bob replied to you in “The picnic”."),
        ({"answers_comment": True, "title": None}, "Bob replied to you under a review of Emma."),
        ({"answers_comment": True, "title": None, "book": None}, "Bob replied to you."),
        (
            {"answers_comment": False, "title": "The picnic"},
            "Bob wrote in your conversation “The picnic”.",
        ),
        ({"answers_comment": False, "title": None}, "Bob commented on your review of Emma."),
        ({"answers_comment": False, "title": None, "book": None}, "Bob commented on your review."),
        ({"answers_comment": True, "title": None, "of_ask": True}, "Bob replied to you under a question."),
        ({"answers_comment": False, "title": None, "of_ask": True}, "Bob wrote under your question."),
    ],
)
def test_a_reply_is_told_by_where_it_stands(more, sentence):
    assert notices_rules.reply_text("Bob", **{"book": "Emma", **more}) == sentence


@pytest.mark.parametrize(
    ("post", "what"),
    [
        ({"is_review": False, "book": "Emma"}, "comment on Emma"),
        ({"is_review": False, "book": None}, "comment"),
        ({"is_review": True, "book": "Emma"}, "review of Emma"),
    ],
)
def test_a_report_is_told_with_who_proposes_which_place(post, what):
    told = notices_rules.report_text("Bob", before="safe for everybody", proposed="up to chapter 9", **post)

    assert told == (
        f"Bob reports a spoiler in your {what}."
        " It was safe for everybody and is up to chapter 9 until you or a moderator decide."
    )


@pytest.mark.parametrize(("is_review", "what"), [(True, "review"), (False, "comment")])
@pytest.mark.parametrize(
    ("upheld", "end"),
    [(True, "The report was accepted: it stays up to chapter 9."), (False, "The report was rejected.")],
)
def test_a_report_that_was_decided_says_how(is_review, what, upheld, end):
    told = notices_rules.decided_report_text(
        "Bob", is_review=is_review, proposed="up to chapter 9", upheld=upheld
    )

    assert told == f"Bob reported a spoiler in your {what}. {end}"


@pytest.mark.parametrize(("upheld", "verdict"), [(True, "accepted"), (False, "rejected")])
@pytest.mark.parametrize(
    ("post", "what"),
    [
        ({"is_review": False, "author": "Alice"}, "Alice’s comment"),
        ({"is_review": True, "author": "Alice"}, "Alice’s review"),
        ({"is_review": False, "author": None}, "your comment"),
        ({"is_review": True, "author": None}, "your review"),
    ],
)
def test_a_decision_is_told_with_what_it_comes_to(upheld, verdict, post, what):
    told = notices_rules.decision_text("Mo", upheld=upheld, now="up to 30 %", **post)

    assert told == f"Mo {verdict} the report on {what}. It is now up to 30 %."


def test_notices_of_one_thread_stand_where_the_newest_of_them_does():
    def notice(id, thread_id=None, title=None):
        return RenderedNotice(id, NOW, True, "Bob …", "/", thread_id=thread_id, thread_title=title)

    groups = notices_rules.group_notices(
        [
            notice(9, 1, "The picnic"),
            notice(8),
            notice(7, 1, "The picnic"),
            notice(6, 2, "The ball"),
            notice(5),
        ]
    )

    assert [([one.id for one in group.notices], group.heading) for group in groups] == [
        ([9, 7], "2 notices about “The picnic”"),
        ([8], None),
        ([6], None),
        ([5], None),
    ]


def test_a_number_stays_as_small_as_a_badge():
    assert [notices_rules.say_unseen(count) for count in (1, 99, 100)] == ["1", "99", "99+"]
