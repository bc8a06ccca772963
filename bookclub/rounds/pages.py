"""The page of a round, which all its forms return to, and the rounds under way with a member's state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template

from ..books.events import on_look_up
from ..books.forms import latest_year
from ..books.look_ups import LookUp
from ..books.queries import current_book, find_similar_titles
from ..extensions import utcnow
from ..lib.positions.visibility import Viewer
from ..lib.tally import ballots, states
from ..members.models import Club, Member
from ..permissions import may
from ..web import current_member, current_viewer, the_club, time_zone
from . import ballot_queries, queries, rules
from .forms import DatesForm, DeadlineForm, NominationForm, Reads
from .interest_queries import Interest, interest_in
from .models import Ballot, Nomination, Round
from .reader_queries import readers_of
from .result_queries import results_of, votes_in
from .rules import digests_of


@dataclass(frozen=True)
class Card:
    """A nomination as its card shows it. ``rank`` is the voter's answer as the form has it.

    ``readers`` is fixed once voting begins; ``named`` says who they are until then. Later on the names might
    be fewer than the number, and so tell that somebody has made their reading private.
    """

    nomination: Nomination
    interest: Interest
    readers: int
    named: str | None
    is_read_by_many: bool
    rank: str


@dataclass(frozen=True)
class OwnVote:
    """The member's own part in the vote.

    ``ballot`` is theirs as far as they may see it. ``is_sealed`` says that a ballot from before an
    organiser's link set their password would not be shown, ``is_by_link`` that one is not shown which was
    cast by the link in a mail, ``struck`` are the withdrawn books on their ballot.
    """

    may_vote: bool
    ballot: Ballot | None = None
    is_sealed: bool = False
    is_by_link: bool = False
    struck: tuple[Nomination, ...] = ()


def show_round(
    voting_round: Round,
    *,
    nomination_form: NominationForm | None = None,
    deadline_form: DeadlineForm | None = None,
    dates_form: DatesForm | None = None,
    typed: Mapping[str, str] | None = None,
    problem: str | None = None,
    made_from: str | None = None,
    looked: LookUp | None = None,
    book: str = "",
) -> str:
    """Render a round's page. ``typed`` is a ballot that was refused, ``problem`` the sentence that says why.

    ``made_from`` has the digests in the ballot's form, or None to make them from the stored ballot,
    ``looked`` what Open Library knows of a book to nominate.
    """
    now, member, viewer = utcnow(), current_member(), current_viewer()
    state = voting_round.state(now)
    mine = own_vote(voting_round, member, state)
    # A settled round keeps the size of its electorate, whoever has left since.
    electors = [] if voting_round.electorate is not None else queries.electorate_of(voting_round)
    electorate = len(electors) if voting_round.electorate is None else voting_round.electorate
    if made_from is None:
        made_from = ballot_digests(voting_round, mine)
    cards = cards_of(voting_round, viewer, mine, electorate, typed)
    next_deadline = (
        voting_round.nominations_until_at if state == states.NOMINATING else voting_round.voting_until_at
    )
    return render_template(
        "rounds/show.html",
        voting_round=voting_round,
        state=state,
        kind=kind_of(voting_round),
        electorate=electorate,
        gone=sum(each.presence.left_at is not None for each in electors),
        newcomers=newcomers_in(voting_round, member),
        over_at=min(voting_round.settled_at or now, voting_round.voting_until_at),
        zone=time_zone(),
        # Voters see the books in an order of their own, so that none of them stands first for everybody.
        cards=sort_cards(cards, voting_round, viewer) if state == states.VOTING else cards,
        withdrawn=[each for each in voting_round.nominations if not each.stands],
        mine=mine,
        typed=typed,
        ballot_made_from=made_from,
        problem=problem,
        results=results_of(voting_round),
        votes=votes_in(voting_round) if member and state == states.CLOSED else [],
        turnout=turnout_of(voting_round, member, state),
        can_look_up=may_look_up() if state == states.NOMINATING else False,
        looked=looked,
        suggested=find_similar_titles(book) if book else [],
        # Events name members, whom visitors never see.
        events=queries.events_of(voting_round.id) if member else [],
        nomination_form=nomination_form or NominationForm(formdata=None, data={"book": book}),
        deadline_form=deadline_form or DeadlineForm(next_deadline, time_zone(), formdata=None),
        dates_form=dates_form or dates_of(voting_round.winner, the_club(), now),
    )


def may_look_up() -> bool:
    """Return True if the club looks books up elsewhere."""
    return any(each is not None for each in on_look_up.call("", "", {}, latest_year()))


def newcomers_in(voting_round: Round, member: Member | None) -> Sequence[Member]:
    """Members who joined during the vote and may vote, for organisers to see."""
    is_asked = voting_round.lets_late_join and may(member, "run", voting_round)
    return queries.joined_during(voting_round) if is_asked else []


@dataclass(frozen=True)
class Turnout:
    """Number of voters before the close, and in an open round the members who have not voted."""

    cast: int
    silent: Sequence[Member]


def turnout_of(voting_round: Round, member: Member | None, state: str) -> Turnout | None:
    """Return the turnout so far for an organiser, None for everybody else.

    The number counts every ballot, so that it tells nothing about a member who is removed meanwhile. Of a
    private round nobody learns who has voted.
    """
    if state != states.VOTING or not may(member, "run", voting_round):
        return None
    silent = [] if voting_round.is_private else ballot_queries.members_to_vote(voting_round)
    return Turnout(ballot_queries.count_ballots(voting_round.id), silent)


@dataclass(frozen=True)
class OpenVote:
    """A round under way with a member's own state: see rules.standing_of(). ``phrases`` say it in words."""

    voting_round: Round
    state: str
    standing: str
    phrases: Sequence[str]

    @property
    def line(self) -> str:
        """The state on one line: "You have not voted · 5 days left"."""
        return " · ".join(self.phrases)


