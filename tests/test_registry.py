"""Events of the packages: each has handlers once the application is made, and calls all of them."""

from __future__ import annotations

from bookclub.books import events as book_events
from bookclub.members import events as member_events
from bookclub.registry import Registry


def test_handlers_are_called_in_the_order_of_their_registration():
    event = Registry()
    event(lambda word: f"{word}, first")
    event(lambda word: f"{word}, second")

    assert event.call("Read") == ["Read, first", "Read, second"]


def test_every_event_has_a_handler(app):
    events = {
        name: event
        for module in (book_events, member_events)
        for name, event in vars(module).items()
        if isinstance(event, Registry)
    }

    assert len(events) == 9
    assert [name for name, event in events.items() if not event._handlers] == []
    # The views of books and chapters unpack its one result.
    assert len(events["on_measure"]._handlers) == 1
