"""The author or a moderator decides whether a report stands; nobody is spoiled by deciding."""

from __future__ import annotations

import pytest

from tests.factories import make_comment, make_member, make_reading, make_report, make_review
from tests.reports.reporting import decide, report

WORDS = {"horizon": "0", "body": "Nothing to see here."}


@pytest.fixture
def reported(visit, said, bob, halfway):
    """Bob says that what Alice said gives away three quarters of the book."""
    report(visit(bob), said, "7500")
    return said


def test_a_dismissed_report_moves_back_exactly_what_it_moved(
    visit, save, thread, said, alice, bob, halfway, kept, reports
):
    reply = save(make_comment(thread, alice, "Very badly.", parent=said, horizon=2000))
    below = save(make_comment(thread, bob, "Indeed.", parent=reply))
    before = [kept(one).horizon for one in (said, reply, below)]
    report(visit(bob), said, "7500")

    answer = decide(visit(alice), "dismiss")

    assert answer.status_code == 303
    assert [kept(one).horizon for one in (said, reply, below)] == before == [0, 2000, 2000]
    (made,) = reports()
    assert (made.upheld, made.decided_by_id) == (False, alice.id)
    assert made.decided_at is not None


@pytest.mark.databases("sqlite", "postgresql")
def test_of_two_reports_the_one_that_stands_still_lifts(visit, said, bob, olive, mod, halfway, kept):
    report(visit(olive), said, "4000")
    report(visit(bob), said, "7500")
    assert kept(said).horizon == 7500

    decide(visit(mod), "dismiss", report_id=2)

    assert kept(said).horizon == 4000


def test_an_upheld_report_survives_its_authors_edit(visit, save, thread, alice, bob, halfway, mod, kept):
    said = save(make_comment(thread, alice, "Badly done.", horizon=3000))
    report(visit(bob), said, "7500")
    decide(visit(mod), "uphold")

    visit(alice).post(f"/comments/{said.id}/edit", data=WORDS)

    assert kept(said).own_horizon == 0
    assert kept(said).horizon == 7500


def test_an_open_report_survives_its_authors_edit_of_a_review(visit, save, book, alice, bob, halfway, kept):
    review = save(make_review(alice, book, horizon=3000))
    report(visit(bob), review, "7500")

    form = {"title": "A fine book", "summary": "", "rating": "", **WORDS}
    assert visit(alice).post(f"/reviews/{review.id}/edit", data=form).status_code == 303

    assert kept(review).own_horizon == 0
    assert kept(review).horizon == kept(review.thread).floor == 7500


def test_author_and_reporter_are_told(visit, said, alice, bob, mod, halfway, told):
    report(visit(bob), said, "7500")
    assert told(alice) == [("spoiler_report", bob.id)]

    decide(visit(mod), "uphold")

    assert told(alice) == [("spoiler_report", bob.id), ("report_decided", mod.id)]
    assert told(bob) == [("report_decided", mod.id)]


def test_who_decides_is_not_told_of_it(visit, reported, alice, bob, told):
    decide(visit(alice), "uphold")

    assert told(alice) == [("spoiler_report", bob.id)]
    assert told(bob) == [("report_decided", alice.id)]


def test_the_author_decides_once_and_a_moderator_anew(visit, reported, alice, mod, olive, kept):
    assert decide(visit(alice), "dismiss").status_code == 303
    assert decide(visit(alice), "uphold").status_code == 403
    assert kept(reported).horizon == 0

    assert decide(visit(mod), "uphold").status_code == 303
    assert kept(reported).horizon == 7500
    assert decide(visit(olive), "dismiss").status_code == 303
    assert kept(reported).horizon == 0


def test_a_moderator_may_decide_on_their_own_report(visit, save, book, said, mod, kept):
    save(make_reading(mod, book, position=9000))
    report(visit(mod), said, "7500")

    assert decide(visit(mod), "uphold").status_code == 303
    assert kept(said).horizon == 7500


def test_who_reported_it_decides_nothing_and_nobody_else_knows_of_it(visit, save, reported, bob, kept):
    carol = save(make_member("carol"))

    assert decide(visit(bob), "uphold").status_code == 403
    assert decide(visit(carol), "uphold").status_code == 404
    assert decide(visit(), "uphold").status_code == 401
    assert visit(bob).get("/reports/1").status_code == 200
    assert visit(carol).get("/reports/1").status_code == 404
    assert visit(bob).get("/reports").status_code == 403


@pytest.mark.parametrize("verdict", ["", "perhaps", "a\0b"])
def test_a_decision_says_one_or_the_other(visit, reported, alice, kept, verdict):
    answer = decide(visit(alice), verdict)

    assert answer.status_code == 422
    assert "Choose whether to accept the report or to reject it." in answer.text
    assert kept(reported).horizon == 7500


