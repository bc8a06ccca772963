"""Views of reactions to comments. Those to reviews are a view of that package, which alone knows reviews."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..threads.comment_queries import comment_row
from ..threads.models import Comment
from ..web import current_viewer, load, the_member
from . import actions
from .bars import answer_with_bar, refuse
from .forms import reaction_sent

bp = Blueprint("reactions", __name__)
blueprints = (bp,)


@bp.post("/comments/<int:comment_id>/reactions")
def on_comment(comment_id: int) -> Response:
    """Set the member's reaction to a comment, or take it back."""
    form = reaction_sent()
    fits = form.validate_on_submit()
    comment = load(Comment, comment_id, to="react")
    row = comment_row(current_viewer(), comment.id)
    refuse(row, fits)
    actions.react(the_member(), form.kind.data or "", utcnow(), on=form.is_on, comment_id=comment.id)
    db.session.commit()
    return answer_with_bar(
        row, comment.thread, form, otherwise=url_for("comments.in_thread", comment_id=comment.id)
    )
