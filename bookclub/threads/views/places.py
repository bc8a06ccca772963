"""Where a comment stands, for redirects to it."""

from __future__ import annotations

from flask import url_for

from ...reviews.queries import id_of_thread
from .. import rules
from ..models import Comment, Thread


def place_of(comment: Comment, thread: Thread) -> str:
    """The address of a comment in its thread: where that is long, on the page that begins with it."""
    at = comment.id if thread.comment_count > rules.PAGE_SIZE else None
    anchor = f"comment-{comment.id}"
    if thread.title is not None:
        return url_for("threads.show", thread_id=thread.id, at=at, _anchor=anchor)
    return url_for("reviews.show", review_id=id_of_thread(thread.id), at=at, _anchor=anchor)
