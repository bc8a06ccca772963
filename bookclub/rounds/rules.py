"""Rules of rounds: limits, plans, deadlines, nominations, secrecy, and tags that find ballots."""

from __future__ import annotations

import hmac
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from ..lib.tally import states
from ..lib.tally.ballots import APPROVED, FIELD, Ranking
from ..lib.tally.states import is_read_by_many
from ..lib.text import dates
from ..lib.text.bidi import isolated
from ..lib.text.dates import moment_at
from ..lib.text.messages import gettext as _
from ..lib.text.messages import list_text, ngettext
from ..lib.text.three_way_merge import Fate, digest, merge, write_digests

LONGEST_PAUSE = 60


def exclusion_problem(readers: int, electorate: int, share: int) -> str | None:
    """Sentence that says too many of the electorate have read a book to nominate it, or None.

    ``share`` is in percent, and reaching it is enough. A share of 0 excludes nothing, and neither does an
    empty electorate.
    """
    if not is_read_by_many(readers, electorate, share):
        return None
    return ngettext(
        "%(num)s of %(electorate)s members has read it, and this round leaves out books that %(share)s %%"
        " have read.",
        "%(num)s of %(electorate)s members have read it, and this round leaves out books that %(share)s %%"
        " have read.",
        readers, electorate=electorate, share=share,
    )  # fmt: skip


def pause_problem(author: str, title: str, months: int) -> str | None:
    """Sentence that says an author won too recently with ``title`` to be nominated, or None without a pause.

    ``months`` is the length of the pause.
    """
    if months <= 0:
        return None
    return ngettext(
        "“%(title)s” by %(author)s won in the last month, and this round leaves out authors who have just"
        " won.",
        "“%(title)s” by %(author)s won in the last %(num)s months, and this round leaves out authors who have"
        " just won.",
        months, title=isolated(title), author=isolated(author),
    )  # fmt: skip


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
REMINDED_BEFORE = timedelta(days=1)
MOST_READERS_NAMED = 4


@dataclass(frozen=True)
class RoundPlan:
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


def usual_plan(now: datetime, zone: str) -> RoundPlan:
    """Plan that most clubs want: a week to nominate and a week to vote, until eight in the evening."""

    def evening(days: int) -> datetime:
        # Days are counted on the calendar of the zone: if the clocks change meanwhile, some number of hours
        # would end at seven or nine.
        day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
        return moment_at(datetime(day.year, day.month, day.day, EVENING), zone)

    return RoundPlan(_("Our next book"), evening(NOMINATING_DAYS), evening(VOTING_DAYS))


def deadlines_problem(now: datetime, nominations_until: datetime, voting_until: datetime) -> str | None:
    """Return a sentence that says what is wrong with the deadlines of a new round, or None.

    They are compared as moments, whatever the clocks of their time zones show.
    """
    now, nominations_until, voting_until = _in_utc(now, nominations_until, voting_until)
    if nominations_until <= now:
        return _("Nominations need some time: choose a day and time that are still to come.")
    if voting_until <= nominations_until:
        return _("Voting must end after the nominations do: choose a later time.")
    if voting_until - now > LONGEST_ROUND:
        return _("That is more than a year away: choose an earlier time.")
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
        return _("%(name)s has already nominated that book.", name=by)
    if most is not None and own >= most:
        return ngettext(
            "You have already nominated a book, and each member may nominate one. Withdraw it to nominate"
            " another.",
            "You have nominated %(num)s books, as many as each member may. Withdraw one to nominate another.",
            own,
        )
    if total >= MOST_NOMINATIONS:
        return ngettext(
            "There is %(num)s nomination already, and a ballot holds no more.",
            "There are %(num)s nominations already, and a ballot holds no more.",
            total,
        )
    return None


def extension_problem(now: datetime, before: datetime, after: datetime) -> str | None:
    """Sentence that says why a deadline cannot be moved from ``before`` to ``after``, or None if it can.

    It only moves later: ending early is a separate action, which takes effect at once and is recorded.
    """
    now, before, after = _in_utc(now, before, after)
    if after <= before:
        return _("Choose a later time than the present one. To end it sooner, close it now.")
    if after - now > LONGEST_ROUND:
        return _("That is more than a year away: choose an earlier time.")
    return None


def secrecy_problem(before: str, after: str) -> str | None:
    """Sentence that refuses to make private ballots open, or None.

    A round that was announced as private stays private.
    """
    if before == "private" and after != "private":
        return _(
            "This round was announced with private ballots, and they stay private. For open ballots, open"
            " another round."
        )
    return None


