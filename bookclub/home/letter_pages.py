"""The letter: what home shows, and the notices that its reader wants in it, as one mail."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..date_polls.models import DatePoll
from ..date_polls.queries import polls_to_answer
from ..extensions import utcnow
from ..lib.positions.visibility import Viewer
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..mail_kinds import Draft, mail_kind
from ..meetings.models import Meeting
from ..meetings.queries import next_meeting
from ..members.models import Member
from ..notices.mail_pages import unsubscribe_address
from ..notices.mail_queries import chosen_frequencies, notices_since
from ..notices.mail_rules import DAILY, NEWS, TOPICS_BY_NAME, frequency_of, kinds_at
from ..notices.pages import render_notices
from ..notices.rules import NoticeGroup, group_notices
from ..reviews.queries import new_reviews
from ..reviews.rules import ReviewEntry
from ..rounds.models import Round
from ..rounds.pages import OpenVote, open_votes
from ..rounds.queries import settled_since
from ..rounds.rules import VOTE
from ..web import the_club
from .queries import News, news
from .unlocked_queries import UnlockedBook, unlocked_books

# A letter tells of so many conversations and reviews; home has the others.
MOST_THREADS, MOST_REVIEWS = 10, 5
PERIODS = {DAILY: timedelta(days=1)}
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ClubNews:
    """News of the club for a letter's reader, and what comes before the next letter, as home shows it."""

    threads: Sequence[News]
    reviews: Sequence[ReviewEntry]
    unlocked: Sequence[UnlockedBook]
    chosen: Sequence[Round]
    votes: Sequence[OpenVote]
    date_polls: Sequence[DatePoll]
    meeting: Meeting | None

    def __bool__(self) -> bool:
        return any(
            (
                self.threads,
                self.reviews,
                self.unlocked,
                self.chosen,
                self.votes,
                self.date_polls,
                self.meeting,
            )
        )


NO_NEWS = ClubNews([], [], [], [], [], [], None)


@mail_kind("letter")
def letter(member: Member, frequency: str, since: str) -> Draft | None:
    """Compose a letter about what happened since a moment (ISO 8601); None if nothing did."""
    now, since_at = utcnow(), datetime.fromisoformat(since)
    viewer = Viewer(member.id, since_at, off_site=True)
    chosen = chosen_frequencies([member.id])[member.id]
    notices = notices_since(viewer, kinds_at(frequency, chosen), since_at)
    groups = group_notices(render_notices(viewer, notices))
    wants_news = frequency_of(TOPICS_BY_NAME[NEWS], chosen) == frequency
    told = {notice.thread_id for group in groups for notice in group.notices}
    club_news = news_since(member, viewer, since_at, now, frequency, told) if wants_news else NO_NEWS
    if not groups and not club_news:
        return None
    return Draft(
        subject_of(frequency, is_late=now - since_at > PERIODS.get(frequency, WEEK) + timedelta(days=1)),
        {"groups": groups, "news": club_news, "count": count_of(groups)},
        unsubscribe=unsubscribe_address(member, frequency),
    )


def news_since(
    member: Member,
    viewer: Viewer,
    since: datetime,
    now: datetime,
    frequency: str,
    told: Container[int | None],
) -> ClubNews:
    """Return what is new in the club since a moment, as this reader may see it off the site.

    ``told`` are the threads of which the letter's notices tell.
    """
    ahead, meeting = now + PERIODS.get(frequency, WEEK), next_meeting(now)
    fresh = [each for each in news(viewer, MOST_THREADS) if is_news(each, since)]
    return ClubNews(
        threads=[each for each in fresh if each.unread.thread.id not in told],
        reviews=new_reviews(viewer, MOST_REVIEWS),
        unlocked=[each for each in unlocked_books(viewer) if each.changed_at > since],
        chosen=[each for each in settled_since(since) if each.winner],
        votes=[each for each in open_votes(member, now) if is_pressing(each, since, ahead)],
        date_polls=[each for each in polls_to_answer(viewer, now) if each.created_at > since],
        meeting=meeting if meeting is not None and meeting.starts_at <= ahead else None,
    )


def is_news(entry: News, since: datetime) -> bool:
    """Return whether a conversation holds something that was written, or unlocked, since a moment."""
    return entry.unread.newest.created_at > since or entry.unread.is_unlocked


def is_pressing(vote: OpenVote, since: datetime, ahead: datetime) -> bool:
    """Return whether a vote waits for the reader, and opened since a moment or ends before the other."""
    opened_at, until = vote.voting_round.voting_opened_at, vote.voting_round.voting_until_at
    is_new = opened_at is not None and opened_at > since
    return vote.standing == VOTE and (is_new or (until is not None and until <= ahead))


def subject_of(frequency: str, *, is_late: bool) -> str:
    """Return the subject of a letter."""
    club = isolated(the_club().name)
    if is_late:
        return _("What is new in %(club)s", club=club)
    if frequency == DAILY:
        return _("Today in %(club)s", club=club)
    return _("This week in %(club)s", club=club)


def count_of(groups: Sequence[NoticeGroup]) -> int:
    """Count the notices in a letter."""
    return sum(len(group.notices) for group in groups)
