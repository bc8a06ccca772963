"""Rules of rounds: limits, plans, deadlines, nominations, secrecy, and tags that find ballots."""

from __future__ import annotations

import hmac
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from ..lib.tally.ballots import APPROVED, FIELD, Ranking
from ..lib.tally.states import is_read_by_many
from ..lib.text.bidi import isolated
from ..lib.text.dates import moment_at
from ..lib.text.three_way_merge import Fate, digest, merge, write_digests

LONGEST_PAUSE = 60


def exclusion_problem(readers: int, electorate: int, share: int) -> str | None:
    """Sentence that says too many of the electorate have read a book to nominate it, or None.

    ``share`` is in percent, and reaching it is enough. A share of 0 excludes nothing, and neither does an
    empty electorate.
    """
    if not is_read_by_many(readers, electorate, share):
        return None
    have = "has" if readers == 1 else "have"
    return (
        f"{readers} of {electorate} {have} read it, and this round leaves out what {share} percent have read."
    )


def pause_problem(author: str, title: str, months: int) -> str | None:
    """Sentence that says an author won too recently with ``title`` to be nominated, or None without a pause.

    ``months`` is the length of the pause.
    """
    if months <= 0:
        return None
    since = "the last month" if months == 1 else f"the last {months} months"
    won = f"“{isolated(title)}” by {isolated(author)} won within {since}"
    return f"{won}, and this round leaves out such authors."


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day and time ``months`` earlier, or the last day of that month if it is too short."""
    # Months are counted from zero here, so that the month before January falls into the year before.
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, monthrange(years, month + 1)[1])
    return moment.replace(year=years, month=month + 1, day=day)


Answers = Mapping[str, str]


def digests_of(ranking: Ranking | None, shown: Answers, kind: str) -> str:
    """Digests that a ballot's form carries: of the stored ballot, and of the answers that it shows."""
    return write_digests({"cast": _ranking_text(ranking), **_answer_texts(shown, kind)})


def merge_answers(
    made_from: Mapping[str, str], ranking: Ranking | None, shown: Answers, sent: Answers, kind: str
) -> Answers | None:
    """Answers to cast, or None if another ballot was cast since the page was made.

    ``ranking`` is the stored ballot as far as its voter may see it (None: there is none), ``shown`` the same
    as the form shows it, ``sent`` the answers of the form. Each approval stands alone, so that those from two
    pages are merged. An order is one statement: nobody has seen the places of one page mixed with those of
    another.
    """
    # A form without digests is taken as it is, like one that was made from the ballot that is stored now.
    if made_from.get("cast", digest(_ranking_text(ranking))) == digest(_ranking_text(ranking)):
        return sent
    names = {*shown, *sent}
    # Browsers send nothing for a box that is not ticked, so a missing field is an empty answer.
    whole = {name: sent.get(name, "") for name in names}
    fates = merge(
        made_from, _answer_texts(dict.fromkeys(names, "") | dict(shown), kind), _answer_texts(whole, kind)
    )
    if Fate.DISPUTED in fates.values():
        return None
    if kind == "ranked":
        return shown if fates["ballot"] is Fate.KEPT else sent
    return {name: (shown if fates[name] is Fate.KEPT else sent).get(name, "") for name in names}


def _ranking_text(ranking: Ranking | None) -> str:
    if ranking is None:
        return "none"
    return " ".join(f"{nomination}={place}" for nomination, place in sorted(ranking.items()))


def _answer_texts(answers: Answers, kind: str) -> dict[str, str]:
    """Answers to compare, each under its name; an order is one text."""
    given = {name: text.strip() for name, text in sorted(answers.items()) if name.startswith(FIELD)}
    if kind == "ranked":
        return {"ballot": " ".join(f"{name}={text}" for name, text in given.items() if text)}
    if kind == "approval":
        return {name: "1" if text in APPROVED else text for name, text in given.items()}
    return given


LONGEST_TITLE = 120
LONGEST_PITCH = 500
MOST_NOMINATIONS = 30
MOST_CARRIED = 10
LONGEST_ROUND = timedelta(days=366)
# One week to nominate and one to vote, until the hour at which people are at home.
NOMINATING_DAYS, VOTING_DAYS, EVENING = 7, 14, 20
READING_TIME = timedelta(days=28)


@dataclass(frozen=True)
class Plan:
    """Rules of a round. ``quorum`` and the shares of readers are percentages of the electorate.

    ``author_pause`` is in months. ``carries_over`` is the number of runners-up that are nominated again in
    the next round.
    """

    title: str
    nominations_until_at: datetime
    voting_until_at: datetime
    method: str = "ranked"
    secrecy: str = "open"
    quorum: int = 0
    warn_share: int = 50
    most_nominations: int | None = None
    carries_over: int = 0
    exclude_share: int = 0
    author_pause: int = 0
    lets_late_join: bool = False
    drops_removed: bool = True


