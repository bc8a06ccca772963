"""Rules for spoiler reports: their effect, reasons to refuse one, and their texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ..lib.positions.contents import Contents, horizon_text, place_text, section_name
from ..lib.positions.places import END, START
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext

THANKS = lazy_gettext(
    "Thank you. It is hidden from people who have not read this far, until somebody decides."
)
STATES = {None: "open", True: "upheld", False: "dismissed"}
# The same as members read it.
STATE_TEXTS = {
    None: lazy_gettext("open"),
    True: lazy_gettext("accepted"),
    False: lazy_gettext("rejected"),
}


class Report(Protocol):
    """The properties of a report that a lift follows from."""

    @property
    def horizon(self) -> int: ...
    @property
    def holds(self) -> bool: ...


class Decided(Protocol):
    """The properties of a member's earlier report that matter for a new one."""

    @property
    def upheld(self) -> bool | None: ...
    @property
    def decided_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class OwnReport:
    """A member's report of a post. ``before`` is what the post gives away without it."""

    upheld: bool | None
    decided_at: datetime | None
    before: int


@dataclass(frozen=True)
class SpoilerReportRow:
    """A report as one reader sees it.

    ``html`` is the words of the reported comment. It is None if they are locked for this reader or gone, and
    for a review, which is read on its own page. ``mark`` is the reader's mark in the book, or None if they
    never said. ``title`` is the thread's or the review's. ``horizon_now`` is what the post gives away now.
    """

    id: int
    comment_id: int | None
    review_id: int | None
    thread_id: int
    book_id: int | None
    book_slug: str | None
    book_title: str | None
    title: str | None
    author_id: int
    author: str
    member_id: int
    reporter: str
    horizon: int
    horizon_before: int
    horizon_now: int
    reported_at: datetime
    decided_at: datetime | None
    decided_by_id: int | None
    decided_by: str | None
    upheld: bool | None
    deleted_at: datetime | None
    readable: bool
    html: str | None
    mark: int | None

    @property
    def state(self) -> str:
        return STATES[self.upheld]

    @property
    def state_text(self) -> str:
        return str(STATE_TEXTS[self.upheld])

    @property
    def is_gone(self) -> bool:
        return self.deleted_at is not None

    @property
    def what(self) -> str:
        return "comment" if self.comment_id is not None else "review"


def lift(reports: Iterable[Report]) -> int:
    """Return the horizon to which reports raise a post: the furthest that was not dismissed."""
    return max((report.horizon for report in reports if report.holds), default=START)


def refusal(
    *, has_book: bool, before: int, readable: bool, mine: Decided | None, edited_at: datetime | None
) -> str | None:
    """Return why a member cannot report a post, in words for them; None if they can.

    ``before`` is what the post gives away without their own report; ``mine`` is that report, if they made
    one. A dismissed report can be made again once the words have changed; an upheld one stands for good. A
    member may change their report while it is open, although the post is locked for them by then.
    """
    if not has_book:
        return _(
            "This conversation is about no single book, so there is no place up to which it could be hidden."
        )
    if mine is not None and mine.upheld is not None:
        if mine.upheld:
            return _("Your report was accepted already. If the post gives away even more, tell a moderator.")
        if edited_at is None or mine.decided_at is None or edited_at <= mine.decided_at:
            return _("Your report was rejected. You can report the post again once its author changes it.")
    if not readable and (mine is None or mine.upheld is not None):
        return _("You have not read this far. Members who have can report it.")
    if before >= END:
        return _("It is already hidden from everybody who has not finished.")
    return None


def proposals(contents: Contents, before: int, mark: int | None) -> dict[str, str]:
    """Return the places that a report can propose, as choices of a form: value to label.

    All lie further on than ``before``. If nobody entered the chapters, tenths of the book are offered.
    ``mark`` is the reporter's own: a chapter's title shows only to those who have reached it.
    """
    choices = {"": _("Choose …")}
    for section in contents.sections:
        # A post about a section may give away its end. If that is unknown, it is rounded up, against the
        # reader.
        if contents.end(section, up=True) > before:
            choices[f"section-{section.id}"] = _("up to %(chapter)s", chapter=section_name(section, mark))
    if not contents:
        tenths = range(END // 10, END, END // 10)
        choices |= {str(place): horizon_text(place) for place in tenths if place > before}
    return choices | {"finished": _("the ending: for people who have finished")}


@dataclass(frozen=True)
class ReportEntry:
    """A report with its places in words. ``warning`` is for a reader who is not yet that far."""

    report: SpoilerReportRow
    before: str
    proposed: str
    warning: str | None


def report_entry(report: SpoilerReportRow, contents: Contents) -> ReportEntry:
    """Return a report as its page shows it to this reader."""
    warning = _("%(place)s This would spoil the book for you.", place=place_text(report.mark, contents))
    return ReportEntry(
        report,
        horizon_text(report.horizon_before, contents),
        horizon_text(report.horizon, contents),
        None if report.readable or report.is_gone else warning,
    )


def is_outdated(seen: str | None, upheld: bool | None) -> bool:
    """Return whether a decision comes from a page that showed another state of the report."""
    # A form that does not say what its page showed is taken as it is.
    return seen in STATES.values() and seen != STATES[upheld]


def earlier_decision_text(decider: str | None, upheld: bool | None) -> str:
    """Return the text that says who decided first, so that the member's own decision changed nothing.

    ``decider`` is None for the member who reads it.
    """
    if upheld is None:
        return _("The report is open again. Please look at it once more.")
    if decider is None:
        return (
            _("You have accepted the report already. Please look at it once more.")
            if upheld
            else _("You have rejected the report already. Please look at it once more.")
        )
    return (
        _("%(name)s has accepted the report already. Please look at it once more.", name=decider)
        if upheld
        else _("%(name)s has rejected the report already. Please look at it once more.", name=decider)
    )


def decision_text(upheld: bool) -> str:
    """Return the text on the effect of a decision."""
    return (
        _("The report is accepted. The post stays hidden as proposed.")
        if upheld
        else _("The report is rejected. The post is as it was before.")
    )