def open_votes(member: Member, now: datetime) -> list[OpenVote]:
    """Return the rounds under way with this member's own state, in a fixed number of statements.

    Those that wait for the member come first. A round in which they may not vote has the standing "outside".
    """
    voting_rounds = queries.rounds_under_way()
    cast = ballot_queries.ballots_by(member, voting_rounds)
    votes = []
    for each in voting_rounds:
        state = each.state(now)
        mine = vote_from(each, member, cast.get(each.id), is_open=state in (states.VOTING, states.COUNTING))
        has_voted = mine.ballot is not None or mine.is_by_link
        standing = rules.standing_of(
            state, may_vote=mine.may_vote, has_voted=has_voted, is_sealed=mine.is_sealed
        )
        until = each.nominations_until_at if state == states.NOMINATING else each.voting_until_at
        phrases = rules.standing_text(standing, until, now, time_zone(), the_club().time_zone)
        votes.append(OpenVote(each, state, standing, phrases))
    return sorted(votes, key=lambda vote: rules.URGENCY.index(vote.standing))


def kind_of(voting_round: Round) -> str:
    """Kind of question that ballots answer: "ranked", "approval" or "yes_no"."""
    return ballots.kind_of(voting_round.method, [each.id for each in voting_round.nominations if each.stands])


def own_vote(voting_round: Round, member: Member | None, state: str) -> OwnVote:
    """Return a member's own part in the vote; a visitor has none."""
    if member is None:
        return OwnVote(may_vote=False)
    is_open = state in (states.VOTING, states.COUNTING)
    ballot = queries.ballot_of(voting_round, member) if is_open else None
    return vote_from(voting_round, member, ballot, is_open=is_open)


