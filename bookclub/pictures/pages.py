"""The decision who may see a picture: those whom a page would show it.

That of a post follows the text that refers to it, whole or with its bars closed, today's or a former one, by
the same queries that the pages ask. Covers and the club's picture are for everybody who may look into the
club, members' pictures for members.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..lib.positions.visibility import Viewer
from ..lib.text.pictures import shows_picture
from ..members.queries import member_by_id
from ..permissions import LOADERS, may
from ..reviews import queries as review_queries
from ..reviews.models import Review
from ..threads import comment_queries
from ..threads.models import Comment
from ..web import current_member, current_viewer
from .models import Picture


def is_shown(picture: Picture, *, revealed: bool) -> bool:
    """Return whether the person who asks may see a picture.

    Its uploader always may. With ``revealed`` a member may who could reveal its post on purpose.
    """
    viewer = current_viewer()
    if viewer.is_member and picture.member_id == viewer.id:
        return True
    # The guard has turned the visitors of a private club away.
    if picture.book_id is not None or picture.of_club:
        return True
    if picture.portrait_of_id is not None:
        person = member_by_id(picture.portrait_of_id)
        return viewer.is_member and person is not None and person.is_active
    return any(shows_picture(text, picture.id) for text in _texts(picture, viewer, revealed))


def _texts(picture: Picture, viewer: Viewer, revealed: bool) -> Iterator[str]:
    """The texts of a picture's post, each as this reader may see it."""
    member = current_member()
    verb = "reveal" if revealed else "see"
    if picture.comment_id is not None:
        comment = LOADERS[Comment](picture.comment_id, lock=False)
        if comment is not None and may(member, "see", comment) and may(member, verb, comment):
            row = comment_queries.comment_row(viewer, picture.comment_id, revealed=revealed)
            yield (row and row.html) or ""
    elif picture.review_id is not None:
        review = LOADERS[Review](picture.review_id, lock=False)
        if review is not None and may(member, "see", review) and may(member, verb, review):
            row_of_review = review_queries.review_row(viewer, picture.review_id, revealed=revealed)
            yield (row_of_review and row_of_review.html) or ""
            for revision in review_queries.revisions(viewer, review):
                yield revision.html or ""
