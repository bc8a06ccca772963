"""Actions on threads and comments: open, add, edit, delete, and recompute horizons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ..books.catalogue_queries import addresses_of
from ..extensions import db
from ..lib.positions.contents import Contents, choice_of, section_id_in
from ..lib.positions.places import END, START
from ..lib.positions.visibility import Viewer, effective_horizon
from ..lib.text.markdown import Prose, render
from ..lib.text.member_mentions import find_members, is_mentioned
from ..lib.text.pictures import Owner, pictures_shown
from ..members.models import Member
from ..members.queries import members_named
from ..notices.actions import notify, notify_followers
from ..notices.queries import notice_about
from ..pictures import actions as pictures
from ..pictures.queries import claimed_sizes
from ..readings.actions import Advanced
from ..readings.models import Reading
from . import comment_queries, queries, rules
from .models import Comment, Thread, Wording, Writing
from .subscription_queries import subscription_states


def open_thread(
    book_id: int | None,
    member: Member,
    title: str | None,
    floor: int,
    now: datetime,
    *,
    of_ask: bool = False,
    of_round: bool = False,
    of_meeting: bool = False,
    of_passage: bool = False,
) -> Thread:
    """Add an empty thread. The thread of a review or an ask has no title of its own."""
    thread = Thread(
        book_id=book_id,
        member_id=member.id,
        title=title,
        floor=floor,
        of_ask=of_ask,
        of_round=of_round,
        of_meeting=of_meeting,
        of_passage=of_passage,
        created_at=now,
        comment_count=0,
    )
    db.session.add(thread)
    db.session.flush()
    return thread


def add_comment(
    thread: Thread,
    parent: Comment | None,
    member: Member,
    words: Wording,
    now: datetime,
    submission: str | None = None,
) -> Comment:
    """Add a comment to a thread whose row is locked, as a reply to ``parent`` or at the top."""
    comment = Comment(
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        member_id=member.id,
        own_horizon=words.horizon,
        lifted_horizon=0,
        # Whatever was chosen, a reply is never safer than what it answers, nor a comment than its thread.
        horizon=effective_horizon(words.horizon, parent.horizon if parent else None, thread.floor),
        submission=submission,
        created_at=now,
    )
    comment.write(words)
    db.session.add(comment)
    # The flush gives the comment its id, which its path contains.
    db.session.flush()
    settle_pictures(comment, words.prose, Owner("comment", comment.id))
    comment.path = rules.path_of(comment.id, parent.path if parent else "")
    thread.comment_count += 1
    thread.note_latest(comment)
    # The thread under a review belongs to the review's author, who therefore hears of a comment at the top.
    answered = parent.member_id if parent else thread.member_id
    states = subscription_states(thread.id)
    if states.get(answered) != "muted":
        notify(answered, "reply", member.id, now, comment_id=comment.id)
    told = {answered, *tell_mentioned(comment, find_members(words.body), now, states)}
    followers = [each for each, state in states.items() if state == "followed" and each not in told]
    notify_followers(followers, comment.id, member.id, now)
    return comment


def settle_pictures(post: Writing, prose: Prose, owner: Owner, *, also_of: Sequence[Owner] = ()) -> None:
    """Give a post, which has just been written, the pictures that its prose shows.

    Of a picture that another post has taken since the form was checked, only the words show. ``also_of`` are
    the posts that it was made from.
    """
    shown = pictures_shown(prose.html)
    taken = pictures.claim(shown, post.member_id, owner, also_of=also_of)
    if taken != shown:
        post.prose = render(post.body, addresses_of(post.body), claimed_sizes(taken))


def tell_mentioned(
    comment: Comment, usernames: Collection[str], now: datetime, states: Mapping[int, str]
) -> list[int]:
    """Notify the members with these usernames of a comment, if what they can read of it mentions them.

    Return their ids. ``states`` are the subscriptions: who mutes the thread hears nothing of it. A member who
    is both answered and mentioned hears of it once, as of a reply.
    """
    told = []
    for mentioned in members_named(usernames):
        if states.get(mentioned.id) == "muted":
            continue
        if is_mentioned(mentioned.username, comment_queries.comment_html(Viewer(mentioned.id), comment.id)):
            is_answered = notice_about(mentioned.id, "reply", comment_id=comment.id) is not None
            kind = "reply" if is_answered else "mention"
            notify(mentioned.id, kind, comment.member_id, now, comment_id=comment.id)
            told.append(mentioned.id)
    return told


def edit_comment(thread: Thread, comment: Comment, words: Wording, now: datetime) -> None:
    """Change a comment's words, its horizon and those below it. If nothing differs, write nothing."""
    words = keep_choice(comment, words)
    if has_words(comment, words):
        return
    moves = comment.own_horizon != words.horizon
    before = find_members(comment.body)
    comment.write(words)
    comment.own_horizon = words.horizon
    # The database refuses a horizon below the comment's own, and the query below flushes this row.
    comment.horizon = max(comment.horizon, words.horizon)
    comment.edited_at = now
    # The other comments are only read if a horizon has moved.
    if moves:
        recompute_horizons(thread, opened_with=comment)
    db.session.flush()
    owner = Owner("comment", comment.id)
    settle_pictures(comment, words.prose, owner)
    # A comment keeps no former versions that could still show them.
    pictures.release(owner, pictures_shown(words.prose.html), now)
    # Who was mentioned before has heard of it.
    fresh = [name for name in find_members(words.body) if name not in before]
    tell_mentioned(comment, fresh, now, subscription_states(thread.id) if fresh else {})


