"""What a report does, who is refused one, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bookclub.lib.positions.contents import Contents, SectionPlace
from bookclub.lib.positions.places import END
from bookclub.reports import rules as reports_rules

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
EMMA = Contents(
    (
        SectionPlace(11, 1, "A Wedding", 0),
        SectionPlace(12, 2, "A Picnic", 4000),
        SectionPlace(13, 3, "A Secret", 8000),
    )
)


@dataclass(frozen=True)
class Report:
    horizon: int = 5000
    upheld: bool | None = None
    decided_at: datetime | None = None

    @property
    def holds(self) -> bool:
        return self.upheld is not False


def refusal(**more):
    fine = {"has_book": True, "before": 0, "readable": True, "mine": None, "edited_at": None}
    return reports_rules.refusal(**{**fine, **more})


# The lift


def test_a_post_without_reports_is_not_lifted():
    assert reports_rules.lift([]) == 0


def test_the_furthest_report_that_holds_lifts():
    assert reports_rules.lift([Report(3000), Report(7000), Report(5000, upheld=True)]) == 7000


def test_a_report_that_was_dismissed_lifts_nothing():
    assert reports_rules.lift([Report(3000), Report(7000, upheld=False)]) == 3000


# Who is refused


def test_a_post_that_a_reader_sees_can_be_reported():
    assert refusal() is None


def test_what_is_locked_cannot_be_reported():
    assert "You have not read this far" in refusal(readable=False)


def test_an_open_report_can_be_changed_by_whom_it_has_locked_out():
    assert refusal(readable=False, mine=Report()) is None


def test_what_gives_away_the_ending_already_cannot_be_reported():
    assert "everybody who has not finished" in refusal(before=END)


def test_where_there_is_no_book_there_is_no_place_to_propose():
    assert "about no single book" in refusal(has_book=False)


def test_a_dismissed_report_is_made_anew_only_once_the_words_have_changed():
    mine = Report(upheld=False, decided_at=NOW)

    assert "rejected" in refusal(mine=mine)
    assert "rejected" in refusal(mine=mine, edited_at=NOW - timedelta(days=1))
    assert refusal(mine=mine, edited_at=NOW + timedelta(days=1)) is None
    assert "You have not read this far" in refusal(
        mine=mine, edited_at=NOW + timedelta(days=1), readable=False
    )


def test_an_upheld_report_stands():
    assert "accepted already" in refusal(mine=Report(upheld=True, decided_at=NOW), edited_at=NOW)


# What can be proposed


def test_chapters_further_on_are_offered_with_their_titles_only_as_far_as_the_reporter_has_come():
    assert reports_rules.proposals(EMMA, before=0, mark=5000) == {
        "": "Choose …",
        "section-11": "up to 1. A Wedding",
        "section-12": "up to 2. A Picnic",
        "section-13": "up to chapter 3",
        "finished": "the ending: for people who have finished",
    }


def test_nothing_that_a_post_says_already_is_offered():
    assert list(reports_rules.proposals(EMMA, before=4000, mark=0)) == [
        "",
        "section-12",
        "section-13",
        "finished",
    ]


def test_without_chapters_tenths_of_the_book_are_offered():
    assert list(reports_rules.proposals(Contents(), before=7200, mark=0)) == ["", "8000", "9000", "finished"]


# Decisions


@pytest.mark.parametrize(
    ("seen", "upheld", "late"),
    [
        ("open", None, False),
        ("open", True, True),
        ("upheld", True, False),
        ("upheld", False, True),
        ("dismissed", None, True),
        ("", True, False),
        (None, True, False),
        ("nonsense", True, False),
    ],
)
def test_a_decision_is_late_where_its_page_showed_something_else(seen, upheld, late):
    assert reports_rules.is_outdated(seen, upheld) is late


def row(**more):
    blank = dict.fromkeys(reports_rules.SpoilerReportRow.__dataclass_fields__)
    return reports_rules.SpoilerReportRow(**{**blank, "horizon": 8000, "horizon_before": 0, **more})


def test_a_reader_who_is_behind_is_warned_before_they_look():
    entry = reports_rules.report_entry(row(readable=False, mark=4000), EMMA)

    assert entry.warning == "You are at chapter 2. This would spoil the book for you."
    assert (entry.before, entry.proposed) == ("safe for everybody", "up to chapter 2")


@pytest.mark.parametrize("more", [{"readable": True}, {"readable": False, "deleted_at": NOW}])
def test_nobody_is_warned_of_what_they_see_or_what_is_gone(more):
    assert reports_rules.report_entry(row(**more), EMMA).warning is None
