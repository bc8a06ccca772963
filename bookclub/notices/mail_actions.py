"""Changes to when members want mail, and the posting of what is due."""

from __future__ import annotations

from datetime import datetime

from ..extensions import db
from ..mail_kinds import post
from ..members.models import Member
from . import mail_queries
from .mail_models import LETTERS, Letter, MailPreference
from .mail_rules import AT_ONCE, NEVER, TOPICS, Topic, frequency_of, is_letter_due, topic_of
from .models import Notice

# Each job decides on so many notices or letters: others want to write, too.
MOST_AT_ONCE = 50


def choose_frequency(member: Member, topic: Topic, frequency: str) -> None:
    """Let a member hear of a topic by mail at this frequency."""
    chosen = db.session.get(MailPreference, (member.id, topic.name))
    if chosen is None:
        db.session.add(MailPreference(member_id=member.id, topic=topic.name, frequency=frequency))
    else:
        chosen.frequency = frequency


def unsubscribe(member: Member, name: str) -> None:
    """End the mails of a topic, or of all topics that come in a letter of the frequency ``name``."""
    chosen = mail_queries.chosen_frequencies([member.id])[member.id]
    for topic in TOPICS:
        if name in (topic.name, frequency_of(topic, chosen)):
            choose_frequency(member, topic, NEVER)


def post_due_notices(now: datetime, site: str | None) -> datetime | None:
    """Post the notices that go by mail at once; return when the next decision is due, or None."""
    due = mail_queries.notices_due(now, MOST_AT_ONCE)
    chosen = mail_queries.chosen_frequencies({member.id for _, member in due})
    for notice, member in due:
        notice.mail_due_at = None
        is_wanted = frequency_of(topic_of(notice.kind), chosen[member.id]) == AT_ONCE
        if is_wanted and notice.seen_at is None and can_be_told(member):
            post_notice(notice, member, site)
    db.session.flush()
    return mail_queries.next_due_at()


def can_be_told(member: Member) -> bool:
    """Return whether mail about the club goes to a member: they are here, and the address is theirs."""
    return member.is_active and member.email_confirmed_at is not None and not member.is_unreachable


def post_notice(notice: Notice, member: Member, site: str | None) -> None:
    """Post the mail of one notice."""
    post(
        "notice",
        cause=f"notice {notice.id}",
        address=member.email or "",
        member_id=member.id,
        site=site,
        notice_id=notice.id,
    )


def post_due_letters(now: datetime) -> bool:
    """Post letters that are due, up to MOST_AT_ONCE; return whether more are.

    A letter that has nothing to tell is not sent when its turn comes.
    """
    former, posted, readers = mail_queries.letters(), 0, mail_queries.letter_readers()
    chosen = mail_queries.chosen_frequencies({reader.id for reader in readers})
    for reader in readers:
        for frequency in LETTERS:
            letter = former.get((reader.id, frequency))
            since = letter.told_until_at if letter else reader.since_at
            is_wanted = any(frequency_of(topic, chosen[reader.id]) == frequency for topic in TOPICS)
            if not is_wanted or not is_letter_due(frequency, since, now, reader.time_zone):
                continue
            if posted == MOST_AT_ONCE:
                return True
            posted += 1
            post(
                "letter",
                cause=f"letter {frequency} {reader.id} {now:%Y-%m-%dT%H:%M:%S}",
                address=reader.email,
                member_id=reader.id,
                frequency=frequency,
                since=min(since, now).isoformat(),
            )
            if letter is None:
                db.session.add(Letter(member_id=reader.id, frequency=frequency, told_until_at=now))
            else:
                letter.told_until_at = now
    return False
