"""Passages of the sample club, with what is said of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..books.models import Book
from ..lib.text.markdown import Prose, render
from ..members.models import Member
from ..passages.actions import Quotation, discuss, keep_passage
from ..passages.places import place_from
from ..threads.models import Wording
from ..threads.writer_queries import writer_on


def keep_sample(entry: Mapping[str, Any], member: Member, book: Book, now: datetime) -> None:
    """Keep a passage of the file, and open the conversation about it if there is one."""
    place = place_from(entry["unit"], entry["place"], writer_on(member.id, book.id))
    note = entry.get("note", "")
    prose = render(note) if note else Prose("", "", has_spoilers=False)
    passage = keep_passage(book, member, Quotation(entry["text"].strip(), note, prose, place), now)
    if "title" in entry:
        words = Wording(entry["opening"], render(entry["opening"]), "0", 0)
        discuss(passage, None, member, entry["title"], words, now)
