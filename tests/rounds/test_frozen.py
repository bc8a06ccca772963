"""Frozen labels: voters' books stay as they saw them, whatever becomes of the books later."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from bookclub.archive.club_queries import rounds as rounds_as_rows
from bookclub.archive.queries import ballots_by, nominations_by
from bookclub.archive.site import Site
from bookclub.cli.main import main
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.tally.papers import read
from bookclub.rounds.models import Nomination, Round
from tests.factories import make_author, make_book
from tests.page import words_of

NOW = utcnow()
SOON, LATER = (f"{NOW + timedelta(days=days):%Y-%m-%dT%H:%M}" for days in (3, 9))


@pytest.fixture
def edit(visit):
    """``edit(bob, "dune", title="Emma")`` saves the form of a book as a plain member."""

    def edit(member, slug, **fields) -> None:
        answer = visit(member).post(f"/books/{slug}/edit", data={**fields, "anyway": "1"})
        assert answer.status_code == 303

    return edit


@pytest.fixture
def swap(edit, bob):
    """Bob swaps the titles and authors of Ash and Birch, in three edits."""

    def swap() -> None:
        edit(bob, "ash", title="For a moment", authors="Nobody")
        edit(bob, "birch", title="Ash", authors="Ann Ashley", first_published="1901")
        edit(bob, "ash", title="Birch", authors="Ben Birkin", first_published="1902")

    return swap


@pytest.fixture
def ash_and_birch(save):
    """Two books, Ash of 1901 and Birch of 1902."""
    return save(
        make_book("Ash", author=make_author("Ann Ashley"), first_published=1901),
        make_book("Birch", author=make_author("Ben Birkin"), first_published=1902),
    )


@pytest.fixture
def ballot_on(visit, olive, alice, voters, ash_and_birch, rows):
    """``ballot_on()`` is a round of Olive's with Ash and Birch, nominated through the form."""

    def ballot_on(*, opened=True, **fields):
        olives = visit(olive)
        place = olives.post(
            "/rounds/new",
            data={"title": "The vote", **fields, "nominations_until": SOON, "voting_until": LATER},
        ).location
        for title in ("Ash", "Birch"):
            assert visit(alice).post(f"{place}/nominations", data={"book": title}).status_code == 303
        if opened:
            olives.post(f"{place}/opening")
        return rows(select(Round).order_by(Round.id.desc()))[0]

    return ballot_on


def everything_about(app, visit, olive, alice, voting_round, tmp_path):
    """All that is said about a round, by where it is said, without edits shown beside it."""
    said = {}
    pages = {"round": f"/rounds/{voting_round.id}", "rounds": "/rounds", "home": "/"}
    for name, url in pages.items():
        for who in (olive, alice):
            said[f"{name} to {who.username}"] = visit(who).get(url).text
    said["ballots.csv"] = visit(alice).get(f"/rounds/{voting_round.id}/ballots.csv").text
    with app.app_context():
        site = Site(app, tmp_path, everything=True)
        (tmp_path / "rounds").mkdir()
        site.write_rounds()
        said["exported round"] = (tmp_path / f"rounds/{voting_round.id}.html").read_text()
        said["exported rounds"] = (tmp_path / "rounds.html").read_text()
        site.write_front()
        said["exported front"] = (
            (tmp_path / "index.html").read_text().split("Chosen by vote")[1].split("</section>")[0]
        )
        said["own ballots"] = json.dumps(list(ballots_by(alice.id)), default=str)
        said["own nominations"] = json.dumps(list(nominations_by(alice.id)), default=str)
        said["rows"] = json.dumps(list(rounds_as_rows(True)), default=str)
    return said


@pytest.mark.databases("sqlite", "postgresql")
def test_six_ballots_for_ash_elect_ash_though_the_titles_were_swapped(
    app, visit, vote, olive, alice, bob, voters, swap, ballot_on, tmp_path, kept
):
    """The attack of the issue: half of the ballots are cast, then a plain member swaps the titles."""
    voting_round = ballot_on()
    for voter in voters[:3]:
        vote(voter, voting_round, "1", "2")
    swap()
    page = visit(bob).get(f"/rounds/{voting_round.id}").text
    card = page[page.index('data-title="Ash"') :].split("</li>")[0]
    assert "Ann Ashley · 1901" in words_of(f"<li {card}</li>")
    assert (
        "The book was edited after voting opened. It is now Birch by Ben Birkin, 1902. See the changes"
        in (words_of(f"<li {card}</li>"))
    )
    assert visit(bob).get("/books/ash/edits").status_code == 200
    for voter in voters[3:]:
        vote(voter, voting_round, "1", "2")
    visit(olive).post(f"/rounds/{voting_round.id}/closure")

    said = everything_about(app, visit, olive, alice, voting_round, tmp_path)
    result = words_of(said["round to alice"])
    assert "Ash beats Birch head to head: 6 to 0." in result
    assert "It is now Birch by Ben Birkin, 1902." in result
    assert "The club chose Ash" in words_of(said["home to alice"])
    assert "Ash Ann Ashley" in words_of(said["rounds to alice"])
    titles = read(said["ballots.csv"]).titles
    assert [titles[one] for one in sorted(titles)] == ["Ash", "Birch"]
    assert '<em dir="auto">Ash</em> by <bdi>Ann Ashley</bdi>' in said["exported rounds"]
    assert '"Ash"' in said["own ballots"].split('"place": 1')[0]
    assert ">Ash</b>" in said["exported front"]


