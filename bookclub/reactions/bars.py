"""Bars of reactions on every page that shows posts, and the answer to a reaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from flask import abort, g, url_for
from werkzeug.wrappers import Response

from ..lib.text.messages import gettext as _
from ..threads.models import Thread
from ..threads.rules import CommentRow
from ..web import answer, current_viewer
from . import queries, rules
from .forms import ReactionForm
from .queries import Subject
from .rules import KindCount, ReactionRow


class Reactable(Protocol):
    """A comment or a review as one reader sees it, to which members react."""

    @property
    def id(self) -> int: ...
    @property
    def horizon(self) -> int: ...
    @property
    def html(self) -> str | None: ...
    @property
    def is_gone(self) -> bool: ...
    @property
    def is_revealed(self) -> bool: ...


@dataclass(frozen=True)
class ReactionBar:
    """The reactions to one post, and the address that takes another one; ``id`` is that of its element.

    ``pressed`` is the kind that the member has just given or taken back, and ``said`` says so.

    The author of a comment can press there, too, that they would like to discuss it: ``comment_id`` is that
    of their comment, and ``is_open`` says whether they did.
    """

    id: str
    url: str
    kinds: list[KindCount]
    pressed: str | None = None
    said: str | None = None
    comment_id: int | None = None
    is_open: bool = False

    @property
    def given(self) -> list[KindCount]:
        """The kinds that stand in the bar itself: liking, and whatever somebody has given."""
        return [one for one in self.kinds if one.count or one.kind == rules.KINDS[0]]

    @property
    def others(self) -> list[KindCount]:
        return [one for one in self.kinds if one not in self.given]

    @property
    def has_names(self) -> bool:
        return any(one.count for one in self.kinds)


def subject_of(post: Reactable) -> Subject:
    return ("comment_id" if isinstance(post, CommentRow) else "review_id", post.id)


def is_open(post: Reactable) -> bool:
    """Return whether a post shows its words to this reader for good. Reactions are locked with their post."""
    return post.html is not None and not post.is_gone and not post.is_revealed


def load_reactions(posts: Iterable[Reactable], thread: Thread) -> None:
    """Load the reactions to the posts of a page in one query, for the bars that it shows."""
    if "reactions" not in g:
        g.reactions = {}
    wanted = [subject_of(post) for post in posts if is_open(post)]
    missing = [subject for subject in wanted if subject not in g.reactions]
    found = queries.reactions_to(missing, thread.book_id)
    g.reactions.update({subject: found.get(subject, []) for subject in missing})


def reaction_bar(
    post: Reactable, thread: Thread, pressed: str | None = None, said: str | None = None
) -> ReactionBar | None:
    """Return the reactions to a post as this reader sees them; None if its words are locked or gone."""
    if not is_open(post):
        return None
    load_reactions([post], thread)
    reactions: list[ReactionRow] = g.reactions[subject_of(post)]
    what = "comment" if isinstance(post, CommentRow) else "review"
    url = (
        url_for("reactions.on_comment", comment_id=post.id)
        if what == "comment"
        else url_for("reviews.react", review_id=post.id)
    )
    kinds = rules.count_kinds(reactions, post.horizon, current_viewer())
    own = post if isinstance(post, CommentRow) and post.is_mine else None
    return ReactionBar(
        f"reactions-{what}-{post.id}",
        url,
        kinds,
        pressed,
        said,
        own.id if own else None,
        bool(own and own.is_open_question),
    )


def refuse(post: Reactable | None, fits: bool) -> None:
    """Abort if the member cannot read the post, or if the form makes no sense."""
    if post is None or post.html is None:
        abort(403, _("You can react once you have read as far as this."))
    if not fits:
        abort(422, _("Choose a reaction, and whether to give it or to take it back."))


def answer_with_bar(
    post: Reactable | None, thread: Thread, form: ReactionForm, *, otherwise: str
) -> Response:
    """Answer with the bar as it is now; without htmx, with a redirect to the post."""
    words = _("Your reaction is added.") if form.is_on else _("Your reaction is taken back.")
    return answer(
        "reactions/answer.htmx.html",
        post=post,
        thread=thread,
        pressed=form.kind.data,
        said=words,
        otherwise=otherwise,
    )
