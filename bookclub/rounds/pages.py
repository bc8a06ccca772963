"""The page of a round, which all its forms return to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template

from ..books.queries import current_book
from ..extensions import utcnow
from ..lib.positions.visibility import Viewer
from ..lib.tally import ballots, states
from ..members.models import Club, Member
from ..permissions import may
from ..web import current_member, current_viewer, the_club, time_zone
from . import queries, rules
from .forms import DatesForm, DeadlineForm, NominationForm, Reads
from .models import Ballot, Nomination, Round
from .queries import Interest
from .result_queries import results_of, votes_in
from .rules import digests_of


@dataclass(frozen=True)
class Card:
    """A nomination as its card shows it. ``rank`` is the voter's answer as the form has it."""

    nomination: Nomination
    interest: Interest
    readers: int
    is_read_by_many: bool
    rank: str


@dataclass(frozen=True)
class OwnVote:
    """The member's own part in the vote.

    ``ballot`` is theirs as far as they may see it. ``is_sealed`` says that a ballot from before an
    organiser's link set their password would not be shown, ``struck`` are the withdrawn books on their
    ballot.
    """

    may_vote: bool
    ballot: Ballot | None = None
    is_sealed: bool = False
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
    book: str = "",
) -> str:
    """Render a round's page. ``typed`` is a ballot that was refused, ``problem`` the sentence that says why.

    ``made_from`` has the digests in the ballot's form, or None to make them from the stored ballot.
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
        # Events name members, whom visitors never see.
        events=queries.events_of(voting_round.id) if member else [],
        nomination_form=nomination_form or NominationForm(formdata=None, data={"book": book}),
        deadline_form=deadline_form or DeadlineForm(next_deadline, time_zone(), formdata=None),
        dates_form=dates_form or dates_of(voting_round.winner, the_club(), now),
    )


def newcomers_in(voting_round: Round, member: Member | None) -> Sequence[Member]:
    """Members who joined during the vote and may vote, for organisers to see."""
    is_asked = voting_round.lets_late_join and may(member, "run", voting_round)
    return queries.joined_during(voting_round) if is_asked else []


def kind_of(voting_round: Round) -> str:
    """Kind of question that ballots answer: "ranked", "approval" or "yes_no"."""
    return ballots.kind_of(voting_round.method, [each.id for each in voting_round.nominations if each.stands])


def own_vote(voting_round: Round, member: Member | None, state: str) -> OwnVote:
    """Return a member's own part in the vote; a visitor has none."""
    if member is None:
        return OwnVote(may_vote=False)
    may_vote = voting_round.has_elector(member)
    is_open = state in (states.VOTING, states.COUNTING)
    ballot = queries.ballot_of(voting_round, member) if is_open else None
    key = voting_round.ballot_key
    seal = rules.seal_of(key, member.id, member.password_reset_at) if key else None
    if voting_round.is_private and (ballot is None or ballot.seal != seal):
        # Said even if there is no ballot, so that nobody learns from a link if there is one.
        since = voting_round.voting_opened_at
        is_reset = bool(is_open and since and member.password_reset_at and member.password_reset_at > since)
        return OwnVote(may_vote, is_sealed=is_reset)
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
    interest = queries.interest_in(viewer, {each.book_id for each in nominations})
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
