"""The page of the search: the form, and what was found by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import render_template

from ..asks.models import Ask
from ..books.models import Author, Book
from ..lib.positions.visibility import Viewer
from ..lib.text.markdown import plain_text
from ..lib.text.messages import gettext as _
from ..lib.text.search_query import SearchQuery
from ..lib.text.snippets import SnippetPart, mark_words, snippet
from ..meetings.models import Meeting
from ..members.models import Member
from ..passages.queries import passages_by_id
from ..passages.rules import PassageRow
from ..questions.rules import QuestionRow
from ..reviews.queries import reviews_by_id
from ..reviews.rules import ReviewRow
from ..rounds.models import Round
from ..searchable import KINDS
from ..threads.models import Thread
from ..threads.placed_comment_queries import PlacedComment, comments_by_id
from ..web import current_viewer
from . import hit_queries, row_queries, rules
from .forms import SearchForm
from .hit_queries import SearchHit
from .rules import Group, Hit, HitPlace, Narrowing


def show_form(form: SearchForm, *, is_too_often: bool = False) -> str:
    """Render the form alone: nothing was asked yet, or what was asked cannot be answered."""
    return render_template("search/show.html", form=form, groups=None, is_too_often=is_too_often)


def show_hits(form: SearchForm, query: SearchQuery, by: Narrowing, after: HitPlace | None) -> str:
    """Render what this reader finds: a few hits of each kind, or a page of one kind."""
    viewer, chosen = current_viewer(), form.kind.data
    if chosen:
        kinds, most = [chosen], rules.MANY
    else:
        kinds, most = hit_queries.kinds_with_words(rules.kinds_for(viewer), query), rules.FEW
    groups = [find_group(viewer, kind, query, by, most, after if chosen else None) for kind in kinds]
    return render_template(
        "search/show.html",
        form=form,
        groups=[group for group in groups if group.hits],
        is_too_often=False,
    )


def find_group(
    viewer: Viewer, kind: str, query: SearchQuery, by: Narrowing, most: int, after: HitPlace | None
) -> Group:
    """Return the first hits of a kind after a place, as this reader may see them."""
    # One hit more than is shown tells if there are others that this reader may see.
    found = hit_queries.find(viewer, kind, query, by, limit=most + 1, after=after)
    if not found:
        return Group(kind, [])
    shown = found[:most]
    make = _MAKERS.get(kind)
    hits = make(viewer, shown, query) if make else _hits_in_public(kind, shown, query)
    last = shown[-1].place if len(found) > most else None
    return Group(kind, hits, last)


def _hits_in_public(kind: str, found: Sequence[SearchHit], query: SearchQuery) -> list[Hit]:
    """Return hits in what all who find it may read as a whole."""
    ids, model = [each.row_id for each in found], KINDS[kind].model
    rows = row_queries.rows_by_id(model, ids)
    texts = {words.row_id: words.text for words in KINDS[kind].load(ids)}
    hits = []
    for row_id in (row_id for row_id in ids if row_id in rows and row_id in texts):
        words = snippet(texts[row_id], query)
        hit = _FACES[model](rows[row_id], partial(mark_words, query=query))
        # Of a hit in the title alone, the text below it says nothing.
        hits.append(replace(hit, words=words) if is_hit(words) else hit)
    return hits


def _hits_in_comments(viewer: Viewer, found: Sequence[SearchHit], query: SearchQuery) -> list[Hit]:
    comments = comments_by_id(viewer, [each.row_id for each in found])
    return [
        _comment_hit(comments[each.row_id], query)
        for each in found
        # It may have been locked or deleted since it was found.
        if each.row_id in comments and comments[each.row_id].row.html
    ]


def _comment_hit(comment: PlacedComment, query: SearchQuery) -> Hit:
    title = comment.thread_title or comment.book_title or _("A comment")
    return Hit(
        endpoint="comments.in_thread",
        address={"comment_id": comment.row.id},
        title=[SnippetPart(title)],
        words=snippet(plain_text(comment.row.html or ""), query),
        name=comment.row.author,
        about=comment.book_title or "" if comment.thread_title else "",
        at=comment.row.created_at,
    )


def _hits_in_reviews(viewer: Viewer, found: Sequence[SearchHit], query: SearchQuery) -> list[Hit]:
    reviews = reviews_by_id(viewer, [each.row_id for each in found])
    rows = (reviews[each.row_id] for each in found if each.row_id in reviews)
    return [_review_hit(row, query) for row in rows if row.deleted_at is None]


def _review_hit(review: ReviewRow, query: SearchQuery) -> Hit:
    # The body is None where it lies ahead of the reader.
    text = "\n".join(filter(None, (review.summary, plain_text(review.html or ""))))
    return Hit(
        endpoint="reviews.show",
        address={"review_id": review.id},
        title=mark_words(review.title, query),
        words=snippet(text, query),
        name=review.author,
        about=review.book_title,
        at=review.created_at,
    )


def _hits_in_questions(viewer: Viewer, found: Sequence[SearchHit], query: SearchQuery) -> list[Hit]:
    questions = row_queries.questions_by_id(viewer, [each.row_id for each in found])
    rows = (questions[each.row_id] for each in found if each.row_id in questions)
    return [_question_hit(row, query) for row in rows if row.html]


def _question_hit(question: QuestionRow, query: SearchQuery) -> Hit:
    return Hit(
        endpoint="meetings.show",
        address={"meeting_id": question.meeting_id, "_anchor": f"question-{question.id}"},
        title=[SnippetPart(question.book_title or _("A question for a meeting"))],
        words=snippet(plain_text(question.html or ""), query),
        name=question.author,
        at=question.created_at,
    )


def _hits_in_passages(viewer: Viewer, found: Sequence[SearchHit], query: SearchQuery) -> list[Hit]:
    passages = passages_by_id(viewer, [each.row_id for each in found])
    rows = (passages[each.row_id] for each in found if each.row_id in passages)
    return [_passage_hit(row, query) for row in rows if row.text is not None]


def _passage_hit(passage: PassageRow, query: SearchQuery) -> Hit:
    text = "\n".join(filter(None, (passage.text, plain_text(passage.html or ""))))
    return Hit(
        endpoint="passages.show",
        address={"passage_id": passage.id},
        title=[SnippetPart(passage.book_title)],
        words=snippet(text, query),
        name=passage.author,
        at=passage.created_at,
    )


def is_hit(words: Sequence[SnippetPart]) -> bool:
    """Return whether some part of a text is what was searched for."""
    return any(part.is_hit for part in words)


Mark = Callable[[str], Sequence[SnippetPart]]


def _book_face(book: Book, mark: Mark) -> Hit:
    return Hit("books.show", {"slug": book.slug}, mark(book.title), name=book.authors_line)


def _author_face(author: Author, mark: Mark) -> Hit:
    return Hit("authors.show", {"slug": author.slug}, mark(author.name))


def _member_face(member: Member, mark: Mark) -> Hit:
    return Hit("members.show", {"username": member.username}, mark(member.display_name))


def _thread_face(thread: Thread, mark: Mark) -> Hit:
    about = thread.book.title if thread.book else ""
    where = {"thread_id": thread.id}
    name = thread.member.display_name
    return Hit("threads.show", where, mark(thread.title or ""), name=name, about=about, at=thread.created_at)


def _ask_face(ask: Ask, mark: Mark) -> Hit:
    about = ask.book.title if ask.book else ""
    name = ask.member.display_name
    return Hit("asks.show", {"ask_id": ask.id}, mark(ask.question), name=name, about=about, at=ask.asked_at)


def _meeting_face(meeting: Meeting, mark: Mark) -> Hit:
    where = {"meeting_id": meeting.id}
    return Hit("meetings.show", where, mark(meeting.title), name=meeting.place, at=meeting.starts_at)


def _round_face(voting_round: Round, mark: Mark) -> Hit:
    where = {"round_id": voting_round.id}
    return Hit("rounds.show", where, mark(voting_round.title), at=voting_round.opened_at)


_FACES: Mapping[type, Callable[[Any, Mark], Hit]] = {
    Book: _book_face,
    Author: _author_face,
    Member: _member_face,
    Thread: _thread_face,
    Ask: _ask_face,
    Meeting: _meeting_face,
    Round: _round_face,
}
_MAKERS: Mapping[str, Callable[[Viewer, Sequence[SearchHit], SearchQuery], list[Hit]]] = {
    "comment": _hits_in_comments,
    "review": _hits_in_reviews,
    "question": _hits_in_questions,
    "passage": _hits_in_passages,
}
