"""RULES as a truth table: every verb on every kind of thing, for everybody in the cast."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from bookclub.asks.models import Answer, Ask, Endorsement
from bookclub.books.models import Author, Book
from bookclub.date_polls.models import DatePoll
from bookclub.imports.models import Import
from bookclub.imports.queries import ImportUnderWay
from bookclub.meetings.models import Meeting
from bookclub.members.models import Club, Invitation, Member
from bookclub.mergers.models import Merger
from bookclub.passages.models import Passage
from bookclub.permissions import LOADERS, RULES, may, why_not
from bookclub.questions.models import Question
from bookclub.reports.models import SpoilerReport
from bookclub.reviews.models import Review, ReviewDraft
from bookclub.rounds.models import Nomination, Round
from bookclub.threads.models import Comment, Thread
from bookclub.threads.rules import CommentRow

NOW = datetime(2026, 1, 14, 12, 0, tzinfo=UTC)
VERBS = {verb for verb, _ in RULES}


class Cast(NamedTuple):
    """Everybody who may ask. Alice wrote it; a visitor is nobody."""

    visitor: None
    alice: Member
    bob: Member
    mo: Member
    olive: Member


CAST = Cast(
    visitor=None,
    alice=Member(id=1, username="alice", role="member"),
    bob=Member(id=2, username="bob", role="member"),
    mo=Member(id=3, username="mo", role="moderator"),
    olive=Member(id=4, username="olive", role="organiser"),
)
GONE = Member(id=9, username="former-9", role="member", removed_at=NOW)

# What each thing is called below, and a row of it.
THINGS: dict[str, object] = {
    "an author": Author(id=1),
    "a book": Book(id=1),
    "a merger": Merger(id=1),
    "Alice's review": Review(id=1, member_id=1),
    "Alice's review, deleted by her": Review(id=1, member_id=1, deleted_at=NOW),
    "Alice's review, removed by Mo": Review(id=1, member_id=1, deleted_at=NOW, removed_by_id=3),
    "Mo's review": Review(id=1, member_id=3),
    "Alice's draft": ReviewDraft(id=1, member_id=1),
    "Alice's import": Import(id=1, member_id=1),
    "Alice's import, under way": ImportUnderWay(Import(id=1, member_id=1), CAST.alice),
    "Olive's review": Review(id=1, member_id=4),
    "a thread": Thread(id=1, member_id=1, title="The ending"),
    "a locked thread": Thread(
        id=1, member_id=1, title="The ending", locked_at=NOW, locked_by_id=3, lock_reason="It got heated."
    ),
    "Alice's comment": Comment(id=1, member_id=1),
    "Alice's comment, deleted by her": Comment(id=1, member_id=1, deleted_at=NOW),
    "Alice's comment, removed by Mo": Comment(id=1, member_id=1, deleted_at=NOW, removed_by_id=3),
    "Mo's comment": Comment(id=1, member_id=3),
    "Bob's report on Alice's comment": SpoilerReport(id=1, member_id=2, comment=Comment(id=1, member_id=1)),
    "Bob's report on Alice's comment, decided": SpoilerReport(
        id=1, member_id=2, comment=Comment(id=1, member_id=1), upheld=False, decided_at=NOW
    ),
    "Mo's report on Alice's review": SpoilerReport(id=1, member_id=3, review=Review(id=1, member_id=1)),
    "Alice": CAST.alice,
    "Alice, suspended": Member(id=1, username="alice", role="member", suspended_at=NOW),
    "a former member": GONE,
    "Olive": CAST.olive,
    "Alice, who shows her years": Member(id=1, username="alice", role="member", shows_years=True),
    "Alice, suspended, who shows her years": Member(
        id=1, username="alice", role="member", shows_years=True, suspended_at=NOW
    ),
    "the club": Club(id=1),
    "a club whose members meet": Club(id=1, members_meet=True),
    "Alice's meeting": Meeting(id=1, host_id=1),
    "Alice's meeting, cancelled": Meeting(id=1, host_id=1, cancelled_at=NOW),
    "Alice's date poll": DatePoll(id=1, created_by_id=1),
    "Alice's question": Question(id=1, member_id=1),
    "Alice's question, removed by Mo": Question(id=1, member_id=1, deleted_at=NOW, removed_by_id=3),
    "Alice's comment, on an agenda by Bob": Question(id=1, member_id=2, comment_id=1),
    "Alice's passage, on an agenda by Bob": Question(id=1, member_id=2, passage_id=1),
    "Alice's passage": Passage(id=1, member_id=1),
    "Alice's passage, removed by Mo": Passage(id=1, member_id=1, deleted_at=NOW, removed_by_id=3),
    "an invitation": Invitation(id=1, created_by_id=4),
    "Alice's ask": Ask(id=1, member_id=1),
    "Alice's ask, deleted by her": Ask(id=1, member_id=1, deleted_at=NOW),
    "Bob's answer to Alice": Answer(id=1, member_id=2, ask=Ask(id=1, member_id=1)),
    "Bob's answer to Alice, removed by Mo": Answer(
        id=1, member_id=2, ask=Ask(id=1, member_id=1), deleted_at=NOW, removed_by_id=3
    ),
    "Mo's endorsement": Endorsement(id=1, member_id=3),
    "Mo's endorsement, deleted": Endorsement(id=1, member_id=3, deleted_at=NOW),
    "a comment under an ask": Comment(id=1, member_id=1, thread=Thread(id=1, member_id=1, of_ask=True)),
    "the thread of an ask": Thread(id=1, member_id=1, of_ask=True),
    "a round": Round(id=1),
    "a round that is over": Round(id=1, settled_at=NOW),
    "Alice's nomination": Nomination(id=1, member_id=1, voting_round=Round(id=1)),
    "Alice's nomination, withdrawn": Nomination(
        id=1, member_id=1, voting_round=Round(id=1), withdrawn_at=NOW
    ),
    "Alice's nomination in a round that is over": Nomination(
        id=1, member_id=1, voting_round=Round(id=1, settled_at=NOW)
    ),
}

EVERYBODY = {"visitor", "alice", "bob", "mo", "olive"}
MEMBERS = EVERYBODY - {"visitor"}
MODERATORS = {"mo", "olive"}
NOBODY: set[str] = set()

# Who may do what. What is not listed here nobody may do.
TABLE: dict[str, dict[str, set[str]]] = {
    "an author": {"see": EVERYBODY, "ask": MEMBERS, "merge": {"olive"}, "split": {"olive"}},
    "a merger": {"see": {"olive"}, "undo": {"olive"}},
    "a book": {
        "merge": {"olive"},
        "split": {"olive"},
        "see": EVERYBODY,
        "add": MEMBERS,
        "edit": MEMBERS,
        "read": MEMBERS,
        "review": MEMBERS,
        "discuss": MEMBERS,
        "endorse": MEMBERS,
        "reveal": MEMBERS,
        "quote": MEMBERS,
    },
    "Alice's passage": {
        "see": MEMBERS,
        "reveal": MEMBERS,
        "discuss": MEMBERS,
        "edit": {"alice"},
        "delete": {"alice"},
        "remove": MODERATORS,
    },
    "Alice's passage, removed by Mo": {"see": MEMBERS, "reveal": MEMBERS},
    "Alice's review": {
        "react": MEMBERS,
        "see": EVERYBODY,
        "reveal": MEMBERS,
        "edit": {"alice"},
        "delete": {"alice"},
        "report": MEMBERS - {"alice"},
        "remove": MODERATORS,
    },
    "Alice's draft": {verb: {"alice"} for verb in ("see", "edit", "publish", "delete")},
    "Alice's import": {verb: {"alice"} for verb in ("see", "run", "delete")},
    "Alice's import, under way": {"see": {"olive"}, "stop": {"olive"}},
    "Alice's review, deleted by her": {"see": EVERYBODY, "reveal": MEMBERS},
    "Alice's review, removed by Mo": {"see": EVERYBODY, "reveal": MEMBERS},
    "Mo's review": {
        "react": MEMBERS,
        "see": EVERYBODY,
        "reveal": MEMBERS,
        "edit": {"mo"},
        "delete": {"mo"},
        "report": MEMBERS - {"mo"},
        "remove": {"olive"},
    },
    "Olive's review": {
        "react": MEMBERS,
        "see": EVERYBODY,
        "reveal": MEMBERS,
        "edit": {"olive"},
        "delete": {"olive"},
        "report": MEMBERS - {"olive"},
        "remove": {"mo"},
    },
    "a thread": {
        "see": EVERYBODY,
        "reveal": MEMBERS,
        "reply": MEMBERS,
        "subscribe to": MEMBERS,
        "lock": MODERATORS,
        "pin": {"olive"},
    },
    "a locked thread": {
        "see": EVERYBODY,
        "reveal": MEMBERS,
        "reply": NOBODY,
        "subscribe to": MEMBERS,
        "lock": MODERATORS,
        "pin": {"olive"},
    },
    "Alice's comment": {
        "react": MEMBERS,
        "discuss": {"alice"},
        "see": EVERYBODY,
        "reveal": MEMBERS,
        "edit": {"alice"},
        "delete": {"alice"},
        "report": MEMBERS - {"alice"},
        "remove": MODERATORS,
    },
    "Alice's comment, deleted by her": {"see": EVERYBODY, "reveal": MEMBERS},
    "Alice's comment, removed by Mo": {"see": EVERYBODY, "reveal": MEMBERS},
    "Mo's comment": {
        "react": MEMBERS,
        "discuss": {"mo"},
        "see": EVERYBODY,
        "reveal": MEMBERS,
        "edit": {"mo"},
        "delete": {"mo"},
        "report": MEMBERS - {"mo"},
        "remove": {"olive"},
    },
    "Bob's report on Alice's comment": {
        "see": {"alice", "bob", "mo", "olive"},
        "decide": {"alice", "mo", "olive"},
    },
    "Bob's report on Alice's comment, decided": {
        "see": {"alice", "bob", "mo", "olive"},
        "decide": {"mo", "olive"},
    },
    "Mo's report on Alice's review": {
        "see": {"alice", "mo", "olive"},
        "decide": {"alice", "mo", "olive"},
    },
    "Alice": {
        "see": MEMBERS,
        "edit": {"alice"},
        "manage": {"olive"},
        "see the years of": {"alice"},
    },
    "Alice, suspended": {
        "see": MEMBERS,
        "edit": {"alice"},
        "manage": {"olive"},
        "see the years of": {"alice"},
    },
    "a former member": {"see": NOBODY, "edit": NOBODY, "manage": NOBODY, "see the years of": NOBODY},
    "Olive": {"see": MEMBERS, "edit": {"olive"}, "manage": NOBODY, "see the years of": {"olive"}},
    "Alice, who shows her years": {
        "see": MEMBERS,
        "edit": {"alice"},
        "manage": {"olive"},
        "see the years of": MEMBERS,
    },
    "Alice, suspended, who shows her years": {
        "see": MEMBERS,
        "edit": {"alice"},
        "manage": {"olive"},
        "see the years of": {"alice"},
    },
    "Alice's meeting": {
        "see": MEMBERS,
        "answer": MEMBERS,
        "attend": MEMBERS,
        "write up": MEMBERS,
        "put questions to": MEMBERS,
        "run": {"alice", "olive"},
    },
    "Alice's meeting, cancelled": {"see": MEMBERS},
    "Alice's date poll": {"see": MEMBERS, "answer": MEMBERS, "run": {"alice", "olive"}},
    "Alice's question": {
        "see": MEMBERS,
        "reveal": MEMBERS,
        "support": MEMBERS,
        "edit": {"alice"},
        "delete": {"alice"},
        "remove": MODERATORS,
    },
    "Alice's question, removed by Mo": {"see": MEMBERS, "reveal": MEMBERS},
    "Alice's passage, on an agenda by Bob": {
        "see": MEMBERS,
        "reveal": MEMBERS,
        "support": MEMBERS,
        "delete": {"bob", "mo", "olive"},
    },
    "Alice's comment, on an agenda by Bob": {
        "see": MEMBERS,
        "reveal": MEMBERS,
        "support": MEMBERS,
        "delete": {"bob", "mo", "olive"},
    },
    "the club": {
        "plan a meeting in": {"olive"},
        "see": EVERYBODY,
        "edit": {"olive"},
        "moderate": MODERATORS,
        "talk in": MEMBERS,
        "call a vote": {"olive"},
        "say a word to": {"olive"},
        "add books to": {"olive"},
        "oversee imports of": {"olive"},
    },
    "an invitation": {"see": {"olive"}, "revoke": {"olive"}},
    "Alice's ask": {
        "see": MEMBERS,
        "answer": MEMBERS - {"alice"},
        "delete": {"alice"},
        "remove": MODERATORS,
    },
    "Alice's ask, deleted by her": {"see": MEMBERS},
    "Bob's answer to Alice": {
        "see": MEMBERS,
        "endorse": MEMBERS - {"bob"},
        "take": {"alice"},
        "delete": {"bob"},
        "remove": MODERATORS,
    },
    "Bob's answer to Alice, removed by Mo": {"see": MEMBERS},
    "Mo's endorsement": {"see": MEMBERS, "delete": {"mo"}, "remove": {"olive"}},
    "Mo's endorsement, deleted": {"see": MEMBERS},
    "a comment under an ask": {
        "react": MEMBERS,
        "discuss": {"alice"},
        "see": MEMBERS,
        "reveal": MEMBERS,
        "edit": {"alice"},
        "delete": {"alice"},
        "report": MEMBERS - {"alice"},
        "remove": MODERATORS,
    },
    "the thread of an ask": {
        "see": MEMBERS,
        "reveal": MEMBERS,
        "reply": MEMBERS,
        "subscribe to": MEMBERS,
        "lock": MODERATORS,
    },
    "a round": {"see": MEMBERS, "nominate": MEMBERS, "vote": MEMBERS, "recount": MEMBERS, "run": {"olive"}},
    "a round that is over": {
        "see": EVERYBODY,
        "nominate": MEMBERS,
        "vote": MEMBERS,
        "recount": MEMBERS,
        "run": {"olive"},
    },
    "Alice's nomination": {"see": MEMBERS, "withdraw": {"alice", "olive"}},
    "Alice's nomination, withdrawn": {"see": MEMBERS, "withdraw": NOBODY},
    "Alice's nomination in a round that is over": {"see": MEMBERS, "withdraw": {"olive"}},
}
TABLE["a club whose members meet"] = {**TABLE["the club"], "plan a meeting in": MEMBERS}


@pytest.mark.parametrize("who", Cast._fields)
def test_each_may_do_what_the_table_says_and_nothing_else(who):
    member = getattr(CAST, who)
    table = {(verb, thing): who in TABLE[thing].get(verb, NOBODY) for thing in THINGS for verb in VERBS}
    assert set(THINGS) == set(TABLE)
    assert len(table) > 1000

    wrong = [
        f"{who} {'may not' if allowed else 'may'} {verb} {thing}"
        for (verb, thing), allowed in sorted(table.items())
        if may(member, verb, THINGS[thing]) != allowed
    ]
    assert wrong == []


def test_the_table_names_every_rule():
    listed = {(verb, type(THINGS[thing]).__name__) for thing, verbs in TABLE.items() for verb in verbs}

    assert listed == set(RULES)


def test_every_rule_is_about_a_model_that_can_be_loaded(app):
    assert {kind for _, kind in RULES} == {model.__name__ for model in LOADERS}


def test_an_unlisted_verb_is_denied_to_everybody():
    assert not any(may(member, "burn", THINGS["a book"]) for member in CAST)


def test_an_unlisted_kind_is_denied_to_everybody():
    assert not any(may(member, "see", object()) for member in CAST)


def test_nothing_at_all_is_denied_to_everybody():
    assert not any(may(member, "see", None) for member in CAST)


def test_a_comment_as_a_reader_sees_it_goes_by_the_rules_of_comments():
    blank = CommentRow(**dict.fromkeys(field.name for field in fields(CommentRow)))
    hers = replace(blank, member_id=CAST.alice.id)

    assert may(CAST.alice, "edit", hers)
    assert not may(CAST.bob, "edit", hers)
    assert not may(CAST.alice, "edit", replace(hers, deleted_at=NOW))


def test_who_came_after_voting_opened_does_not_vote_and_is_told_why():
    opened = Round(id=1, voting_opened_at=NOW, voting_until_at=NOW + timedelta(days=7), lets_late_join=False)
    early, late = (Member(id=9, joined_at=NOW + timedelta(days=days)) for days in (-1, 1))

    assert may(early, "vote", opened)
    assert not may(late, "vote", opened)
    assert "here when voting opened" in why_not("vote", opened)


def test_a_locked_thread_says_why():
    assert why_not("reply", THINGS["a locked thread"]) == (
        "This conversation was locked by a moderator: It got heated."
    )


@pytest.mark.parametrize(("verb", "thing"), [("reply", "a thread"), ("lock", "a locked thread")])
def test_where_there_is_nothing_to_explain_nothing_is_said(verb, thing):
    assert why_not(verb, THINGS[thing]) is None
