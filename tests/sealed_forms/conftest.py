"""A club in which one member reaches nearly every form, and a browser in which their session has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.positions.places import END
from bookclub.meetings.models import MeetingSeries
from bookclub.members.models import Club
from bookclub.sections.models import Section
from tests.factories import (
    make_answer,
    make_ask,
    make_book,
    make_comment,
    make_date_poll,
    make_draft,
    make_endorsement,
    make_import,
    make_invitation,
    make_meeting,
    make_member,
    make_nomination,
    make_passage,
    make_question,
    make_reading,
    make_report,
    make_review,
    make_round,
    make_thread,
)
from tests.forms import forms_on


@pytest.fixture
def world(app, save, visit, alice, olive):
    """The organiser wrote one of everything, and Alice another, so that Olive may edit, remove and report."""
    emma, persuasion, third = save(
        make_book("Emma", author="Jane Austen"), make_book("Persuasion"), make_book("Sanditon")
    )
    day = utcnow().date()
    series = save(MeetingSeries(rule="FREQ=WEEKLY", begins_on=day, created_by_id=olive.id))
    save(
        make_reading(olive, emma, position=END),
        make_reading(olive, persuasion, position=2000),
        make_reading(alice, emma, position=3000),
        make_member("dora"),
        make_invitation(olive),
        make_endorsement(olive, emma, persuasion),
        make_endorsement(alice, emma, third),
        make_draft(olive, third),
        make_meeting(olive, starts_at=utcnow() - timedelta(days=2)),
        make_date_poll(olive),
        meeting := make_meeting(olive, series_id=series.id, series_on=day),
        Section(book_id=emma.id, place=0, title="The ball", typed_start=0, start=0),
        make_import(alice, state="running"),
        make_import(olive, shelves=[{"name": "loved", "is_shelf": True, "rows": 2, "becomes": "tag"}]),
    )
    save(make_question(meeting, olive), make_question(meeting, alice))
    save(make_passage(olive, emma), make_passage(alice, emma))
    hers, _ = save(make_review(olive, emma), make_review(alice, emma, "It is all a dream."))
    thread = save(make_thread(alice, emma))
    mine, _ = save(make_comment(thread, olive), make_comment(thread, alice))
    save(make_report(alice, mine, horizon=5000), make_report(alice, hers, horizon=5000))
    asked, asks = save(make_ask(alice), make_ask(olive, "Which one for the winter?"))
    save(make_answer(asked, olive, emma), make_answer(asks, alice, persuasion))
    nominating, voting, over = save(
        make_round(olive), make_round(olive, voting=True), make_round(olive, voting=True)
    )
    save(make_nomination(nominating, emma, olive), make_nomination(over, third, alice))
    save(make_nomination(voting, emma, alice), make_nomination(voting, persuasion, alice))
    settle(visit(olive), over)
    with app.app_context():
        begin_write()
        db.session.execute(update(Club).values(current_book_id=None))
        db.session.commit()
    return olive


def settle(client, voting_round):
    """Let a round elect its only book."""
    page = client.get(f"/rounds/{voting_round.id}").text
    (ballot,) = (form for form in forms_on(page) if form.action.endswith("/ballot"))
    (rank,) = (each.name for each in ballot.visible())
    assert client.post(ballot.action, data={rank: "yes"}).status_code == 303
    assert client.post(f"/rounds/{voting_round.id}/closure").status_code == 303


@pytest.fixture
def left(visit, end_sessions) -> Callable[..., FlaskClient]:
    """``left(alice)`` is a browser in which Alice was signed in until her session ended."""

    def left(member) -> FlaskClient:
        client = visit(member)
        assert client.get("/settings").status_code == 200
        end_sessions()
        return client

    return left