@pytest.mark.databases("sqlite", "postgresql")
def test_a_decision_from_a_page_that_showed_it_open_does_not_undo_what_was_decided_meanwhile(
    visit, reported, alice, mod, kept
):
    decide(visit(mod), "uphold", seen="open")

    page = visit(alice).post(
        "/reports/1/decision", data={"verdict": "dismiss", "seen": "open"}, follow_redirects=True
    )

    assert page.status_code == 200
    assert "Mo has accepted the report already." in page.text
    assert kept(reported).horizon == 7500


def test_a_decision_sent_twice_is_one(visit, reported, alice, bob, told):
    client = visit(alice)
    answers = [decide(client, "dismiss", seen="open") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [303] * 4
    assert told(bob) == [("report_decided", alice.id)]


def test_a_dismissed_report_is_not_simply_made_again(visit, reported, alice, bob, kept):
    decide(visit(alice), "dismiss")

    answer = report(visit(bob), reported, "7500")
    assert answer.status_code == 403
    assert "Your report was rejected" in answer.text

    visit(alice).post(f"/comments/{reported.id}/edit", data={"body": "He is engaged.", "horizon": "0"})
    assert report(visit(bob), reported, "7500").status_code == 303
    assert kept(reported).horizon == 7500


def test_a_report_on_words_that_are_gone_can_still_be_decided_for_the_sake_of_what_hangs_on_them(
    visit, save, thread, reported, alice, mod, bob, kept
):
    reply = save(make_comment(thread, bob, "Why?", parent=kept(reported), horizon=7500))
    visit(alice).post(f"/comments/{reported.id}/deletion")

    page = visit(mod).get("/reports").text
    assert "The words are gone." in page
    decide(visit(mod), "dismiss")
    assert kept(reported).horizon == 0
    assert kept(reply).horizon == 7500


# What is shown of it


def test_a_moderator_who_is_behind_is_warned_and_sees_no_words(visit, reported, mod, bob):
    for url in ("/reports", "/reports/1"):
        page = visit(mod).get(url).text
        assert "Badly done" not in page
        assert "This would spoil the book for you." in page
        assert f"/comments/{reported.id}/reveal" in page
        assert "Bob proposes: up to 75 %." in page
        assert "It was safe for everybody." in page
    assert "Badly done" in visit(mod).get(f"/comments/{reported.id}/reveal").text


def test_a_moderator_who_has_read_so_far_sees_the_words(visit, save, book, reported, olive):
    save(make_reading(olive, book, position=7500))

    page = visit(olive).get("/reports").text

    assert "Badly done" in page
    assert "would spoil" not in page


def test_its_author_sees_what_was_reported_and_decides_there(visit, reported, alice):
    page = visit(alice).get("/reports/1").text

    assert "Badly done" in page
    assert 'value="uphold"' in page
    assert 'value="dismiss"' in page
    decide(visit(alice), "dismiss")
    page = visit(alice).get("/reports/1").text
    assert "Alice rejected the report" in page
    assert 'name="verdict"' not in page


def test_what_is_decided_moves_below_what_waits_with_who_decided_what(visit, reported, said, alice, mod):
    decide(visit(alice), "uphold")

    page = visit(mod).get("/reports").text

    assert "Nothing to decide" in page
    assert "Alice accepted the report" in page
    assert "Reject it after all" in page
    assert "Accept it" not in page


def test_reports_on_reviews_are_listed_without_their_words(visit, save, book, alice, bob, mod, halfway):
    review = save(make_review(alice, book, "He is engaged to Jane."))
    report(visit(bob), review, "7500")

    page = visit(mod).get("/reports").text

    assert "engaged" not in page
    assert f"/reviews/{review.id}/reveal" in page
    assert "A fine book" in page


@pytest.mark.databases("sqlite", "postgresql")
def test_the_list_pages_by_key(visit, save, thread, alice, bob, mod):
    said = save(*(make_comment(thread, alice) for _ in range(53)))
    save(
        *(make_report(bob, one, upheld=True, decided_at=one.created_at, decided_by_id=mod.id) for one in said)
    )
    client = visit(mod)

    first = client.get("/reports").text
    assert first.count("accepted the report") == 50
    assert "/reports?after=4" in first
    second = client.get("/reports?after=4").text
    assert second.count("accepted the report") == 3
    assert 'href="/reports?after=' not in second


def test_the_list_takes_as_many_statements_for_many_reports_as_for_few(
    visit, save, thread, alice, bob, mod, statements
):
    client = visit(mod)
    taken = []
    for count in (2, 20):
        said = save(*(make_comment(thread, alice) for _ in range(count)))
        save(*(make_report(bob, one) for one in said))
        client.get("/reports")
        with statements() as sent:
            client.get("/reports")
        taken.append(len(sent))

    assert taken[0] == taken[1]
