"""Rebuilds beside requests: one at a time, not too often, and never in the way."""

from __future__ import annotations

import logging
import threading
from time import monotonic, sleep

import pytest
from flask import Flask

from bookclub.recommendations import rebuilds
from bookclub.recommendations.rebuilds import Rebuilds

SOON = 20.0


@pytest.fixture
def served(monkeypatch):
    """An application that is not under test. Its first rebuild is awaited even on a busy machine."""
    monkeypatch.setattr(rebuilds, "FIRST", SOON)
    return Flask("served")


@pytest.fixture
def ask(served):
    """``ask(ours, make)`` is what a request does; returns for how many seconds it waited."""

    def ask(ours, make):
        start = monotonic()
        with served.app_context():
            ours.ask(make)
        return monotonic() - start

    yield ask
    for thread in threading.enumerate():
        assert thread.name != "rebuild", "every rebuild has ended"


class Making:
    """Something that is made when it is let go, and counts how often it was."""

    def __init__(self) -> None:
        self.begun, self.goes_on, self.times = threading.Event(), threading.Event(), 0

    def __call__(self, pause) -> None:
        self.begun.set()
        while not self.goes_on.wait(0.005):
            pause()
        self.times += 1


def test_what_is_quickly_made_is_awaited_by_the_request_that_asks(ask):
    made, ours = [], Rebuilds()

    for number in range(3):
        ask(ours, lambda pause, number=number: made.append(number))

    assert made == [0, 1, 2]


def test_a_long_one_is_waited_for_before_the_first_only_and_for_a_while_only(ask, monkeypatch):
    monkeypatch.setattr(rebuilds, "FIRST", 0.2)
    making, ours = Making(), Rebuilds()

    assert 0.2 <= ask(ours, making) < SOON
    assert ask(ours, making) < SOON
    making.goes_on.set()
    settle(ours)

    assert making.times == 1, "who asks meanwhile means the same one"


def test_after_a_long_one_others_wait_and_no_request_does(ask, monkeypatch):
    monkeypatch.setattr(rebuilds, "QUICK", 0.0)
    monkeypatch.setattr(rebuilds, "REST", 1000.0)
    made, ours = [], Rebuilds()

    def make(pause):
        sleep(0.01)
        made.append(1)

    ask(ours, make)
    assert made == [1]
    seconds = [ask(ours, make) for _ in range(3)]

    assert made == [1], "the next one rests for a thousand times as long as the last took"
    assert max(seconds) < SOON / 4
    ours.stop()
    assert made == [1]


def test_after_its_rest_the_next_one_begins_by_itself(ask, monkeypatch):
    monkeypatch.setattr(rebuilds, "QUICK", 0.0)
    has_made, made, ours = threading.Event(), [], Rebuilds()

    def make(pause):
        sleep(0.01)
        made.append(1)
        if len(made) == 2:
            has_made.set()

    ask(ours, make)
    ask(ours, make)
    assert has_made.wait(SOON)
    settle(ours)


def test_one_that_fails_is_told_and_asked_for_again(ask, caplog):
    ours, made = Rebuilds(), []

    def fail(pause):
        raise OSError("the database is away")

    with caplog.at_level(logging.ERROR):
        ask(ours, fail)
    ask(ours, lambda pause: made.append(1))

    assert "the database is away" in caplog.text
    assert made == [1]


def test_one_that_is_stopped_ends_between_two_steps_and_none_follows(ask, monkeypatch):
    monkeypatch.setattr(rebuilds, "FIRST", 0.01)
    making, ours = Making(), Rebuilds()
    ask(ours, making)
    assert making.begun.wait(SOON)

    ours.stop()
    ask(ours, making)

    assert making.times == 0


def test_a_step_rests_for_as_long_as_it_took_but_not_for_long(ask):
    seconds = []

    def make(pause):
        for busy in (0.0, 0.02):
            until = monotonic() + busy
            while monotonic() < until:
                pass
            start = monotonic()
            pause()
            seconds.append(monotonic() - start)

    ask(Rebuilds(), make)

    assert rebuilds.LONGEST_STEP <= seconds[1] < SOON / 4


def settle(ours):
    """Wait for the rebuild that is under way."""
    ours._thread.join(SOON)
    assert not ours._thread.is_alive()
