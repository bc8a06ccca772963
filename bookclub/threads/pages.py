"""Addresses of threads, and of comments in their threads."""

from __future__ import annotations

from flask import url_for

from ..asks.queries import ask_id_of
from ..reviews.queries import id_of_thread
from .models import Comment, Thread
from .queries import place_in_thread


def place_of(comment: Comment, thread: Thread) -> str:
    """Return the address of a comment in its thread, on the page that shows it.

    ``GET /comments/<id>/in-thread`` redirects there, so other pages link to that instead.
    """
    place = place_in_thread(comment)
    anchor = f"comment-{place.comment_id}" if place.comment_id else None
    return page_of(thread, at=place.at, _anchor=anchor)


def page_of(thread: Thread, **place: str | int | None) -> str:
    """Return the address of the page that shows a thread: its own, its review's or its ask's."""
    if thread.title is not None:
        return url_for("threads.show", thread_id=thread.id, **place)  # type: ignore[arg-type]
    if thread.of_ask:
        return url_for("asks.show", ask_id=ask_id_of(thread.id), **place)  # type: ignore[arg-type]
    return url_for("reviews.show", review_id=id_of_thread(thread.id), **place)  # type: ignore[arg-type]
