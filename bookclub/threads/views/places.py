"""Where a comment stands, and where a thread is read, for redirects to them."""

from __future__ import annotations

from flask import url_for

from ...recommendations.queries import ask_id_of
from ...reviews.queries import id_of_thread
from .. import rules
from ..models import Comment, Thread


def place_of(comment: Comment, thread: Thread) -> str:
    """The address of a comment in its thread: where that is long, on the page that begins with it."""
    at = comment.id if thread.comment_count > rules.PAGE_SIZE else None
    return page_of(thread, at=at, _anchor=f"comment-{comment.id}")


def page_of(thread: Thread, **place: str | int | None) -> str:
    """The address of the page on which a thread is read: its own, its review's or its ask's."""
    if thread.title is not None:
        return url_for("threads.show", thread_id=thread.id, **place)  # type: ignore[arg-type]
    if thread.of_ask:
        return url_for("asks.show", ask_id=ask_id_of(thread.id), **place)  # type: ignore[arg-type]
    return url_for("reviews.show", review_id=id_of_thread(thread.id), **place)  # type: ignore[arg-type]
