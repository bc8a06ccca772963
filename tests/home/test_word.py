"""A word from the organisers: they write it, all members read it, and each dismisses it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bookclub.extensions import db, utcnow
from bookclub.home.models import Word
from bookclub.members.models import Club, Member
from tests.factories import make_book

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def public_club(write):
    """A club that visitors may look into."""
    write(lambda: db.session.execute(update(Club).values(is_public=True)))


@pytest.fixture
def word(save):
    """A word that was said yesterday."""
    html = "<p>Thursday at <strong>Dot’s</strong>.</p>"
    return save(Word(number=3, body="Thursday at **Dot’s**.", body_html=html, said_at=utcnow() - DAY))


def the_word(rows):
    (found,) = rows(select(Word))
    return found


def dismissed_by(rows, member):
    return rows(select(Member.dismissed_word).where(Member.id == member.id))


def test_organisers_write_and_members_read(visit, rows, save, olive, bob):
    save(make_book("Emma"))

    answer = visit(olive).post("/club/word", data={"body": "Bring *cake* and [[Emma]].\n"})

    assert (answer.status_code, answer.location) == (303, "/")
    assert the_word(rows).body == "Bring *cake* and [[Emma]]."
    page = visit(bob).get("/").text
    assert "A word from the organisers" in page
    assert "Bring <em>cake</em>" in page
    assert 'href="/books/emma"' in page[page.index('id="word"') :]
    assert '/club/word"' not in page
    assert 'href="/club/word"' in visit(olive).get("/").text


def test_only_organisers_write(visit, visitor, public_club, rows, word, alice, mod):
    for member in (alice, mod):
        assert visit(member).get("/club/word").status_code == 403
        assert visit(member).post("/club/word", data={"body": "Mine."}).status_code == 403
    assert visitor.get("/club/word").status_code == 303
    assert visitor.post("/club/word", data={"body": "Mine."}).status_code == 401
    assert the_word(rows).body == word.body


def test_visitors_never_read_it(visitor, public_club, word):
    page = visitor.get("/")

    assert page.status_code == 200
    assert "Dot’s" not in page.text
    assert "/club/word" not in page.text
    assert visitor.post("/club/word/dismissal", data={"number": "3"}).status_code == 401


def test_without_a_word_organisers_are_offered_to_write_one(visit, olive, bob):
    assert "Write a word to the club" in visit(olive).get("/").text
    assert "Write a word to the club" not in visit(bob).get("/").text
    assert 'href="/club/word"' in visit(olive).get("/club/settings").text


def test_a_dismissed_word_is_not_offered_as_a_missing_one(visit, word, olive):
    visit(olive).post("/club/word/dismissal", data={"number": "3"})

    page = visit(olive).get("/").text

    assert "Dot’s" not in page
    assert "Write a word to the club" not in page


@pytest.mark.parametrize("body", ["||They die||", "Oh, <spoiler>they die", "x" * 5001])
def test_what_does_not_fit_is_refused_and_stays_in_the_box(visit, rows, word, olive, body):
    answer = visit(olive).post("/club/word", data={"body": body})

    assert answer.status_code == 422
    assert answer.form("body").fields["body"].lstrip("\n") == body
    assert the_word(rows).body == word.body
    assert the_word(rows).number == 3


def test_a_member_dismisses_the_word_for_themselves(visit, rows, word, alice, bob):
    for _twice in range(2):
        answer = visit(bob).post("/club/word/dismissal", data={"number": "3"})
        assert (answer.status_code, answer.location) == (303, "/")

    assert dismissed_by(rows, bob) == [3]
    assert "Dot’s" not in visit(bob).get("/").text
    assert "Dot’s" in visit(alice).get("/").text


def test_htmx_puts_a_line_in_its_place(visit, rows, word, bob):
    answer = visit(bob).post("/club/word/dismissal", data={"number": "3"}, headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="word" tabindex="-1" data-focus' in answer.text
    assert "Dot’s" not in answer.text
    assert dismissed_by(rows, bob) == [3]


@pytest.mark.parametrize("number", ["2", "", "nonsense", None])
def test_a_later_word_is_not_dismissed_unseen(visit, rows, word, bob, number):
    sent = {} if number is None else {"number": number}
    answer = visit(bob).post("/club/word/dismissal", data=sent, headers=HTMX)

    assert dismissed_by(rows, bob) == [None]
    assert "Read it before you dismiss it" in answer.text
    assert "Dot’s" in answer.text
    assert 'value="3"' in answer.text
    assert visit(bob).post("/club/word/dismissal", data=sent).status_code == 303
    assert "Dot’s" in visit(bob).get("/").text


def test_an_old_page_does_not_bring_a_dismissed_word_back(visit, rows, word, bob):
    visit(bob).post("/club/word/dismissal", data={"number": "3"})

    visit(bob).post("/club/word/dismissal", data={"number": "2"})

    assert dismissed_by(rows, bob) == [3]


def test_a_changed_word_has_a_new_date_and_is_shown_again(visit, rows, word, olive, bob):
    visit(bob).post("/club/word/dismissal", data={"number": "3"})

    visit(olive).post("/club/word", data={"body": "Friday."})

    assert the_word(rows).said_at > word.said_at
    assert "Friday." in visit(bob).get("/").text


def test_the_same_words_keep_their_date_and_stay_dismissed(visit, rows, word, olive, bob):
    visit(bob).post("/club/word/dismissal", data={"number": "3"})

    answer = visit(olive).post("/club/word", data={"body": f"{word.body}\r\n "}, follow_redirects=True)

    assert "Nothing has changed" in answer.text
    assert (the_word(rows).said_at, the_word(rows).number) == (word.said_at, 3)
    assert "Dot’s" not in visit(bob).get("/").text


def test_an_empty_word_is_taken_down(visit, rows, word, olive, bob):
    answer = visit(olive).post("/club/word", data={"body": " \n"}, follow_redirects=True)

    assert "Your word is taken down" in answer.text
    assert "Write a word to the club" in answer.text
    assert "A word from the organisers" not in visit(bob).get("/").text
    # The number goes on, so that a word which was dismissed does not hide a later one.
    visit(olive).post("/club/word", data={"body": "Again."})
    assert the_word(rows).number == 5


def test_an_old_tab_is_shown_both_texts(visit, rows, word, olive):
    old = visit(olive).get("/club/word").form("body").fields
    visit(olive).post("/club/word", data={"body": "Friday."})

    answer = visit(olive).post("/club/word", data={**old, "body": "Saturday."})

    assert answer.status_code == 422
    assert "Friday." in answer.text
    assert "Saturday." in answer.text
    assert the_word(rows).body == "Friday."


def test_a_former_member_leaves_no_trace_of_what_they_dismissed(word, bob):
    bob.dismissed_word = 3

    bob.forget(utcnow())

    assert bob.dismissed_word is None


def test_a_word_costs_home_no_further_statement(visit, statements, save, bob):
    client = visit(bob)
    client.get("/")
    with statements() as without:
        client.get("/")
    save(Word(number=1, body="Cake.", body_html="<p>Cake.</p>"))

    with statements() as with_word:
        assert "Cake." in client.get("/").text

    assert len(with_word) == len(without)
