"""Comments edited and deleted by their authors, removed by moderators; threads locked."""

from __future__ import annotations

import pytest

from tests.cases import each
from tests.factories import make_ask, make_comment, make_reading, make_review
from tests.threads.saying import HTMX, places

# To change what one said


@pytest.mark.parametrize("verb", ["edit", "deletion"])
def test_only_its_author_may_change_a_comment(visit, thread, said, alice, bob, mod, olive, public, verb):
    statuses = {
        member and member.username: visit(member).get(f"/comments/{said.id}/{verb}").status_code
        for member in (alice, bob, mod, olive, None)
    }

    assert statuses == {"alice": 200, "bob": 403, "mo": 403, "olive": 403, None: 303}


@pytest.mark.parametrize("verb", ["edit", "deletion"])
def test_nobody_but_its_author_changes_a_comment_by_sending_the_form(
    visit, said, bob, mod, olive, kept, verb
):
    for member, status in ((bob, 403), (mod, 403), (olive, 403), (None, 401)):
        form = {"body": "Something else.", "horizon": "0"}
        assert visit(member).post(f"/comments/{said.id}/{verb}", data=form).status_code == status

    assert kept(said).body == "Badly done, Emma."


def test_an_edit_changes_the_words_and_says_so(visit, thread, said, alice, kept):
    answer = visit(alice).post(
        f"/comments/{said.id}/edit", data={"body": "It was well done.", "horizon": "0"}
    )

    assert answer.status_code == 303
    assert answer.location == f"/threads/{thread.id}#comment-{said.id}"
    page = visit(alice).get(answer.location).text
    assert "It was well done." in page
    assert "Badly done" not in page
    assert ">edited<" in page


def test_an_edit_through_htmx_answers_with_the_comment_in_its_place(visit, said, alice):
    answer = visit(alice).post(
        f"/comments/{said.id}/edit", data={"body": "It was well done.", "horizon": "0"}, headers=HTMX
    )

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert places(answer.text) == [said.id]
    assert "It was well done." in answer.text


@each("headers", [None, HTMX])
@each("form", [{"body": " "}, {"body": "x" * 20_001}, {"body": "Typed anew.", "horizon": "no"}])
def test_an_edit_that_cannot_be_taken_changes_nothing_and_keeps_what_was_typed(
    visit, said, alice, kept, form, headers
):
    answer = visit(alice).post(f"/comments/{said.id}/edit", data={"horizon": "0", **form}, headers=headers)

    assert answer.status_code == 422
    assert f'id="edit-{said.id}"' in answer.text
    assert form["body"].strip() in answer.text
    assert kept(said).body == "Badly done, Emma."


def test_the_edit_form_holds_what_was_said_and_what_it_gives_away(visit, save, thread, book, alice):
    save(make_reading(alice, book, position=5000))
    comment = save(make_comment(thread, alice, "Later on.", horizon=2500))

    page = visit(alice).get(f"/comments/{comment.id}/edit").text

    assert "Later on.</textarea>" in page
    assert '<option selected value="2500">up to 25 %</option>' in page


def test_an_edit_does_not_move_what_a_comment_gives_away_to_wherever_its_author_is_by_now(
    visit, save, thread, book, alice, kept
):
    reading = save(make_reading(alice, book, position=2_000))
    visit(alice).post(f"/threads/{thread.id}/comments", data={"body": "So far, so good.", "horizon": "mine"})
    visit(alice).post(f"/books/{book.slug}/reading", data={"status": "reading", "position": "5"})
    assert kept(reading).mark == 500

    page = visit(alice).get("/comments/1/edit").text

    assert '<option selected value="2000">up to 20 %</option>' in page


def test_deletion_leaves_no_words_and_keeps_the_place_where_replies_hang_on_it(
    visit, save, thread, said, alice, bob, kept
):
    reply = save(make_comment(thread, bob, "It was!", parent=said))

    answer = visit(alice).post(f"/comments/{said.id}/deletion")

    assert answer.status_code == 303
    page = visit(bob).get(f"/threads/{thread.id}").text
    assert "Removed by its author" in page
    assert "Badly done" not in page
    assert places(page) == [said.id, reply.id]
    assert "1 thought<" in page
    gone = kept(said)
    assert gone.body == gone.body_html == gone.safe_html == ""
    assert kept(thread).comment_count == 1


