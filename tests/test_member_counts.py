"""Numbers about members count members: a walk over the pages while one is suspended, and after she is gone.

Ines has read, rated, endorsed and answered in the sample club. While she is suspended, and after she is
removed, every sentence with a number or about members says what it would if she had never read anything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from sqlalchemy import delete, select

from bookclub.archive.site import Site
from bookclub.asks.models import AnswerEndorsement
from bookclub.books.models import Book
from bookclub.demo import sample_club
from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import run_due_jobs
from bookclub.members.models import Member
from bookclub.readings.models import Reading
from bookclub.recommendations import cache_queries, catalogue_queries, picks
from bookclub.recommendations.models import Mute
from tests.crawl import addresses
from tests.factories import make_member

pytestmark = pytest.mark.databases("sqlite", "postgresql")

# Where a page is about one text or one form, it has no number about members.
OF_ONE_TEXT = re.compile(
    r"/(comments|drafts|imports|notices|sealed-forms|settings|static|sign-|my-|healthz|mentions|editions|sections|reveal"
    r"|unlocked|edit|edits|new|deletion|removal|lock|spoiler-report|ballots\.csv|revisions|calendar|confirmations|unsubscribe|feeds|\w+-links"
    r"|preview\.png|sheet)|[?]"
)
# A former member's words stay without the name, and she stands in the lists of members until she is gone.
OF_HERSELF = re.compile(r"^/(members|club/imports)")
# What the vote does with those who go is held by the tests of voting.
OF_THE_VOTE = re.compile(r"ballot|voted|voters|votes")
TELLING = re.compile(
    r"\d|\b(members?|readers?|nobody|endorsed|agrees?|others?|recommends|finished|two|three|four|five|six)\b",
    re.IGNORECASE,
)
# Pages of one kind count alike, so a few of each are read; but advice counts her only where it rests on her.
OF_EACH_KIND = 5
BLOCKS = {
    "address", "article", "aside", "button", "dd", "details", "div", "dt", "fieldset", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "header", "label", "legend", "li", "main", "nav", "ol", "option", "p",
    "section", "select", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


class Sentences(HTMLParser):
    """The telling sentences of a page: what stands in one block, and the labels of drawings.

    Left out are times, badges of what the viewer has not seen yet, initials, and stars that somebody gave in
    a review: those are words.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._words: list[str] = []
        self._skipped: str | None = None
        self.feed(page)
        self._end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in BLOCKS:
            self._end()
        classes = (told.get("class") or "").split()
        if tag in ("time", "script", "textarea", "title") or {"stars", "badge", "avatar"} & set(classes):
            self._skipped = self._skipped or tag
        elif label := told.get("aria-label"):
            self._words.append(f"[{label}]")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipped:
            self._skipped = None
        if tag in BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._words.append(data)

    def _end(self) -> None:
        sentence = re.sub("( ·)+", " ·", " ".join(" ".join(self._words).split()))
        if TELLING.search(sentence):
            self.found.append(sentence)
        self._words = []


@pytest.fixture
def club(app):
    """The sample club, with Ines and the two who look at it; and what nobody else may know."""
    with app.app_context():
        begin_write()
        sample_club.build(utcnow())
        db.session.flush()
        members = {member.username: member for member in db.session.scalars(select(Member))}
        # A private reading counts for nobody, whatever happens to its reader.
        secret = db.session.execute(select(Reading).where(Reading.member_id == members["kofi"].id).limit(1))
        secret.scalar_one().is_private = True
        recount_ratings()
        db.session.commit()
        db.session.expunge_all()
    return members


def recount_ratings() -> None:
    """Give each book the sums of the ratings that are there, counted without any query of the club's."""
    absent = {one.id for one in db.session.scalars(select(Member)) if one.suspended_at or one.removed_at}
    readings = [one for one in db.session.scalars(select(Reading)) if one.member_id not in absent]
    for book in db.session.scalars(select(Book)):
        rated = [r.rating for r in readings if r.book_id == book.id and r.rating and not r.is_private]
        book.rating_count, book.rating_sum = len(rated), sum(rated)
        book.rating_rank = round(1000 * sum(rated) / len(rated)) if rated else 0


def work(app) -> None:
    """Do the jobs that are due now."""
    for _ in range(50):
        if not run_due_jobs(app, utcnow()):
            return
    raise AssertionError("the jobs do not end")


