"""Passages that the sample club keeps, from books whose copyright has ended, with what is said of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..books.models import Book
from ..lib.text.markdown import Prose, render
from ..members.models import Member
from ..passages.actions import Quotation, discuss, keep_passage
from ..passages.places import place_from
from ..threads.models import Wording
from ..threads.writer_queries import writer_on


def keep_passages(
    entries: Sequence[Mapping[str, Any]],
    members: Mapping[str, Member],
    books: Mapping[str, Book],
    at: Callable[[float], datetime],
) -> None:
    """Keep the passages of the file, and open the conversations about them."""
    for entry in sorted(entries, key=lambda one: float(one["days"])):
        member, book = members[entry["member"]], books[entry["book"]]
        place = place_from(entry["unit"], entry["place"], writer_on(member.id, book.id))
        note = entry.get("note", "")
        prose = render(note) if note else Prose("", "", has_spoilers=False)
        said = Quotation(entry["text"].strip(), note, prose, place)
        passage = keep_passage(book, member, said, at(entry["days"]))
        if "title" in entry:
            words = Wording(entry["opening"], render(entry["opening"]), "0", 0)
            discuss(passage, None, member, entry["title"], words, at(entry["days"] + 0.1))