def vote_from(voting_round: Round, member: Member, ballot: Ballot | None, *, is_open: bool) -> OwnVote:
    """Return a member's own part in the vote, with as much of their ballot as they may see."""
    may_vote = voting_round.has_elector(member)
    key = voting_round.ballot_key
    seal = rules.seal_of(key, member.id, member.password_reset_at) if key else None
    if voting_round.is_private and (ballot is None or ballot.seal != seal):
        # Said even if there is no ballot, so that nobody learns from a link if there is one.
        since = voting_round.voting_opened_at
        is_reset = bool(is_open and since and member.password_reset_at and member.password_reset_at > since)
        # Any other ballot with another seal was cast before such a link was used.
        is_by_link = ballot is not None and not is_reset
        return OwnVote(may_vote, is_sealed=is_reset, is_by_link=is_by_link)
    if ballot is None:
        return OwnVote(may_vote)
    struck = [each for each in voting_round.nominations if not each.stands and each.id in ballot.ranking]
    return OwnVote(may_vote, ballot, struck=tuple(struck))


def cards_of(
    voting_round: Round,
    viewer: Viewer,
    mine: OwnVote,
    electorate: int,
    typed: Mapping[str, str] | None,
) -> list[Card]:
    """Cards of the standing nominations, in the order in which they were made."""
    nominations = [each for each in voting_round.nominations if each.stands]
    books = {each.book_id for each in nominations}
    interest = interest_in(viewer, books)
    names = readers_of(books) if viewer.is_member and voting_round.voting_opened_at is None else {}
    ranks = typed if typed is not None else ranks_on(mine.ballot, nominations)
    cards = []
    for nomination in nominations:
        known = interest[nomination.book_id]
        # Once voting has opened the number is frozen, because it may break a tie.
        readers = known.readers if nomination.readers is None else nomination.readers
        cards.append(
            Card(
                nomination,
                known,
                readers,
                rules.readers_text(names.get(nomination.book_id, [])),
                states.is_read_by_many(readers, electorate, voting_round.warn_share),
                ranks.get(f"rank-{nomination.id}", ""),
            )
        )
    return cards


def ballot_digests(voting_round: Round, mine: OwnVote) -> str:
    """Digests that a ballot's form carries."""
    nominations = [each for each in voting_round.nominations if each.stands]
    # A book that the ballot leaves out has an empty field in the form.
    shown = {f"rank-{each.id}": "" for each in nominations} | ranks_on(mine.ballot, nominations)
    return digests_of(mine.ballot.ranking if mine.ballot else None, shown, kind_of(voting_round))


def ranks_on(ballot: Ballot | None, nominations: list[Nomination]) -> dict[str, str]:
    """Answers of a ballot as the form would send them, without withdrawn books."""
    if ballot is None:
        return {}
    ids = [each.id for each in nominations]
    said = ballots.reduce_ranking(ballot.ranking, ids)
    words = {0: "no", 1: "yes"} if len(ids) == 1 else {}
    return {f"rank-{nomination}": words.get(place, str(place)) for nomination, place in said.items()}


def sort_cards(cards: list[Card], voting_round: Round, viewer: Viewer) -> list[Card]:
    """Sort cards for a voter: ranked ones in their order, the others as if shuffled."""
    of = viewer.id or 0  # Visitors all see one order.

    def key(card: Card) -> tuple[int, str]:
        # On a refused ballot the rank is whatever was typed, such as digits of another script or a million of
        # them.
        ranked = (
            int(card.rank) if card.rank.isascii() and card.rank.isdecimal() and len(card.rank) < 4 else 999
        )
        return ranked, rules.shuffle_key(voting_round.lot_hash, of, card.nomination.id)

    return sorted(cards, key=key)


def dates_of(won: Nomination | None, club: Club, now: datetime) -> DatesForm:
    """Form with the dates for reading a winner: its stored dates, or proposed ones."""
    book, days = current_book(club), (club.current_from, club.current_until)
    is_this = won is not None and club.current_book_id == won.book_id
    today = now.astimezone(ZoneInfo(club.time_zone)).date()
    start, until = days if is_this else rules.reading_dates(today, club.current_until)
    form = DatesForm(formdata=None, data={"start": start, "until": until})
    form.stands = Reads(club.current_book_id, book.title if book else "", *days, is_this=is_this)
    return form
