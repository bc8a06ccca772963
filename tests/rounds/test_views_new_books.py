"""A book that the catalogue lacks is nominated in the same form, and what was typed is never lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from bookclub.books.models import Book
from bookclub.config import Settings
from bookclub.rounds.models import Nomination
from tests.factories import make_book
from tests.openlibrary.stand_in import serving

PITCH = "Six voices, and the sea."


@pytest.fixture
def nominate(visit, alice):
    """``nominate(voting_round, book="The Waves")`` sends the form as Alice."""
    client = visit(alice)

    def nominate(voting_round, **typed):
        return client.post(f"/rounds/{voting_round.id}/nominations", data={"pitch": PITCH, **typed})

    return nominate


def test_an_unknown_title_asks_for_the_authors_and_keeps_the_pitch(call, nominate, rows):
    answer = nominate(call(titles=0), book="The Waves")

    assert answer.status_code == 422
    assert "The club does not have “The Waves” yet. Type who wrote it" in answer.words
    fields = answer.form("nominate").fields
    assert (fields["book"], fields["pitch"]) == ("The Waves", PITCH)
    assert not rows(select(Nomination))


def test_titles_that_are_nearly_the_same_are_named(call, nominate, books):
    answer = nominate(call(titles=0), book="Ulises")

    assert answer.status_code == 422
    assert "Did you mean “Ulysses”?" in answer.words


def test_with_authors_the_book_is_added_and_nominated(call, nominate, rows, alice, visit):
    voting_round = call(titles=0)
    answer = nominate(voting_round, book="The Waves", authors="Virginia Woolf")

    (nomination,) = rows(select(Nomination))
    assert answer.location == f"/rounds/{voting_round.id}#nomination-{nomination.id}"
    (book,) = rows(select(Book).where(Book.id == nomination.book_id))
    assert (book.title, book.authors_line, book.added_by_id) == ("The Waves", "Virginia Woolf", alice.id)
    assert (nomination.pitch, nomination.member_id) == (PITCH, alice.id)
    assert PITCH in visit(alice).get(f"/rounds/{voting_round.id}").words


def test_the_form_sent_twice_adds_one_book_and_one_nomination(call, nominate, rows):
    voting_round = call(titles=0)
    first, second = (nominate(voting_round, book="The Waves", authors="Virginia Woolf") for _ in range(2))

    assert first.location == second.location
    assert len(rows(select(Book).where(Book.title == "The Waves"))) == 1
    assert len(rows(select(Nomination))) == 1


def test_a_book_that_the_catalogue_has_under_the_authors_is_not_added_again(call, nominate, rows, save):
    waves = save(make_book("The Waves", author="Virginia Woolf"))
    nominate(call(titles=0), book="the waves", authors="Woolf, Virginia")

    assert [each.book_id for each in rows(select(Nomination))] == [waves.id]
    assert len(rows(select(Book).where(Book.title_key == waves.title_key))) == 1


def test_another_book_of_the_same_title_is_added(call, nominate, rows, books):
    nominate(call(titles=0), book="Emma", authors="Alexander McCall Smith")

    assert len(rows(select(Book).where(Book.title == "Emma"))) == 2


def test_doubtful_authors_are_asked_about(call, nominate, rows):
    voting_round = call(titles=0)
    typed = {"book": "Good Omens", "authors": "Terry Pratchett and Neil Gaiman"}
    answer = nominate(voting_round, **typed)
    assert answer.status_code == 422
    assert "Are these 2 authors, or 1?" in answer.words
    assert answer.form("nominate").fields["pitch"] == PITCH

    assert nominate(voting_round, **typed, authors_are="several", authors_asked=typed["authors"]).location
    (book,) = rows(select(Book).where(Book.title == "Good Omens"))
    assert book.authors_line == "Terry Pratchett and Neil Gaiman"


def test_a_refused_nomination_adds_no_book(call, nominate, rows):
    voting_round = call(titles=1, most_nominations=1)
    answer = nominate(voting_round, book="The Waves", authors="Virginia Woolf")

    assert answer.status_code == 422
    assert not rows(select(Book).where(Book.title == "The Waves"))


class TestWithoutOpenLibrary:
    """A club that looks no books up."""

    @pytest.fixture
    def settings(self, database, tmp_path):
        return Settings.for_folder(tmp_path, database_url=database, testing=True, open_library=None)

    def test_no_look_up_is_offered(self, call, visit, alice):
        assert "Open Library" not in visit(alice).get(f"/rounds/{call().id}").words


class TestLookUp:
    """The look-up at Open Library, in the same form."""

    @pytest.fixture
    def settings(self, database, tmp_path):
        with serving() as library:
            yield Settings.for_folder(
                tmp_path,
                database_url=database,
                testing=True,
                url="http://books.example.org",
                open_library=library.address,
            )

    def test_a_book_found_there_is_nominated(self, call, nominate, visit, alice, rows):
        voting_round = call(titles=0)
        assert "Look it up in Open Library" in visit(alice).get(f"/rounds/{voting_round.id}").words

        page = nominate(voting_round, book="Ursula Le Guin: Wizard", look="1")
        assert page.status_code == 200
        assert page.form("nominate").fields["pitch"] == PITCH
        assert not rows(select(Nomination))
        found = [unescape(one) for one in re.findall(r'name="found" value="([^"]+)"', page.text)]
        wizard = next(one for one in found if "Wizard" in one)

        assert nominate(voting_round, book="Wizard", found=wizard).status_code == 303
        (nomination,) = rows(select(Nomination))
        (book,) = rows(select(Book).where(Book.id == nomination.book_id))
        assert book.title == "A Wizard of Earthsea"
        assert "Le Guin" in book.authors_line
        assert nomination.pitch == PITCH

    def test_made_up_texts_of_a_find_are_refused(self, call, nominate, rows):
        answer = nominate(call(titles=0), book="Wizard", found="title=&authors=")

        assert answer.status_code == 422
        assert not rows(select(Nomination))