@pytest.mark.parametrize("method", ["ranked", "approval"])
@pytest.mark.parametrize("secrecy", ["open", "private"])
def test_after_the_opening_a_new_title_is_nowhere_but_beside_the_old_one(
    app, visit, vote, olive, alice, bob, voters, edit, ballot_on, tmp_path, method, secrecy
):
    """A walk over all that tells of a round: the later words are in no place but "It is now …"."""
    voting_round = ballot_on(method=method, secrecy=secrecy)
    for voter in voters:
        vote(voter, voting_round, "1", "")
    edit(bob, "ash", title="Canaryash", authors="Canaryauthor")
    edit(bob, "birch", title="Canarybirch")
    during = [visit(who).get(f"/rounds/{voting_round.id}").text for who in (olive, alice)]
    visit(alice).post("/nominations/2/withdrawal")
    visit(olive).post(f"/rounds/{voting_round.id}/closure")

    said = everything_about(app, visit, olive, alice, voting_round, tmp_path)
    assert "Canaryash" in said["round to alice"]
    for name, content in {**said, "ballot of olive": during[0], "ballot of alice": during[1]}.items():
        left = re.sub(r"It is now .*?</span>", "", content, flags=re.DOTALL)
        if name.startswith("home"):
            # What the club reads is the living book.
            left = re.sub(r"<section[^>]*current.*?</section>", "", left, flags=re.DOTALL)
            left = "".join(re.findall(r'<p class="chosen">.*?</p>', left, flags=re.DOTALL))
        assert "anary" not in left, (name, left[max(0, left.find("anary") - 200) : left.find("anary") + 50])
        # A private ballot is in no file, not even its voter's.
        assert "Ash" in left or (name, secrecy) == ("own ballots", "private"), name


@pytest.mark.databases("sqlite", "postgresql")
def test_a_vote_that_opened_unnoticed_keeps_the_words_of_its_deadline(
    visit, alice, bob, edit, ballot_on, pass_nominations, rows, kept
):
    """Nobody looks at the round between its deadline and the edit; the edit itself is the first request."""
    voting_round = ballot_on(opened=False)
    pass_nominations(voting_round)
    edit(bob, "ash", title="Alder")

    page = visit(alice).get(f"/rounds/{voting_round.id}").words
    assert "It is now Alder by Ann Ashley, 1901." in page
    assert [each.as_voted["title"] for each in rows(select(Nomination).order_by(Nomination.id))] == [
        "Ash",
        "Birch",
    ]
    assert not kept(voting_round).has_late_labels


@pytest.mark.databases("sqlite", "postgresql")
def test_an_author_renamed_through_another_book_is_shown_beside(
    visit, save, alice, bob, edit, ballot_on, ash_and_birch
):
    (ann,) = (credit.author for credit in ash_and_birch[0].credits)
    save(make_book("Aspen", author=ann))
    voting_round = ballot_on()
    edit(bob, "aspen", authors="ANN ASHLEY")

    page = visit(alice).get(f"/rounds/{voting_round.id}").words
    assert "Ann Ashley · 1901" in page
    assert "It is now Ash by ANN ASHLEY, 1901." in page


def test_a_book_edited_while_nominating_shows_the_edit_beside_it(visit, olive, alice, bob, edit, ballot_on):
    """Before the opening the nominator's words stand; at the opening those of the book are taken over."""
    voting_round = ballot_on(opened=False)
    edit(bob, "ash", title="Alder")

    page = visit(alice).get(f"/rounds/{voting_round.id}").words
    assert "The book was edited after it was nominated. It is now Alder by Ann Ashley, 1901." in page
    visit(olive).post(f"/rounds/{voting_round.id}/opening")
    page = visit(alice).get(f"/rounds/{voting_round.id}")
    assert 'data-title="Alder"' in page.text
    assert "Nominated as Ash by Ann Ashley, 1901." in page.words
    assert "The book was edited" not in page.words