def test_deletion_leaves_nothing_where_nothing_hangs_on_it(visit, thread, said, alice):
    visit(alice).post(f"/comments/{said.id}/deletion")

    page = visit(alice).get(f"/threads/{thread.id}").text
    assert "Removed by its author" not in page
    assert not places(page)
    assert "0 thoughts" in page


def test_a_deleted_comment_cannot_be_edited_deleted_or_removed_again(visit, said, alice, mod):
    visit(alice).post(f"/comments/{said.id}/deletion")

    for member, verb in ((alice, "edit"), (alice, "deletion"), (mod, "removal")):
        form = {"body": "Back.", "horizon": "0", "reason": "Again."}
        assert visit(member).post(f"/comments/{said.id}/{verb}", data=form).status_code == 403
    assert "Removed by its author" in visit(alice).get(f"/comments/{said.id}").text


def test_a_deletion_is_asked_about_first_and_a_get_deletes_nothing(visit, said, alice, kept):
    assert "Delete your comment?" in visit(alice).get(f"/comments/{said.id}/deletion").text
    assert not kept(said).is_gone


# Moderation


def test_moderators_and_organisers_remove_others_words_with_a_reason(
    visit, save, thread, said, alice, bob, mod, olive
):
    second = save(make_comment(thread, alice, "Very badly done."))
    for member, comment in ((mod, said), (olive, second)):
        answer = visit(member).post(f"/comments/{comment.id}/removal", data={"reason": "Be kind to Emma."})
        assert answer.status_code == 303

    page = visit(bob).get(f"/threads/{thread.id}").text
    assert page.count("Removed by a moderator: Be kind to Emma.") == 2
    assert "adly done" not in page
    assert "0 thoughts" in page


def test_visitors_are_not_told_the_reason(visit, visitor, public, thread, said, mod):
    visit(mod).post(f"/comments/{said.id}/removal", data={"reason": "Be kind to Emma."})
    visit(mod).post(f"/threads/{thread.id}/lock", data={"reason": "Enough of Emma."})

    for url in (f"/threads/{thread.id}", f"/comments/{said.id}"):
        page = visitor.get(url).text
        assert "Removed by a moderator" in page
        assert "This conversation is locked" in page
        assert "of Emma" not in page
        assert "to Emma" not in page


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "\0"])
def test_a_removal_needs_a_reason(visit, said, mod, kept, reason):
    answer = visit(mod).post(f"/comments/{said.id}/removal", data={"reason": reason})

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert not kept(said).is_gone


def test_members_and_visitors_remove_nothing_and_moderators_not_their_own(
    visit, save, thread, said, alice, bob, mod
):
    own = save(make_comment(thread, mod))
    for member, comment, status in ((bob, said, 403), (alice, said, 403), (None, said, 401), (mod, own, 403)):
        answer = visit(member).post(f"/comments/{comment.id}/removal", data={"reason": "Because."})
        assert answer.status_code == status


def test_a_moderator_locks_a_thread_with_a_reason_and_opens_it_again(visit, thread, said, bob, mod):
    assert visit(mod).get(f"/threads/{thread.id}/lock").status_code == 200
    assert visit(mod).post(f"/threads/{thread.id}/lock", data={"reason": ""}).status_code == 422

    visit(mod).post(f"/threads/{thread.id}/lock", data={"reason": "It had been said."})

    for url in (f"/threads/{thread.id}", f"/comments/{said.id}"):
        page = visit(bob).get(url).text
        assert "Mo locked this conversation: It had been said." in page
        assert 'name="body"' not in page
    visit(mod).post(f"/threads/{thread.id}/lock/deletion")
    assert 'name="body"' in visit(bob).get(f"/threads/{thread.id}").text


def test_a_thread_under_a_review_or_an_ask_says_who_locked_it(visit, save, book, alice, bob, mod):
    review, ask = save(make_review(alice, book), make_ask(alice))
    for path, thread_id in ((f"/reviews/{review.id}", review.thread_id), (f"/asks/{ask.id}", ask.thread_id)):
        visit(mod).post(f"/threads/{thread_id}/lock", data={"reason": "It had been said."})

        assert "Mo locked this conversation: It had been said." in visit(bob).get(path).text


@pytest.mark.parametrize("path", ["lock", "lock/deletion"])
def test_members_and_visitors_lock_and_unlock_nothing(visit, thread, alice, path):
    assert visit(alice).post(f"/threads/{thread.id}/{path}", data={"reason": "Mine."}).status_code == 403
    assert visit().post(f"/threads/{thread.id}/{path}", data={"reason": "Mine."}).status_code == 401
