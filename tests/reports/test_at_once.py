"""What two members do at the same moment: neither is lost, and only one of them decides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.reports.reporting import decide, report

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def both(first, second):
    """Do two things at once; what they answered, the lower status first."""
    ready = Barrier(2)

    def run(deed):
        ready.wait()
        return deed().status_code

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, (first, second)))


def test_two_reports_at_once_both_lift(visit, said, bob, olive, kept, reports):
    clients = visit(bob), visit(olive)

    assert both(lambda: report(clients[0], said, "4000"), lambda: report(clients[1], said, "7000")) in (
        [303, 303],
        [303, 403],
        [303, 422],
    )
    # Whoever came second may have been told that it says so already, or that it is locked for them by now.
    assert kept(said).horizon == max(one.horizon for one in reports())


def test_the_same_report_sent_twice_at_once_is_one(visit, said, alice, bob, kept, reports, told):
    clients = visit(bob), visit(bob)

    assert both(*(lambda client=client: report(client, said, "7000") for client in clients)) == [303, 303]
    assert len(reports()) == 1
    assert told(alice) == [("spoiler_report", bob.id)]


def test_of_two_decisions_at_once_one_counts_and_the_other_is_told_so(
    visit, said, alice, bob, mod, kept, reports, told
):
    report(visit(bob), said, "7000")
    author, moderator = visit(alice), visit(mod)

    assert both(
        lambda: decide(author, "dismiss", seen="open"), lambda: decide(moderator, "uphold", seen="open")
    ) == [303, 303]
    (made,) = reports()
    assert made.upheld is (made.decided_by_id == mod.id)
    assert kept(said).horizon == (7000 if made.upheld else 0)
    assert told(bob) == [("report_decided", made.decided_by_id)]