def usual_plan(now: datetime, zone: str) -> Plan:
    """Plan that most clubs want: a week to nominate and a week to vote, until eight in the evening."""

    def evening(days: int) -> datetime:
        # Days are counted on the calendar of the zone: if the clocks change meanwhile, some number of hours
        # would end at seven or nine.
        day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
        return moment_at(datetime(day.year, day.month, day.day, EVENING), zone)

    return Plan("Our next book", evening(NOMINATING_DAYS), evening(VOTING_DAYS))


def deadlines_problem(now: datetime, nominations_until: datetime, voting_until: datetime) -> str | None:
    """Return a sentence that says what is wrong with the deadlines of a new round, or None.

    They are compared as moments, whatever the clocks of their time zones show.
    """
    now, nominations_until, voting_until = _in_utc(now, nominations_until, voting_until)
    if nominations_until <= now:
        return "Nominations have to stay open for a while: choose a time that is still to come."
    if voting_until <= nominations_until:
        return "Voting has to end after the nominations do."
    if voting_until - now > LONGEST_ROUND:
        return "That is more than a year away. Choose an earlier time."
    return None


def _in_utc(*times: datetime) -> list[datetime]:
    # Python compares two times of one zone by what their clocks show, which is wrong in the hour that comes
    # twice.
    return [time.astimezone(UTC) for time in times]


def nomination_problem(*, by: str | None, own: int, total: int, most: int | None) -> str | None:
    """Return a sentence that says why a book cannot be nominated, or None if it can.

    ``by`` is the member who has nominated it already, ``own`` and ``total`` the numbers of nominations by the
    member and in the round, ``most`` the limit per member (None: no limit).
    """
    if by is not None:
        return f"That book is nominated already, by {by}."
    if most is not None and own >= most:
        return f"You have nominated {own}, as many as each may. Withdraw one to nominate another."
    if total >= MOST_NOMINATIONS:
        return f"There are {total} nominations, more than anybody would put in order."
    return None


def extension_problem(now: datetime, before: datetime, after: datetime) -> str | None:
    """Sentence that says why a deadline cannot be moved from ``before`` to ``after``, or None if it can.

    It only moves later: ending early is a separate action, which takes effect at once and is recorded.
    """
    now, before, after = _in_utc(now, before, after)
    if after <= before:
        return "Choose a time after the present one. To end it sooner, close it now."
    if after - now > LONGEST_ROUND:
        return "That is more than a year away. Choose an earlier time."
    return None


def secrecy_problem(before: str, after: str) -> str | None:
    """Sentence that refuses to make private ballots open, or None.

    A round that was announced as private stays private.
    """
    if before == "private" and after != "private":
        return "This round was announced with private ballots, and stays so. For open ones, start another."
    return None


def reading_dates(today: date, current_until: date | None) -> tuple[date, date]:
    """First and last day for reading the winner: after the current book, for four weeks."""
    start = max(today, current_until + timedelta(days=1)) if current_until else today
    return start, start + READING_TIME


def is_free(today: date, current_book_id: int | None, current_until: date | None) -> bool:
    """Return True if the club reads nothing now, so that a winner can become its current book at once."""
    # A current book without a last day is read until an organiser chooses another one.
    return current_book_id is None or (current_until is not None and current_until < today)


def voter_tag(key: str, member_id: int) -> str:
    """HMAC tag that identifies a voter's ballot.

    It is the HMAC-SHA-256 of the member's id with the round's key, in hex. It stays the same whatever happens
    to the member, so that nobody has two ballots.
    """
    return _hmac_of(key, f"voter {member_id}")


def seal_of(key: str, member_id: int, password_reset_at: datetime | None) -> str:
    """HMAC seal that a private ballot must bear to be shown to its voter again, in hex.

    It changes when an organiser's link has set the member's password: the person who used that link may cast
    the ballot again, but not read the stored one.
    """
    # The first word keeps a seal from ever being equal to a voter's tag, which is made with the same key.
    reset = password_reset_at.isoformat() if password_reset_at else "never"
    return _hmac_of(key, f"seal {member_id} {reset}")


def shuffle_key(lot_hash: str, member_id: int, nomination_id: int) -> str:
    """Sort key of a ballot's cards: as if shuffled for each voter, and always the same."""
    # The hash is public and says nothing of the lot. It makes the order differ from round to round.
    return sha256(f"{lot_hash} {member_id} {nomination_id}".encode()).hexdigest()


def _hmac_of(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), sha256).hexdigest()
