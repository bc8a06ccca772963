"""How a test says something in a thread, and finds it on a page."""

from __future__ import annotations

import re

from tests.factories import make_comment

HTMX = {"HX-Request": "true"}
HUGE = "99999999999999999999"


def places(page: str) -> list[int]:
    """The ids of the comments that have a place on a page, in its order."""
    return [int(found) for found in re.findall(r'id="comment-(\d+)"', page)]


def say(client, thread, body="I agree.", **fields):
    """Send the form under a thread."""
    headers = fields.pop("headers", None)
    form = {"body": body, "parent_id": "", "horizon": "0", **fields}
    return client.post(f"/threads/{thread.id}/comments", data=form, headers=headers)


def open_thread(client, book, **fields):
    form = {"title": "Mr Knightley", "body": "Is he too good?", "horizon": "0", **fields}
    return client.post(f"/books/{book.slug}/threads", data=form)


def many(save, thread, member, count, parent=None):
    return save(
        *(make_comment(thread, member, f"Remark {number}.", parent=parent) for number in range(count))
    )