def test_a_book_that_was_not_edited_shows_nothing_beside_it(visit, alice, ballot_on):
    page = visit(alice).get(f"/rounds/{ballot_on().id}").words

    assert "Nominated as" not in page
    assert "The book was edited" not in page
    assert "Titles are as they were" not in page


def test_a_runner_up_is_nominated_again_as_it_was_voted_on(
    visit, vote, olive, alice, bob, voters, edit, ballot_on, rows
):
    """Its nominator put their name to Ash, not to what someone made of it since."""
    voting_round = ballot_on(carries_over="1")
    vote(alice, voting_round, "2", "1")
    vote(bob, voting_round, "1", "2")
    vote(voters[2], voting_round, "2", "1")
    visit(olive).post(f"/rounds/{voting_round.id}/closure")
    edit(bob, "ash", title="Alder")
    visit(olive).post("/rounds/new", data={"title": "Next", "nominations_until": SOON, "voting_until": LATER})

    again = rows(select(Nomination).where(Nomination.carried_from_id == voting_round.id))
    assert [each.as_nominated["title"] for each in again] == ["Ash"]
    page = visit(alice).get(f"/rounds/{again[0].round_id}").words
    assert "carried over from The vote" in page
    assert "It is now Alder by Ann Ashley, 1901." in page


def test_the_pause_of_an_author_names_the_winner_as_it_was_voted_on(
    visit, vote, save, olive, alice, bob, edit, ballot_on, ash_and_birch
):
    (ann,) = (credit.author for credit in ash_and_birch[0].credits)
    save(make_book("Aspen", author=ann))
    voting_round = ballot_on()
    vote(alice, voting_round, "1", "2")
    visit(olive).post(f"/rounds/{voting_round.id}/closure")
    edit(bob, "ash", title="Alder")
    place = (
        visit(olive)
        .post(
            "/rounds/new",
            data={"title": "Next", "author_pause": "6", "nominations_until": SOON, "voting_until": LATER},
        )
        .location
    )

    refused = visit(bob).post(f"{place}/nominations", data={"book": "Aspen"})
    assert "“Ash” by Ann Ashley won in the last 6 months" in refused.words


def test_the_published_file_counts_the_same_after_an_edit(
    visit, vote, olive, alice, bob, voters, edit, ballot_on, tmp_path
):
    voting_round = ballot_on()
    for voter in voters:
        vote(voter, voting_round, "1", "2")
    visit(olive).post(f"/rounds/{voting_round.id}/closure")
    before = visit(alice).get(f"/rounds/{voting_round.id}/ballots.csv").text
    edit(bob, "ash", title="Alder", authors="Somebody Else")

    after = visit(alice).get(f"/rounds/{voting_round.id}/ballots.csv").text
    assert after == before
    (tmp_path / "ballots.csv").write_text(after)
    told = CliRunner().invoke(main, ["recount", str(tmp_path / "ballots.csv")])
    assert (told.exit_code, "*Ash* beats *Birch* head to head: 6 to 0." in told.output) == (0, True)


def test_a_vote_from_before_the_custom_says_since_when_its_words_are_kept(
    app, visit, vote, olive, alice, bob, ballot_on, database, rows, kept
):
    """The migration fills in what the books are called by then, and the page says that honestly."""
    voting_round = ballot_on()
    waiting = ballot_on(opened=False)
    vote(alice, voting_round, "1", "2")
    with app.app_context():
        downgrade(revision="0011")
        begin_write()
        db.session.execute(text("UPDATE book SET title = 'Alder' WHERE slug = 'ash'"))
        db.session.commit()
        upgrade()

    page = visit(alice).get(f"/rounds/{voting_round.id}").words
    assert "Titles are as they were on" in page
    assert "the club did not keep them from the start of this vote" in page
    nominated = [each.as_voted for each in rows(select(Nomination).order_by(Nomination.id))]
    assert nominated[0] == {"title": "Alder", "authors_line": "Ann Ashley", "first_published": 1901}
    assert nominated[2:] == [None, None]
    assert "Titles are as they were" not in visit(alice).get(f"/rounds/{waiting.id}").words
    # The keys of ballots came along, so that Alice finds hers again.
    assert "You have voted" in page
    visit(olive).post(f"/rounds/{voting_round.id}/closure")
    assert kept(voting_round).turnout == 1