def let_her_never_have_been(app, ines: Member) -> None:
    """Take away by hand all of hers that others count, and count again from scratch."""
    with app.app_context():
        begin_write()
        for model in (Reading, AnswerEndorsement, Mute):
            db.session.execute(delete(model).where(model.member_id == ines.id))
        db.session.flush()
        recount_ratings()
        db.session.commit()
    for known in (cache_queries._STOCKS, picks._PICKS):
        known.clear()


def places(app) -> list[str]:
    """A few addresses of each kind of page that may have numbers about members; a new kind is among them."""
    kinds, router = defaultdict(list), app.url_map.bind("localhost")
    for url in addresses(app):
        if not OF_ONE_TEXT.search(url) and not OF_HERSELF.search(url):
            kinds[router.match(url)[0]].append(url)
    return [
        url for urls in kinds.values() for url in (urls if urls[0].endswith("/next") else urls[:OF_EACH_KIND])
    ]


@pytest.fixture
def walk(app, visit, club, monkeypatch) -> Callable[..., dict[str, list[str]]]:
    """``walk()`` is what Olive reads everywhere, and Bob where he is advised; ``walk(some)`` at some places.

    Advice is given out of the whole catalogue, and again as out of a large one, of which not all matters.
    """
    urls = places(app)
    advice = [url for url in urls if url.startswith("/recommendations") or url.endswith("/next")]
    clients = {name: visit(club[name]) for name in ("olive", "bob")}
    for client in clients.values():
        client.get("/members")  # Some lists begin with those who were here last.
    everywhere = [f"olive at {url}" for url in urls] + [f"bob at {url}" for url in advice]
    everywhere += [f"bob, of many books, at {url}" for url in advice]

    def read(place: str) -> list[str]:
        name, _, url = place.partition(" at ")
        with monkeypatch.context() as patch:
            if "many" in name:
                patch.setattr(catalogue_queries, "MOST", 0)
                patch.setattr(catalogue_queries, "ROOM", 5)
                cache_queries._STOCKS.clear()
            answer = clients[name.partition(",")[0]].get(url)
        if "many" in name:
            cache_queries._STOCKS.clear()
        assert answer.status_code in (200, 302, 303), url
        found = Sentences(answer.text.replace("a former member", "Inês")).found
        return [sentence for sentence in found if not OF_THE_VOTE.search(sentence)]

    return lambda some=everywhere: {place: read(place) for place in some}


def differences(one: dict[str, list[str]], two: dict[str, list[str]]) -> dict[str, list[str]]:
    """The lines that only one of two walks read, by address."""
    return {url: sorted(set(one[url]) ^ set(two[url])) for url in one if one[url] != two[url]}


@pytest.fixture
def act(app, visit, club):
    """``act("suspension")`` is what Olive does to Ines, and all that follows at once."""
    client = visit(club["olive"])

    def act(deed: str) -> None:
        assert client.post(f"/members/ines/{deed}").status_code == 303
        client.get("/members")  # The message that it is done is told here.
        work(app)

    return act


@pytest.mark.databases("sqlite")
def test_pages_count_those_who_are_members_and_nobody_else(app, club, walk, act):
    before = walk()
    act("suspension")
    suspended = walk()
    changed = differences(before, suspended)
    act("suspension/deletion")
    back = walk(changed)
    act("removal")
    removed = walk(changed)
    let_her_never_have_been(app, club["ines"])
    never = walk()

    for page in ("/books", "/books/", "/asks/", "many books, at /recommendations", "/next"):
        assert any(page in place for place in changed), f"she was counted at {page}"
    assert differences(back, before) == {}
    assert differences(removed, suspended) == {}
    assert differences(suspended, never) == {}


def test_a_copy_of_the_club_counts_and_lists_present_members(app, save, alice, bob, olive, tmp_path):
    bob.suspended_at = utcnow()
    save(bob, make_member("carol", removed_at=utcnow()))

    with app.app_context():
        Site(app, tmp_path, everything=False).write()

    assert "<b>2</b> <span>members</span>" in (tmp_path / "index.html").read_text()
    listed = (tmp_path / "members.html").read_text()
    assert [name for name in ("Alice", "Bob", "Carol", "Olive") if name in listed] == ["Alice", "Olive"]
    # Words of Bob's link to it.
    assert (tmp_path / "members" / "bob.html").exists()


def test_a_suspended_member_is_nobody_who_was_invited(visit, save, alice, olive):
    assert "<s>Invite the others</s>" in visit(olive).get("/").text

    alice.suspended_at = utcnow()
    save(alice)

    assert "<s>Invite the others</s>" not in visit(olive).get("/").text
