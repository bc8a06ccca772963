"""How a test reports a spoiler and decides on it."""

from __future__ import annotations

from bookclub.threads.models import Comment


def report(client, post, horizon="5000", **more):
    """Send the form that says up to where a post gives the book away."""
    kind = "comments" if isinstance(post, Comment) else "reviews"
    return client.post(f"/{kind}/{post.id}/spoiler-report", data={"horizon": horizon}, **more)


def decide(client, verdict, report_id=1, **fields):
    return client.post(f"/reports/{report_id}/decision", data={"verdict": verdict, **fields})
