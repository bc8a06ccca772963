"""What members are told, word for word."""

from __future__ import annotations

import pytest

from bookclub.notices import rules as notices_rules


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"answers_comment": True, "title": "The picnic"}, "Bob answered you in “The picnic”."),
        ({"answers_comment": True, "title": None}, "Bob answered you under the review of Emma."),
        ({"answers_comment": True, "title": None, "book": None}, "Bob answered you in a thread."),
        (
            {"answers_comment": False, "title": "The picnic"},
            "Bob wrote in “The picnic”, which you opened.",
        ),
        ({"answers_comment": False, "title": None}, "Bob commented on your review of Emma."),
        ({"answers_comment": False, "title": None, "book": None}, "Bob commented on your review."),
        (
            {"answers_comment": True, "title": None, "ahead": "up to chapter 9"},
            "Bob answered you under the review of Emma, up to chapter 9.",
        ),
    ],
)
def test_a_reply_is_told_by_where_it_stands_and_how_far_it_goes(more, sentence):
    assert notices_rules.reply_text("Bob", **{"book": "Emma", "ahead": None, **more}) == sentence


def test_a_report_is_told_with_who_proposes_which_place():
    told = notices_rules.report_text(
        "Bob", what="comment", book="Emma", before="safe for everybody", proposed="up to chapter 9"
    )

    assert told == (
        "Bob says that your comment on Emma gives away more than it says."
        " It was safe for everybody, and is up to chapter 9 until you or a moderator decide."
    )


@pytest.mark.parametrize(
    ("upheld", "end"),
    [
        (True, "The report was upheld: it stays up to chapter 9."),
        (False, "The report was dismissed: it moved back."),
    ],
)
def test_a_report_that_was_decided_says_how(upheld, end):
    told = notices_rules.decided_report_text(
        "Bob", what="review", book=None, proposed="up to chapter 9", upheld=upheld
    )

    assert told == f"Bob said that your review gives away more than it says. {end}"


@pytest.mark.parametrize(("upheld", "verdict"), [(True, "upheld"), (False, "dismissed")])
def test_a_decision_is_told_with_what_it_comes_to(upheld, verdict):
    told = notices_rules.decision_text("Mo", what="comment", whose="Alice’s", upheld=upheld, now="up to 30 %")

    assert told == f"Mo {verdict} the report on Alice’s comment: it is up to 30 %."


def test_a_number_stays_as_small_as_a_badge():
    assert [notices_rules.say_unseen(count) for count in (1, 99, 100)] == ["1", "99", "99+"]
