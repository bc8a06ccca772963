"""Three-way merge of one form, field by field."""

from __future__ import annotations

import pytest

from bookclub.lib.text.three_way_merge import (
    Fate,
    comparable_text,
    digest,
    is_same,
    merge,
    read_digests,
    write_digests,
)

KEPT, WRITTEN, DISPUTED = Fate.KEPT, Fate.WRITTEN, Fate.DISPUTED
BASE = {"title": digest("old"), "body": digest("old")}


@pytest.mark.parametrize(
    ("present", "sent", "fate"),
    [
        ("old", "old", KEPT),
        ("old", "mine", WRITTEN),
        ("theirs", "old", KEPT),
        ("same", "same", KEPT),
        ("theirs", "mine", DISPUTED),
        ("", "mine", DISPUTED),
        ("theirs", "", DISPUTED),
    ],
)
def test_a_field_is_kept_written_or_disputed(present, sent, fate):
    assert merge(BASE, {"title": present}, {"title": sent}) == {"title": fate}


def test_each_field_is_decided_by_itself():
    present, sent = {"title": "theirs", "body": "old"}, {"title": "old", "body": "mine"}

    assert merge(BASE, present, sent) == {"title": KEPT, "body": WRITTEN}


def test_a_field_that_was_not_sent_is_not_decided():
    assert merge(BASE, {"title": "theirs", "body": "old"}, {"body": "mine"}) == {"body": WRITTEN}


def test_a_field_without_a_digest_is_written():
    assert merge({}, {"title": "theirs"}, {"title": "mine"}) == {"title": WRITTEN}
    assert merge(BASE, {"new": "theirs"}, {"new": "mine"}) == {"new": WRITTEN}


TOGETHER = (("title", "body"),)


@pytest.mark.parametrize(
    ("present", "sent", "fates"),
    [
        (("theirs", "old"), ("old", "old"), (KEPT, KEPT)),
        (("old", "old"), ("mine", "old"), (WRITTEN, WRITTEN)),
        (("theirs", "old"), ("old", "mine"), (DISPUTED, DISPUTED)),
        (("mine", "theirs"), ("mine", "mine"), (KEPT, DISPUTED)),
        (("new", "new"), ("new", "new"), (KEPT, KEPT)),
    ],
)
def test_fields_that_belong_together_are_decided_together(present, sent, fates):
    names = ("title", "body")
    merged = merge(
        BASE, dict(zip(names, present, strict=True)), dict(zip(names, sent, strict=True)), TOGETHER
    )

    assert merged == dict(zip(names, fates, strict=True))


def test_a_change_to_the_unsent_half_of_a_statement_counts():
    present = {"title": "theirs", "body": "old"}

    assert merge(BASE, present, {"body": "mine"}, TOGETHER) == {"body": DISPUTED}
    assert merge(BASE, present, {"body": "old"}, TOGETHER) == {"body": KEPT}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a\r\nb", "a\nb", True),
        ("a\rb", "a\nb", True),
        ("a \n\n", "a", True),
        ("Cafe\u0301", "Caf\u00e9", True),
        ("a  \nb", "a\nb", False),
        (" a", "a", False),
        ("a", "A", False),
    ],
)
def test_line_ends_and_white_space_at_the_end_are_no_change(one, other, same):
    assert is_same(one, other) is same
    assert (digest(one) == digest(other)) is same


def test_any_text_has_a_digest():
    assert len(digest("\ud800")) == 12
    assert comparable_text("") == ""


def test_digests_come_back_as_they_were_written():
    carried = write_digests({"title": "a", "rank-5": "", "shelves-0": "b c"})

    assert read_digests(carried) == {"title": digest("a"), "rank-5": digest(""), "shelves-0": digest("b c")}


@pytest.mark.parametrize(
    "carried", [None, "", "nonsense", "title:", "title:xyz", "title:1a2b3c", "\x00", ":"]
)
def test_a_malformed_digest_counts_as_missing(carried):
    assert read_digests(carried) == {}


def test_a_malformed_digest_spoils_no_other():
    assert read_digests(f"title:nonsense body:{digest('old')}") == {"body": digest("old")}
