"""One report hides a post, and all below it, from those who have not read so far."""

from __future__ import annotations

import pytest

from bookclub.sections.models import Section
from tests.cases import each
from tests.factories import make_comment, make_reading, make_review
from tests.reports.reporting import decide, report

HTMX = {"HX-Request": "true"}


def test_one_report_lifts_a_comment_and_all_below_it_at_once(
    visit, save, thread, said, alice, bob, halfway, kept, reports
):
    reply = save(make_comment(thread, alice, "Very badly.", parent=said))
    below = save(make_comment(thread, bob, "Indeed.", parent=reply, horizon=6000))
    beside = save(make_comment(thread, bob, "Lovely strawberries."))

    answer = report(visit(bob), said, "5000")

    assert answer.status_code == 303
    assert [kept(one).horizon for one in (said, reply, below, beside)] == [5000, 5000, 6000, 0]
    assert kept(said).own_horizon == 0
    (made,) = reports()
    assert (made.member_id, made.horizon, made.horizon_before, made.upheld) == (bob.id, 5000, 0, None)


def test_who_has_not_read_so_far_sees_the_placeholder_at_once(visit, thread, said, bob, olive, halfway):
    answer = visit(bob).post(
        f"/comments/{said.id}/spoiler-report", data={"horizon": "7500"}, follow_redirects=True
    )

    assert (
        "Thank you. It is hidden from people who have not read this far, until somebody decides."
        in answer.text
    )
    assert f'id="comment-{said.id}"' in answer.text
    assert "Badly done" not in answer.text
    assert "Badly done" not in visit(olive).get(f"/threads/{thread.id}").text


