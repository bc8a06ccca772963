"""A round has its thread, for members only, which says nothing of ballots."""

from __future__ import annotations

from sqlalchemy import select

from bookclub.rounds.models import Round
from bookclub.threads.models import Comment, Thread


def test_a_round_is_opened_with_a_thread_in_which_members_talk_and_from_which_they_come_back(
    visit, alice, bob, olive, rows
):
    at_olives = visit(olive)
    page = at_olives.post("/rounds/new", data={"title": "Spring"}).location
    (thread,) = rows(select(Thread))
    address = f"/threads/{thread.id}"
    assert f'<a href="{address}">Join the conversation</a>' in visit(bob).get(page).text

    # Nothing in it is locked: there is no book that it could give away.
    sent = {"body": "Is ||Emma|| any good?", "horizon": "10000"}
    assert visit(bob).post(f"{address}/comments", data=sent).status_code == 303
    assert visit(alice).post(f"{address}/comments", data={"body": "Very.", "horizon": "0"}).status_code == 303
    (comment, _) = rows(select(Comment).order_by(Comment.id))
    assert (comment.horizon, thread.book_id) == (0, None)
    assert visit(alice).get(page).link("Join the conversation (2 thoughts)") == address
    thread_page = visit(alice).get(address)
    assert thread_page.link("Back to the vote") == page
    assert "Everybody sees this: hide what spoils a book" in thread_page.words
    assert "Bob wrote in your conversation “Spring”" in at_olives.get("/notices").words

    # It is called what the round is called.
    assert at_olives.post(f"{page}/edit", data={"title": "Summer"}).status_code == 303
    assert [each.title for each in rows(select(Thread))] == ["Summer"]


def test_visitors_of_a_public_club_never_see_what_members_say_of_a_round(
    visit, visitor, alice, bob, olive, call, publish, kept, rows
):
    voting_round = call(voting=True, title="Spring")
    address = f"/threads/{kept(voting_round).thread_id}"
    visit(bob).post(f"{address}/comments", data={"body": "I vote for Emma.", "horizon": "0"})
    (comment,) = rows(select(Comment))
    publish()
    visit(olive).post(f"/rounds/{voting_round.id}/closure")
    assert visitor.get(f"/rounds/{voting_round.id}").status_code == 200

    assert "Join the conversation" not in visitor.get(f"/rounds/{voting_round.id}").text
    for hidden in (address, f"/comments/{comment.id}"):
        assert visitor.get(hidden).status_code == 404, hidden
        assert visit(alice).get(hidden).status_code == 200
    for page in ("/", "/rounds"):
        assert address not in visitor.get(page).text, page
        assert "I vote for Emma" not in visitor.get(page).text, page


def test_two_clicks_open_one_round_with_one_thread(visit, olive, rows):
    client = visit(olive)
    for _ in range(2):
        client.post("/rounds/new", data={"title": "Spring", "submission": "x" * 16})

    assert (len(rows(select(Round))), len(rows(select(Thread)))) == (1, 1)
