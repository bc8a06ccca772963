"""Questions of a meeting: ask, lock, support, edit, delete, remove, and put comments on the agenda."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bookclub.extensions import begin_write, db, utcnow
from bookclub.members.events import on_departure
from bookclub.members.models import Club, Member
from bookclub.mergers.book_merge import merge_books
from bookclub.mergers.queries import hold_books
from bookclub.questions.models import Question, QuestionSupport
from bookclub.sections.models import Section
from tests.cases import each
from tests.factories import make_book, make_comment, make_meeting, make_question, make_reading

END = 10_000
HTMX = {"HX-Request": "true"}


def support(client, question_id, on="1", **options):
    return client.post(f"/questions/{question_id}/support", data={"on": on}, **options)


def test_a_member_asks_and_it_stands_on_the_agenda(ask, visit, meeting, readers, alice, bob, rows):
    answer = ask(alice, "Is Emma **kind**?")

    (question,) = rows(select(Question))
    assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting.id}#question-{question.id}")
    assert (question.book_id, question.horizon, question.horizon_choice) == (meeting.books[0].book_id, 0, "0")
    for page in (f"/meetings/{meeting.id}", f"/meetings/{meeting.id}/agenda", "/books/emma/questions"):
        assert "<strong>kind</strong>" in visit(bob).get(page).text
    assert "Open questions (1)" in visit(bob).get("/books/emma").text


@pytest.mark.databases("sqlite", "postgresql")
def test_a_question_ahead_of_a_reader_is_a_placeholder(ask, visit, meeting, readers, alice, bob):
    ask(alice, "Why did she marry him?", horizon="6000")

    for page in (f"/meetings/{meeting.id}", f"/meetings/{meeting.id}/agenda", "/books/emma/questions"):
        words = visit(bob).get(page).words
        assert "marry" not in words
        assert "up to 60 %" in words
        assert "Reveal anyway" in words
    assert "1 open question: 0 here, 1 ahead of you" in visit(bob).get("/books/emma/questions").words
    assert support(visit(bob), 1).status_code == 403
    revealed = visit(bob).get("/questions/1/reveal")
    assert "marry" in revealed.words
    assert (revealed.headers["Cache-Control"], revealed.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert "marry" not in visit(bob).get(f"/meetings/{meeting.id}").words


def test_bars_stay_closed_for_those_who_have_not_finished(ask, visit, meeting, readers, alice, bob, olive):
    ask(alice, "Did ||Jane|| know?")

    assert "Jane" not in visit(bob).get(f"/meetings/{meeting.id}").text
    assert "Jane" in visit(olive).get(f"/meetings/{meeting.id}").words


def test_without_a_book_everything_is_safe_and_bars_stay_closed(save, visit, alice, bob, olive, rows):
    plain = save(make_meeting(olive))
    form = visit(alice).get(f"/meetings/{plain.id}").form("new-question")
    assert form.fields["horizon"] == "0"

    body = {"body": "Did ||Jane|| know?", "horizon": "finished"}
    assert visit(alice).post(f"/meetings/{plain.id}/questions", data=body).status_code == 303
    assert [(one.book_id, one.horizon) for one in rows(select(Question))] == [(None, 0)]
    page = visit(bob).get(f"/meetings/{plain.id}")
    assert "know?" in page.words
    assert "Jane" not in page.text


def test_sent_twice_makes_one_question(ask, alice, readers, rows):
    for body in ("Is she kind?", "Is she kind?", "Or clever?"):
        assert ask(alice, body, submission="one-and-the-same").status_code == 303

    assert [one.body for one in rows(select(Question))] == ["Is she kind?", "Or clever?"]


def test_with_several_books_the_form_says_which(save, visit, olive, alice, emma, rows):
    kim = save(make_book("Kim"))
    meeting = save(make_meeting(olive, emma, kim))
    save(make_reading(alice, kim, position=3000))
    address = f"/meetings/{meeting.id}/questions"

    answer = visit(alice).post(address, data={"body": "Why?", "horizon": "0"})
    assert answer.status_code == 422
    assert "Choose the book that your question is about." in answer.words
    assert visit(alice).get(f"/meetings/{meeting.id}?book=kim").form("new-question").fields["book"] == "kim"
    for name in ("kim", "Kim"):
        data = {"body": f"Why, {name}?", "book": name, "horizon": "mine"}
        assert visit(alice).post(address, data=data).status_code == 303
    assert {(one.book_id, one.horizon) for one in rows(select(Question))} == {(kim.id, 3000)}


BAD = [
    ({"body": " "}, "Write something first."),
    ({"body": "y" * 10_001}, "Shorten it to 10,000."),
    ({"horizon": ""}, "Choose"),
    ({"horizon": "section-99"}, "chapter"),
    ({"horizon": "10001"}, "Choose"),
    ({"book": "Nowhere"}, "There is no “Nowhere” in the catalogue."),
    ({"book": "Persuasion"}, "This meeting is not about “Persuasion”."),
    ({"comment": "1"}, "not an open question"),
    ({"comment": "x"}, "not an open question"),
]


def test_bad_input_is_refused_and_kept(ask, save, meeting, alice, comment, rows):
    save(make_book("Persuasion"))
    for fields, sentence in BAD:
        answer = ask(alice, **{"body": "Is she kind?", **fields})
        assert answer.status_code == 422, fields
        assert sentence in answer.words, fields
        assert "comment" in fields or fields.get("body", "Is she kind?").strip() in answer.text
    assert rows(select(Question)) == []


@each(
    ("columns", "status", "sentence"),
    [
        ({"starts_at": utcnow() - timedelta(hours=1)}, 303, ""),
        ({"starts_at": utcnow() - timedelta(hours=3)}, 422, "The meeting is over"),
        ({"cancelled_at": utcnow(), "cancel_reason": "Flu"}, 403, "This meeting is cancelled"),
    ],
)
def test_a_meeting_takes_questions_until_it_is_over_or_cancelled(
    save, visit, olive, alice, columns, status, sentence
):
    columns |= {"cancelled_by_id": olive.id} if "cancelled_at" in columns else {}
    meeting = save(make_meeting(olive, **columns))

    answer = visit(alice).post(f"/meetings/{meeting.id}/questions", data={"body": "Is she kind?"})
    assert answer.status_code == status
    assert sentence in answer.text


@pytest.mark.databases("sqlite", "postgresql")
def test_members_care_and_the_order_follows(ask, visit, meeting, readers, alice, bob, rows):
    ask(alice, "First of all?")
    ask(alice, "And then?")
    for _ in range(2):
        assert support(visit(bob), 2).status_code == 303

    assert len(rows(select(QuestionSupport))) == 1
    words = visit(alice).get(f"/meetings/{meeting.id}").words
    assert words.index("And then?") < words.index("First of all?")
    assert "bob cares about this." in words.replace("Bob", "bob")
    answer = support(visit(bob), 2, "0", headers=HTMX)
    assert answer.status_code == 200
    assert 'id="support-2"' in answer.text
    assert "<html" not in answer.text
    assert rows(select(QuestionSupport)) == []
    assert support(visit(bob), 2, "maybe").status_code == 422


def test_who_reads_in_private_is_not_counted_to_others(ask, visit, meeting, readers, alice, bob, olive, save):
    ask(alice, "Why did she marry him?", horizon="500")
    of_bob = readers[2]
    of_bob.is_private = True
    save(of_bob)
    support(visit(bob), 1)

    address = f"/meetings/{meeting.id}"
    assert "I care about this 1" in visit(bob).get(address).words
    for page in (address, f"{address}/agenda"):
        assert "care about this 1" not in visit(olive).get(page).words
        assert "cares about" not in visit(olive).get(page).words


def test_only_its_author_edits_and_deletes_a_question(ask, visit, meeting, readers, alice, bob, rows):
    ask(alice, "Is she kind?", horizon="finished")
    assert visit(bob).post("/questions/1/edit", data={"body": "Hm", "horizon": "0"}).status_code == 403
    assert visit(bob).post("/questions/1/deletion").status_code == 403

    assert visit(alice).post("/questions/1/edit", data={"body": " ", "horizon": "0"}).status_code == 422
    assert (
        visit(alice).post("/questions/1/edit", data={"body": "Or vain?", "horizon": "0"}).status_code == 303
    )
    assert "Or vain?" in visit(bob).get(f"/meetings/{meeting.id}").words
    assert visit(alice).get("/questions/1/deletion").status_code == 200
    assert visit(alice).post("/questions/1/deletion").status_code == 303
    assert "Or vain?" not in visit(bob).get(f"/meetings/{meeting.id}").text
    assert [(one.body, one.body_html, one.safe_html) for one in rows(select(Question))] == [("", "", "")]


def test_a_moderator_removes_a_question_with_a_reason(ask, visit, meeting, readers, alice, bob, mod):
    ask(alice, "Who is a fool?")
    assert visit(bob).post("/questions/1/removal", data={"reason": "Rude"}).status_code == 403

    assert visit(mod).post("/questions/1/removal", data={"reason": ""}).status_code == 422
    assert visit(mod).post("/questions/1/removal", data={"reason": "Rude"}).status_code == 303
    page = visit(bob).get(f"/meetings/{meeting.id}").words
    assert "Who is a fool?" not in page
    assert "Removed by a moderator: Rude" in page
    assert "No open questions" in visit(bob).get("/books/emma/questions").words


@pytest.mark.databases("sqlite", "postgresql")
def test_a_question_follows_its_chapter_forwards_and_never_back(ask, save, visit, emma, readers, alice, rows):
    one = {"book_id": emma.id, "place": 0, "title": "One", "typed_start": 0, "start": 0}
    two = {"book_id": emma.id, "place": 1, "title": "Two", "typed_start": 2000, "start": 2000}
    first, _ = save(Section(**one), Section(**two))
    ask(alice, "Is she kind?", horizon=f"section-{first.id}")
    assert rows(select(Question))[0].horizon == 2000

    for share, expected in (("30", 3000), ("10", 3000)):
        sections = {"sections": f"One 0 %\nTwo {share} %"}
        assert visit(alice).post("/books/emma/sections", data=sections).status_code == 303
        assert [(one.own_horizon, one.horizon) for one in rows(select(Question))] == [(expected, expected)]


def test_moving_a_meeting_or_reading_less_unlocks_nothing(ask, visit, meeting, readers, alice, olive, rows):
    ask(alice, "Why did she marry him?", horizon="6000")
    change = {"read_until": "10", "book": "Emma", "host": "olive", "starts_at": "08:00"}

    assert visit(olive).post(f"/meetings/{meeting.id}/edit", data=change).status_code == 303
    assert rows(select(Question))[0].horizon == 6000


def test_a_former_members_questions_stay_and_what_they_care_about_goes(
    app, write, save, meeting, visit, alice, bob, olive, rows
):
    mine = save(make_question(meeting, bob, "Is she kind?"))
    hers = save(make_question(meeting, alice, "Or vain?"))
    save(QuestionSupport(question_id=mine.id, member_id=alice.id))
    save(QuestionSupport(question_id=hers.id, member_id=bob.id))

    write(lambda: on_departure.call(db.session.get(Member, bob.id), utcnow()))
    assert [one.member_id for one in rows(select(QuestionSupport))] == [alice.id]
    page = visit(olive).get(f"/meetings/{meeting.id}").words
    assert "Is she kind?" in page
    assert "a former member" in page.lower()
    assert "Bob" not in page
    write(lambda: on_departure.call(db.session.get(Member, alice.id), utcnow(), words_too=True))
    assert "Or vain?" not in visit(olive).get(f"/meetings/{meeting.id}").text


def test_a_question_follows_its_book_into_another(write, save, meeting, visit, alice, olive, emma, rows):
    kept = save(make_book("Emma, annotated"))
    save(make_question(meeting, alice, "Is she kind?", book=emma, horizon=6000))

    def merge():
        hold_books([kept.id, emma.id])
        merge_books(kept.id, emma.id, db.session.get(Member, olive.id), utcnow())

    write(merge)
    assert [(one.book_id, one.horizon) for one in rows(select(Question))] == [(kept.id, 6000)]
    assert "Alice, up to 60" in visit(olive).get(f"/books/{kept.slug}/questions").words


def test_visitors_of_a_public_club_see_nothing_of_agendas(
    app, ask, open_question, visit, meeting, readers, alice
):
    ask(alice, "Is she kind?")
    open_question()
    with app.app_context():
        begin_write()
        db.session.execute(update(Club).values(is_public=True, shows_meetings=True))
        db.session.commit()

    page = visit().get("/books/emma")
    assert "Open questions" not in page.text
    for address in (f"/meetings/{meeting.id}/agenda", "/books/emma/questions", "/questions/1/reveal"):
        assert visit().get(address).status_code == 303
    assert "would like to discuss" not in visit().get("/threads/2").text


def test_the_agenda_takes_as_many_statements_for_30_as_for_3(
    save, visit, statements, meeting, emma, alice, bob
):
    def count(address):
        visit(bob).get(address)
        client = visit(bob)
        with statements() as sent:
            assert client.get(address).status_code == 200
        return len(sent)

    def add(number):
        save(*(make_question(meeting, alice, f"Why {each}?", book=emma) for each in range(number)))
        thread = meeting.books[0].thread
        save(*(make_comment(thread, alice, open_question_at=utcnow()) for _ in range(number)))

    addresses = (f"/meetings/{meeting.id}", f"/meetings/{meeting.id}/agenda", "/books/emma/questions")
    add(3)
    few = [count(address) for address in addresses]
    add(27)
    assert [count(address) for address in addresses] == few