def test_through_htmx_the_placeholder_takes_the_comments_place(visit, thread, said, bob, halfway):
    answer = report(visit(bob), said, "7500", headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="comment-{said.id}"' in answer.text
    assert "Badly done" not in answer.text
    assert "hidden from people who have not read this far" in answer.text
    assert "2 thoughts: 1 here, 1 ahead of you" in answer.text


def test_through_htmx_who_has_read_so_far_keeps_seeing_it(visit, said, bob, halfway):
    answer = report(visit(bob), said, "4000", headers=HTMX)

    assert answer.status_code == 200
    assert "Badly done" in answer.text
    assert "up to 40 %" in answer.text


def test_the_form_is_an_ordinary_page_and_says_what_the_post_says_of_itself(visit, said, bob):
    page = visit(bob).get(f"/comments/{said.id}/spoiler-report").text

    assert "Does the comment by Alice give too much away?" in page
    assert "It says that it is safe for everybody." in page
    assert f'id="report-{said.id}"' in page
    assert 'value="finished"' in page
    assert "Badly done" not in page


def test_the_form_offers_chapters_and_names_only_those_that_its_reader_has_come_to(
    visit, save, book, said, bob, halfway
):
    _, _, third = save(
        Section(book_id=book.id, place=1, title="A Wedding", start=0),
        Section(book_id=book.id, place=2, title="A Picnic", start=4000),
        Section(book_id=book.id, place=3, title="The Truth About Jane", start=8000),
    )
    page = visit(bob).get(f"/comments/{said.id}/spoiler-report").text

    assert "up to 2. A Picnic" in page
    assert f'<option value="section-{third.id}">up to chapter 3</option>' in page
    assert "The Truth" not in page


def test_a_chapter_is_a_place_to_propose(visit, save, book, said, bob, halfway, kept):
    first, _ = save(
        Section(book_id=book.id, place=1, title="A Wedding", start=0),
        Section(book_id=book.id, place=2, title="A Picnic", start=4000),
    )
    report(visit(bob), said, f"section-{first.id}")

    assert kept(said).horizon == 4000


@each("headers", [None, HTMX])
@each("horizon", ["", "0", "mine", "2500", "3000", "section-99", "10001", "-1", "a\0b", "x" * 99])
def test_a_place_that_is_not_further_on_is_refused_in_words(
    visit, save, thread, alice, bob, halfway, kept, reports, horizon, headers
):
    said = save(make_comment(thread, alice, "Badly done.", horizon=3000))

    answer = report(visit(bob), said, horizon, headers=headers)

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert f'id="report-{said.id}"' in answer.text
    assert kept(said).horizon == 3000
    assert reports() == []


def test_a_place_between_the_posts_own_and_its_parents_is_not_further_on(
    visit, save, thread, alice, bob, halfway, kept
):
    parent = save(make_comment(thread, alice, "A long story.", horizon=4000))
    reply = save(make_comment(thread, alice, "Go on.", parent=parent))

    assert report(visit(bob), reply, "3000").status_code == 422
    assert report(visit(bob), reply, "4500").status_code == 303
    assert kept(reply).horizon == 4500


@pytest.mark.databases("sqlite", "postgresql")
def test_a_report_sent_twice_is_one_report(visit, said, alice, bob, halfway, kept, reports, told):
    client = visit(bob)
    answers = [report(client, said, "7500") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [303] * 4
    assert len(reports()) == 1
    assert kept(said).horizon == 7500
    assert told(alice) == [("spoiler_report", bob.id)]


def test_a_second_report_of_the_same_member_changes_theirs_in_both_directions(
    visit, said, alice, bob, halfway, kept, reports, told
):
    client = visit(bob)
    for horizon in ("7500", "9000", "6000"):
        assert report(client, said, horizon).status_code == 303

        assert kept(said).horizon == int(horizon)
        assert [(one.horizon, one.horizon_before) for one in reports()] == [(int(horizon), 0)]
    assert told(alice) == [("spoiler_report", bob.id)]


def test_its_author_a_visitor_and_who_has_it_locked_report_nothing(
    visit, save, thread, said, alice, bob, olive, halfway, reports
):
    secret = save(make_comment(thread, alice, "He is engaged.", horizon=6000))

    assert report(visit(alice), said).status_code == 403
    assert report(visit(), said).status_code == 401
    for answer in (
        report(visit(bob), secret, "9000"),
        visit(bob).get(f"/comments/{secret.id}/spoiler-report"),
    ):
        assert answer.status_code == 403
        assert "You have not read this far" in answer.text
        assert "engaged" not in answer.text
    assert reports() == []


def test_who_had_the_thread_revealed_reports_what_lies_ahead_of_them(visit, save, thread, alice, bob, kept):
    secret = save(make_comment(thread, alice, "He is engaged.", horizon=6000))
    client = visit(bob)
    client.post(f"/threads/{thread.id}/reveal")

    assert report(client, secret, "9000").status_code == 303
    assert kept(secret).horizon == 9000


def test_words_that_are_gone_cannot_be_reported(visit, said, alice, bob, reports):
    visit(alice).post(f"/comments/{said.id}/deletion")

    assert report(visit(bob), said).status_code == 403
    assert reports() == []


def test_what_gives_away_the_ending_cannot_be_reported(visit, save, book, thread, alice, olive):
    save(make_reading(olive, book, position=10_000))
    said = save(make_comment(thread, alice, "They marry.", horizon=10_000))

    answer = visit(olive).get(f"/comments/{said.id}/spoiler-report")

    assert answer.status_code == 403
    assert "It is already hidden from everybody who has not finished." in answer.text


def test_the_words_of_somebody_who_has_left_can_be_reported_and_nobody_is_told(
    visit, save, thread, said, alice, bob, halfway, kept, told
):
    alice.forget(alice.joined_at)
    save(alice)

    assert report(visit(bob), said).status_code == 303
    assert kept(said).horizon == 5000
    assert told(alice) == []


def test_a_post_raised_after_replies_exist_hides_them_from_their_readers_but_not_their_authors(
    visit, save, thread, said, bob, olive, mod, halfway
):
    save(make_comment(thread, olive, "I never liked the picnic.", parent=said))
    report(visit(bob), said, "finished")

    assert "never liked" not in visit(mod).get(f"/threads/{thread.id}").text
    assert "never liked" in visit(olive).get(f"/threads/{thread.id}").text


def test_a_report_on_the_opening_words_lifts_the_whole_thread(visit, save, book, bob, alice, halfway, kept):
    client = visit(alice)
    client.post(f"/books/{book.slug}/threads", data={"title": "Jane", "body": "He and she!", "horizon": "0"})
    client.post("/threads/1/comments", data={"body": "I knew.", "horizon": "0", "parent_id": ""})
    page = visit(bob)
    page.post("/comments/1/spoiler-report", data={"horizon": "5000"})

    assert "I knew" in page.get("/threads/1").text
    assert "· up to 50 %" in page.get("/threads/1").text
    # To change one's mind is measured by what it would say without one's own report.
    assert page.post("/comments/1/spoiler-report", data={"horizon": "3000"}).status_code == 303
    decide(client, "dismiss")
    assert "· up to" not in page.get("/threads/1").text


# Reviews


def test_a_report_on_a_review_lifts_it_and_the_floor_of_its_thread(
    visit, save, book, alice, bob, olive, halfway, kept, told
):
    review = save(make_review(alice, book, "He is engaged to Jane."))
    under = save(make_comment(review.thread, olive, "No!"))
    answer = report(visit(bob), review, "7500")

    assert answer.status_code == 303
    assert answer.location == f"/reviews/{review.id}"
    assert kept(review).horizon == kept(review).lifted_horizon == 7500
    assert kept(review.thread).floor == kept(under).horizon == 7500
    assert told(alice) == [("spoiler_report", bob.id)]
    page = visit(bob).get(f"/reviews/{review.id}").text
    assert "engaged" not in page

    decide(visit(alice), "dismiss")
    assert kept(review).horizon == kept(review).lifted_horizon == 0
    assert kept(review.thread).floor == kept(under).horizon == 0


def test_a_review_leads_to_its_report_and_so_does_a_comment_but_not_ones_own(
    visit, save, thread, said, book, alice, bob
):
    review = save(make_review(alice, book))

    for page, link in (
        (f"/reviews/{review.id}", f"/reviews/{review.id}/spoiler-report"),
        (f"/threads/{thread.id}", f"/comments/{said.id}/spoiler-report"),
    ):
        assert link in visit(bob).get(page).text
        assert link not in visit(alice).get(page).text
    assert visit(bob).get(f"/reviews/{review.id}/spoiler-report").status_code == 200
    assert report(visit(bob), review, "").status_code == 422