def reminder_at(times: states.RoundTimes) -> datetime | None:
    """Return when members who have not voted are reminded: a day before the close, or None for never.

    A vote that is open for a day or less needs no reminder: the notice that it is open is as fresh.
    """
    moment = times.voting_until_at - REMINDED_BEFORE
    opened_at = times.voting_opened_at or times.nominations_until_at
    return moment if opened_at < moment else None


def next_moment(times: states.RoundTimes, now: datetime) -> datetime | None:
    """Return when the clock next has something to do in a round: to open the vote, to remind, or to close it.

    None once the round is settled. A moment that has passed without being noticed is due now.
    """
    if times.settled_at is not None:
        return None
    if states.is_due(times, now):
        return now
    reminder = reminder_at(times)
    moments = [times.nominations_until_at] if times.voting_opened_at is None else []
    moments += [reminder] if reminder is not None else []
    return min(moment for moment in (*moments, times.voting_until_at) if moment > now)


def is_reminder_due(times: states.RoundTimes, now: datetime) -> bool:
    """Return True from the moment of the reminder until the close of a vote that is open."""
    moment = reminder_at(times)
    return states.state(times, now) == states.VOTING and moment is not None and moment <= now


def may_be_reminded(*, is_private: bool, opened_at: datetime | None, reset_at: datetime | None) -> bool:
    """Return False where a reminder would tell an organiser's link if a private ballot has been cast."""
    return not (is_private and opened_at and reset_at and reset_at > opened_at)


def time_left_text(until: datetime, now: datetime, zone: str, club_zone: str) -> str:
    """Return how long something stays open: "5 days left", "Ends tomorrow at 20:00"."""
    days = dates.days_until(until, now, zone)
    if days > 1:
        return ngettext("%(num)s day left", "%(num)s days left", days)
    time = dates.clock_text(until, zone, club_zone)
    return _("Ends tomorrow at %(time)s", time=time) if days == 1 else _("Ends today at %(time)s", time=time)


def change_text(until: datetime, now: datetime, zone: str, club_zone: str) -> str:
    """Return that a member has voted, and until when they can change it."""
    days = dates.days_until(until, now, zone)
    if days > 1:
        return _("You voted; change it until %(day)s", day=dates.coming_day_text(until, now, zone))
    time = dates.clock_text(until, zone, club_zone)
    if days == 1:
        return _("You voted; change it until %(time)s tomorrow", time=time)
    return _("You voted; change it until %(time)s today", time=time)


# A member's own state in a round.
NOMINATE, VOTE, VOTED, HIDDEN, OUTSIDE, COUNTED = "nominate", "vote", "voted", "hidden", "outside", "counted"
# The rounds that wait for the member come first.
URGENCY = (VOTE, HIDDEN, NOMINATE, VOTED, COUNTED, OUTSIDE)


def standing_of(state: str, *, may_vote: bool, has_voted: bool, is_sealed: bool) -> str:
    """Return a member's own state in a round that is not over.

    It is "hidden" if an organiser's link has set their password since the vote began: nobody may learn by
    such a link if they have cast a private ballot.
    """
    if state == states.NOMINATING:
        return NOMINATE
    if state != states.VOTING:
        return COUNTED
    if not may_vote:
        return OUTSIDE
    return HIDDEN if is_sealed else VOTED if has_voted else VOTE


def standing_text(standing: str, until: datetime, now: datetime, zone: str, club_zone: str) -> list[str]:
    """Return a member's own state in short phrases, each whole: "You have not voted", "5 days left"."""
    if standing == VOTED:
        return [change_text(until, now, zone, club_zone)]
    if standing == COUNTED:
        return [_("The ballots are being counted")]
    left = time_left_text(until, now, zone, club_zone)
    said = {
        NOMINATE: _("Nominations are open"),
        VOTE: _("You have not voted"),
        HIDDEN: _("Voting is open"),
        OUTSIDE: _("You joined after voting began"),
    }
    return [said[standing], left]


def readers_text(names: Sequence[str]) -> str | None:
    """Return who has read a book, by name while there is room: "Alice, Bob and 3 others"; None: nobody."""
    if not names:
        return None
    shown = [isolated(name) for name in names]
    if len(shown) > MOST_READERS_NAMED:
        more = len(shown) - MOST_READERS_NAMED + 1
        shown = [*shown[: MOST_READERS_NAMED - 1], ngettext("%(num)s other", "%(num)s others", more)]
    return list_text(shown)


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
    the ballot again, but not read the stored one. A ballot that was cast by the link in a mail bears the seal
    of a password that no link has set: whoever used one, however long ago, need not be who reads the mail.
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
