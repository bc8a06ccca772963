"""What to read next: every number that is shown is recounted here by plain SQL."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bookclub.books.models import Book
from bookclub.extensions import db, utcnow
from bookclub.lib.recommender import club_choice
from bookclub.recommendations import queries as shelves_queries
from bookclub.recommendations.queries import shelf_of
from bookclub.recommendations.scores import scored_for
from bookclub.rounds.models import Tally
from tests.factories import (
    make_author,
    make_book,
    make_endorsement,
    make_member,
    make_nomination,
    make_reading,
    make_round,
    make_tag,
)

NEXT = "/authors/kazuo-ishiguro/next"
ALSO = re.compile(r"(\d+) of the (\d+) members who finished <em>([^<]+)</em> also finished this")
RECOUNT = """
    SELECT count(*) FROM reading one
    WHERE one.status = 'finished' AND NOT one.is_private AND one.book_id = :loved
        AND (:book = 0 OR EXISTS (SELECT 1 FROM reading two WHERE two.member_id = one.member_id
        AND two.status = 'finished' AND NOT two.is_private AND two.book_id = :book))
"""


def finished(save, book, *members, **columns):
    save(*(make_reading(member, book, status="finished", **columns) for member in members))


@pytest.fixture
def shelves(save, alice, bob, ishiguro, never, remains):
    """Alice loved three books; of the readers of Never Let Me Go four finished The Remains of the Day."""
    memory, narrator, sea = (save(make_tag(name)) for name in ("memory", "unreliable narrator", "the sea"))
    clay = save(make_book("Clay", author=ishiguro, first_published=1982, tags=(memory, narrator)))
    emma = save(make_book("Emma", tags=(memory, narrator)))
    dune = save(make_book("Dune", tags=(memory, narrator, sea)))
    for number in range(12):
        save(make_book(f"Filler {number}", tags=(save(make_tag(f"filler {number}")),)))
    members = [save(make_member(f"reader{number}")) for number in range(6)]
    secret = save(make_member("secret"))
    for book in (emma, dune, never):
        finished(save, book, alice, rating=9)
    finished(save, never, *members, secret)
    finished(save, remains, *members[:4])
    save(make_reading(secret, remains, status="finished", is_private=True))
    return {
        "clay": clay,
        "emma": emma,
        "dune": dune,
        "never": never,
        "remains": remains,
        "members": members,
        "tags": [memory, narrator],
    }


def recount(app, loved, book=None):
    with app.app_context():
        found = db.session.execute(text(RECOUNT), {"loved": loved.id, "book": book.id if book else 0})
        return found.scalar_one()


def entry(page, title):
    """What stands of one book on a page of suggestions."""
    found = [part for part in page.text.split('<li class="suggestion"')[1:] if f">{title}</a></h3>" in part]
    assert len(found) == 1, title
    return found[0].partition("</li>\n<li")[0]


def scores(app, member, author=None):
    """The scores of all books that could be suggested, also of those without a reason."""
    with app.app_context():
        found = scored_for(member.id, shelf_of(member.id), author and author.id).scored
        titles = {row.id: row.title for row in db.session.execute(select(Book.id, Book.title))}
        return {titles[book]: score for book, score in zip(found.books.tolist(), found.scores, strict=True)}


def test_how_many_also_finished_a_book_is_what_a_recount_says(app, visit, alice, ishiguro, shelves):
    page = visit(alice).get(NEXT)
    told = ALSO.search(entry(page, "The Remains of the Day"))

    assert told
    assert told[3] == "Never Let Me Go"
    assert int(told[1]) == recount(app, shelves["never"], shelves["remains"]) == 4
    assert int(told[2]) == recount(app, shelves["never"]) == 8
    assert "Which Ishiguro should I read next?" in page.text


def test_without_its_evidence_a_book_scores_less_and_its_reason_goes(
    app, visit, save, alice, ishiguro, shelves
):
    before = scores(app, alice, ishiguro)
    with app.app_context():
        db.session.connection(execution_options={"writes": True})
        db.session.execute(
            text("UPDATE reading SET is_private = true, changed_at = :now WHERE book_id = :book"),
            {"book": shelves["remains"].id, "now": "2199-01-01 00:00:00+00:00"},
        )
        db.session.commit()

    assert scores(app, alice, ishiguro)["The Remains of the Day"] < before["The Remains of the Day"]
    # Without a reason it is no suggestion.
    page = visit(alice).get(NEXT).text
    assert ">The Remains of the Day</a></h3>" not in page
    assert "<b>The Remains of the Day</b>" in page


def test_shared_tags_are_rare_ones_of_books_that_were_liked(visit, alice, shelves):
    told = entry(visit(alice).get("/recommendations"), "Clay")

    assert "Shares <em>memory</em> and <em>unreliable narrator</em> with 2 books you rated 4 or more." in told


def test_the_books_that_share_tags_are_as_many_as_a_recount_says(app, visit, alice, shelves):
    told = re.search(
        r"with (\d+) books you rated 4 or more", entry(visit(alice).get("/recommendations"), "Clay")
    )
    statement = """
        SELECT count(*) FROM reading JOIN book_tag one USING (book_id) JOIN book_tag two USING (book_id)
        JOIN tag a ON a.id = one.tag_id JOIN tag b ON b.id = two.tag_id
        WHERE member_id = :alice AND rating >= 8 AND a.name = 'memory' AND b.name = 'unreliable narrator'
    """
    with app.app_context():
        counted = db.session.execute(text(statement), {"alice": alice.id}).scalar_one()

    assert told
    assert int(told[1]) == counted == 2


def test_the_most_read_book_is_read_by_as_many_as_a_recount_says(app, visit, save, alice, shelves):
    page = visit(alice).get(NEXT)
    told = re.search(r"in this club that you have not read: (\d+) members finished it", page.text)

    assert told, page.text
    assert int(told[1]) == recount(app, shelves["remains"]) == 4
    assert "most-read" in entry(page, "The Remains of the Day")


def test_a_members_word_is_told_with_its_words_and_goes_with_them(visit, save, alice, bob, shelves):
    given = save(make_endorsement(bob, shelves["never"], shelves["clay"], "The same ache."))
    client = visit(alice)
    told = entry(client.get(NEXT), "Clay")
    assert "Bob recommends it to anyone who loved <em>Never Let Me Go</em>" in told
    assert "The same ache." in told

    given.deleted_at, given.reason = given.endorsed_at, ""
    save(given)
    assert "Bob recommends it" not in client.get(NEXT).text


def test_the_next_in_a_series_comes_after_the_one_that_was_read(visit, save, alice, shelves):
    author = save(make_author("Ursula K. Le Guin"))
    books = [
        save(make_book(title, author=author, series="Earthsea", series_number=number))
        for number, title in enumerate(
            ("A Wizard of Earthsea", "The Tombs of Atuan", "The Farthest Shore"), 1
        )
    ]
    finished(save, books[0], alice, rating=9)
    page = visit(alice).get("/authors/ursula-k-le-guin/next")

    assert "Which Le Guin should I read next?" in page.text
    assert page.text.index("The Tombs of Atuan</a></h3>") < page.text.index("<b>The Farthest Shore</b>")
    assert re.search(
        r"next in .*Earthsea.* after <em>A Wizard of Earthsea</em>", entry(page, "The Tombs of Atuan")
    )


def test_with_too_little_to_go_on_it_says_so_and_keeps_the_order_of_publication(visit, bob, shelves):
    page = visit(bob).get(NEXT)

    order = [
        page.text.index(f"<b>{title}</b>") for title in ("Clay", "The Remains of the Day", "Never Let Me Go")
    ]
    assert order == sorted(order)
    assert "In the order of their publication" in page.text
    assert 'class="suggestion"' not in page.text
    assert "also finished" not in page.text
    assert "Too little to go on" in visit(bob).get("/recommendations").text


def test_no_private_reading_feeds_what_others_are_recommended(app, visit, save, alice, shelves):
    """Two read a book in public and a third in private: no number of three may come of that."""
    canary = save(make_book("Canary", author="Kazuo Ishiguro II", tags=shelves["tags"]))
    finished(save, canary, *shelves["members"][:2])
    finished(save, canary, shelves["members"][2], is_private=True)

    for page in (visit(alice).get("/recommendations"), visit(alice).get(NEXT)):
        for both, of, loved in ALSO.findall(page.text):
            book = next(each for each in ("never", "emma", "dune") if shelves[each].title == loved)
            assert int(both) >= 3
            assert int(of) == recount(app, shelves[book])
    assert not ALSO.search(entry(visit(alice).get("/recommendations"), "Canary"))


def test_what_is_not_for_somebody_is_not_proposed_until_settings_undo_it(visit, alice, shelves):
    client = visit(alice)
    answer = client.post("/books/clay/muting", data={"next": NEXT})
    assert answer.location == NEXT
    assert ">Clay</a></h3>" not in client.get(NEXT).text
    assert ">Clay</a></h3>" not in client.get("/recommendations").text
    assert "Clay" in client.get("/settings").text

    client.post("/books/clay/muting/deletion", data={"next": "https://elsewhere.example"})
    assert ">Clay</a></h3>" in client.get(NEXT).text


def test_a_suggestion_is_planned_for_a_month_or_known_already(visit, alice, shelves):
    client = visit(alice)
    sent = {"status": "to_read", "planned_month": "2027-03", "next": NEXT}
    assert client.post("/books/clay/reading", data=sent).location == NEXT
    assert "March" in client.get("/members/alice").text

    client.post("/books/clay/reading", data={"status": "finished", "next": NEXT})
    assert 'id="suggestion-' + str(shelves["clay"].id) not in client.get(NEXT).text


def test_what_the_reader_is_at_and_has_given_up_stands_beside_the_page(visit, save, alice, shelves):
    save(make_reading(alice, shelves["clay"], status="reading"))
    save(make_reading(alice, shelves["remains"], status="did_not_finish"))
    page = visit(alice).get(NEXT).text

    aside = page.partition("What you have read")[2]
    assert re.search(r"<b>Clay</b>(?:(?!</li>).)*You are reading it", aside, re.S)
    assert re.search(r"<b>The Remains of the Day</b>(?:(?!</li>).)*Did not finish", aside, re.S)
    assert 'id="suggestion-' not in page


def test_the_club_is_not_proposed_what_one_who_takes_part_gave_up(visit, save, alice, bob, shelves):
    client = visit(alice)
    picks = re.compile(r'<h3 id="pick-\d+-title"><a href="/books/([^"]+)"')
    first = picks.findall(client.get("/recommendations/club").text)
    assert len(first) == 3

    by_slug = {book.slug: book for book in shelves.values() if not isinstance(book, list)}
    refused = next(by_slug[slug] for slug in first if slug in by_slug)
    save(make_reading(bob, refused, status="did_not_finish"))
    everybody = picks.findall(client.get("/recommendations/club").text)
    without_bob = picks.findall(client.get("/recommendations/club?with=alice").text)
    assert refused.slug not in everybody
    assert len(without_bob) == 3


def test_a_choice_for_the_club_shows_how_it_suits_each(visit, save, alice, bob, shelves):
    for read in ("emma", "never"):
        finished(save, shelves[read], bob, rating=9)
    save(make_reading(bob, shelves["dune"], status="did_not_finish"))
    save(make_reading(bob, shelves["clay"], status="reading"))
    new = save(make_member("newcomer", display_name="New Comer"))
    page = visit(alice).get(f"/recommendations/club?with=alice&with=bob&with={new.username}").text

    for pick in page.split('<li class="suggestion"')[1:]:
        title = re.search(r'href="/books/[^"]+">([^<]+)</a></h3>', pick)[1]
        rows = re.findall(r'<th scope="row">([^<]+)</th><td>([^<]+)</td><td>(\d+) %</td>', pick)
        scores = {name: score for name, score, _ in rows}
        assert {name: part for name, _, part in rows} == {
            "New Comer": "0",
            **dict.fromkeys(("Alice", "Bob"), "50"),
        }
        assert set(scores) == {alice.display_name, bob.display_name, "New Comer"}
        assert scores["New Comer"] == "too little known"
        assert (scores[bob.display_name] == "knows it") == (title == "Clay")
        counted = [
            float(score)
            for score in (scores[alice.display_name], scores[bob.display_name])
            if score[0] in "+-"
        ]
        total = float(re.search(r"For all together: ([+-]\d+\.\d+)", pick)[1])
        assert total == pytest.approx(sum(counted) / 2, abs=0.02)
        better = sum(score > 0 for score in counted)
        assert f"average book for {better or 'none'} of the 3 who take part" in pick


def test_in_a_large_club_those_not_listed_are_named(visit, save, alice, shelves, monkeypatch):
    client = visit(alice)
    assert "Others, by their usernames" not in client.get("/recommendations/club").text

    monkeypatch.setattr(shelves_queries, "MEMBERS_LISTED", 1)
    last = save(make_member(display_name="Zadie", seen_at=utcnow() - timedelta(days=9)))
    page = client.get("/recommendations/club").text
    assert "Others, by their usernames" in page
    assert "Zadie" not in page

    page = client.get(f"/recommendations/club?with=alice&with=%40{last.username.upper()}+nobody").text
    assert "<span>Zadie</span>" in page
    assert page.count(" checked>") == 2
    assert "Nobody here is called “nobody”. Check the username." in page
    assert 'name="with" value="nobody"' in page


def test_what_the_club_chose_before_says_who_is_heard_most(visit, save, alice, olive, shelves, monkeypatch):
    said = "earlier choices least count most"
    assert said not in visit(alice).get("/recommendations/club").text

    now, heard = utcnow(), []
    voting_round = save(make_round(olive, nominations_until_at=now, settled_at=now, outcome="decided"))
    won = save(make_nomination(voting_round, shelves["never"], olive))
    save(Tally(round_id=voting_round.id, winner_id=won.id))
    whole = club_choice.club_picks
    monkeypatch.setattr(club_choice, "club_picks", lambda *told: heard.append(told[2]) or whole(*told))

    assert said in visit(alice).get("/recommendations/club").text
    assert heard[0][alice.id] == 1.0


def test_visitors_see_none_of_it(visitor, public, shelves):
    for address in (NEXT, "/recommendations", "/recommendations/club"):
        assert visitor.get(address).status_code in (303, 401)