def keep_choice(post: Writing, words: Wording) -> Wording:
    """Return the words, with the stored choice of a horizon if the form only repeats its meaning."""
    repeats = words.horizon == post.own_horizon and words.choice == choice_of(
        post.own_horizon, post.horizon_choice
    )
    return replace(words, choice=post.horizon_choice) if repeats else words


def has_words(post: Writing, words: Wording) -> bool:
    """Return whether a post already has these words and this horizon."""
    said = (post.body, post.horizon_choice, post.own_horizon)
    return said == (words.body, words.choice, words.horizon)


def delete_comment(
    thread: Thread,
    comment: Comment,
    now: datetime,
    *,
    moderator: Member | None = None,
    reason: str | None = None,
) -> None:
    """Delete words and pictures of a comment for good. Its place stays, because replies may hang on it."""
    comment.wipe(now, moderator.id if moderator else None, reason)
    pictures.delete_pictures_of(Owner("comment", comment.id))
    if moderator is not None:
        notify(comment.member_id, "removed", moderator.id, now, comment_id=comment.id)
    # The count is of comments that have their words, and the caller holds the thread's row for it.
    thread.comment_count -= 1


def recompute_horizons(thread: Thread, opened_with: Comment | None = None) -> None:
    """Recompute the horizons in force of a whole thread from its floor and its comments' own horizons.

    The floor of a titled thread is what its opening comment gives away, by its author's choice or as readers
    reported. So the floor changes too if ``opened_with``, the comment that changed, is the opening. The
    floor of a meeting's thread is what was to be read by then, that of a passage's is its place.
    """
    comments = queries.comments_with_horizons(thread.id)
    # The session has one object for each row, so the opening is known by identity.
    if thread.follows_opening and opened_with is comments[0]:
        thread.floor = max(comments[0].own_horizon, comments[0].lifted_horizon)
    horizons: dict[int, int] = {}
    for comment in comments:
        # Parents come before their replies, so the parent's horizon is known.
        parent = horizons[comment.parent_id] if comment.parent_id else None
        horizons[comment.id] = effective_horizon(
            comment.own_horizon, parent, thread.floor, comment.lifted_horizon
        )
        comment.horizon = horizons[comment.id]
    thread.highest_horizon = max(horizons.values(), default=START)


def remap(book_id: int, contents: Contents, advanced: Sequence[Advanced]) -> dict[int, Comment]:
    """Recompute the own horizons of comments on a book after its sections or its readers' places changed.

    Return the first changed comment of each affected thread, by thread id. The caller has to recompute these
    threads; if the comment is the opening, the floor follows it.
    """
    readers = {reader.member_id: reader for reader in advanced}
    touched: dict[int, Comment] = {}
    for comment in queries.horizons_to_remap(book_id, readers):
        horizon = remapped_horizon(comment, contents, readers)
        if horizon != comment.own_horizon:
            comment.own_horizon = horizon
            # The database refuses a horizon in force below the own one. The caller sets the exact value.
            comment.horizon = max(comment.horizon, horizon)
            # Comments come in the order of their ids, so of several the opening is the one that is noted.
            touched.setdefault(comment.thread_id, comment)
    return touched


def remapped_horizon(post: Writing, contents: Contents, advanced: Mapping[int, Advanced]) -> int:
    """Return the own horizon of a post after the sections or lengths of its book changed.

    A section choice follows the end of its section and "up to where I am" follows its author, but only
    forwards: anyone may edit chapters and lengths, and that must not open someone else's words. So too much
    is locked rather than too little, until the author saves the post again. If the section is gone, the
    horizon stays as it was.
    """
    if (section_id := section_id_in(post.horizon_choice)) is not None:
        section = contents.section(section_id)
        # The end of a section is a guess if the next one has no start, and a post errs towards hiding more.
        return post.own_horizon if section is None else max(post.own_horizon, contents.end(section, up=True))
    reader = advanced.get(post.member_id)
    if post.horizon_choice != "mine" or reader is None or not (reader.before and reader.after):
        return post.own_horizon
    # Start and end are the same place in every printing.
    if not START < post.own_horizon < END:
        return post.own_horizon
    # The position is not rounded up, as for a reader's place: someone on the same page should still see it.
    return max(post.own_horizon, reader.after.position(reader.before.first_at(post.own_horizon)))


def mark_all_seen(reading: Reading) -> None:
    """Note that a reader has seen everything that their progress in a book has unlocked."""
    reading.seen_mark = max(reading.seen_mark or START, reading.mark)
