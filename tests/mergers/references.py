"""Decisions about everything that points to a book, an author or a part of one, for mergers and splits.

A column that is not listed here fails a test: whoever adds one decides what becomes of its rows.
"""

from __future__ import annotations

from typing import NamedTuple


class Decision(NamedTuple):
    """What becomes of the rows when their book or author is merged into another, or split."""

    merger: str
    split: str


FOLLOWS = "moves; one that the kept book has already is folded into that"
BACK = "stays"
CHOSEN = "moves where an organiser chooses it"
WITH_IT = "goes along with what it points to"

REFERENCES = {
    # Books
    "adaptation.book_id": Decision(FOLLOWS, CHOSEN),
    "answer.book_id": Decision("moves; a second one of a member is marked as joined", CHOSEN),
    "ask.book_id": Decision("moves, with its thread", CHOSEN),
    "book_author.book_id": Decision("goes: the kept book's authors stand", "the new book names its own"),
    "book_edit.book_id": Decision("moves, and says of which book it was", BACK),
    "book_tag.book_id": Decision(FOLLOWS, BACK),
    "contribution.book_id": Decision(FOLLOWS, BACK),
    "club.current_book_id": Decision("moves", BACK),
    "edition.book_id": Decision("moves behind the kept book's own", CHOSEN),
    "endorsement.book_id": Decision("moves; one of the two books for the other goes", CHOSEN),
    "endorsement.other_id": Decision("moves; one of the two books for the other goes", CHOSEN),
    "former_book.book_id": Decision("moves", BACK),
    "import_row.book_id": Decision("moves", BACK),
    "imported_reading.book_id": Decision("moves; of two only what both say is remembered", BACK),
    "meeting_book.book_id": Decision(FOLLOWS, BACK),
    "merger.book_id": Decision("moves, so that the later merger is undone first", BACK),
    "merger.made_book_id": Decision("moves, so that the later merger is undone first", BACK),
    "mute.book_id": Decision(FOLLOWS, BACK),
    "nomination.book_id": Decision("moves, its label frozen; a second one is marked as joined", CHOSEN),
    "pack_neighbour.book_id": Decision("moves; of two the greater counts", BACK),
    "pack_neighbour.other_id": Decision("moves; of two the greater counts", BACK),
    "pack_readership.book_id": Decision("moves; of two the greater counts", BACK),
    "picture.book_id": Decision("moves, unless the kept book has a cover: then it is deleted in a day", BACK),
    "passage.book_id": Decision("moves, with its conversation, hidden as far as before", BACK),
    "question.book_id": Decision("moves", BACK),
    "reading.book_id": Decision(
        "moves without a place; of two one is made, with the kept book's mark",
        "moves without a place where it is counted in an edition that moves",
    ),
    "reveal.book_id": Decision("becomes wishes about the threads that the book had", BACK),
    "review.book_id": Decision("moves; of two the older becomes a version of the newer", CHOSEN),
    "review_draft.book_id": Decision("moves; of two one is made", BACK),
    "section.book_id": Decision("moves to a book that has no chapters; else the kept book's stand", BACK),
    "thread.book_id": Decision("moves", CHOSEN),
    # Authors
    "ask.author_id": Decision("moves", BACK),
    "author_spelling.author_id": Decision("moves", BACK),
    "book_author.author_id": Decision(FOLLOWS, CHOSEN),
    "contribution.author_id": Decision(FOLLOWS, "goes along with its book"),
    "merger.author_id": Decision("moves, so that the later merger is undone first", BACK),
    "merger.made_author_id": Decision("moves, so that the later merger is undone first", BACK),
    # Editions and chapters
    "passage.edition_id": Decision(WITH_IT, WITH_IT),
    "reading.edition_id": Decision(WITH_IT, WITH_IT),
    "section_start.edition_id": Decision(WITH_IT, "is put back when the split is undone"),
    "section_start.section_id": Decision(WITH_IT, BACK),
    # Readings
    "notice.reading_id": Decision(FOLLOWS, WITH_IT),
    "own_tag.reading_id": Decision(FOLLOWS, WITH_IT),
    "promise.reading_id": Decision(FOLLOWS, WITH_IT),
    "read_through.reading_id": Decision(FOLLOWS, WITH_IT),
    # Reviews
    "notice.review_id": Decision("stays: the address leads to the newer review", WITH_IT),
    "picture.review_id": Decision("moves with the words that refer to it", WITH_IT),
    "reaction.review_id": Decision("stays with the review that it is about", WITH_IT),
    "review_revision.review_id": Decision("moves, hidden as far as its review was", WITH_IT),
    "spoiler_report.review_id": Decision("stays with the review that it is about", WITH_IT),
    # Threads
    "ask.thread_id": Decision(WITH_IT, WITH_IT),
    "comment.thread_id": Decision("moves under the newer review, hidden as far as before", WITH_IT),
    "passage.thread_id": Decision(WITH_IT, "stays with its passage"),
    "returned_reply.thread_id": Decision(WITH_IT, WITH_IT),
    "reveal.thread_id": Decision("goes where it would show more than before", WITH_IT),
    "meeting.thread_id": Decision("is about no book", "is about no book"),
    "meeting_book.thread_id": Decision(WITH_IT, BACK),
    "review.thread_id": Decision(WITH_IT, WITH_IT),
    "thread_subscription.thread_id": Decision("moves, unless its member has one there", WITH_IT),
    "thread_visit.thread_id": Decision(WITH_IT, WITH_IT),
    "voting_round.thread_id": Decision("is about no book", "is about no book"),
}
# Columns that name such a row without a key that the database knows of.
LOOSE = {
    "comment.horizon_choice": "a chapter that is gone leaves the horizon as it was",
    "passage.entry": "a chapter that is gone leaves the place as it was",
    "passage.horizon_choice": "a chapter that is gone leaves the place as it was",
    "question.horizon_choice": "a chapter that is gone leaves the horizon as it was",
    "review.horizon_choice": "a chapter that is gone leaves the horizon as it was",
    "spoiler_report.horizon_choice": "a chapter that is gone leaves the horizon as it was",
    "reading.entry": "a chapter is named by its id, and a moved reading has no entry",
    "review.became_id": "written by the merger itself",
    "thread.became_id": "written by the merger itself",
    "sealed_form.path": "the old address leads to the kept book",
    "job.arguments": "a job about a book that is gone finds nothing to count",
    "mail.arguments": "no kind of mail is about a book so far; one asks for its rows when it is sent",
    "ballot.ranks": "names nominations, which keep their ids",
}
