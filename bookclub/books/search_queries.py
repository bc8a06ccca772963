"""Words by which the search finds books and authors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import select

from ..extensions import db
from ..lib.text.markdown import plain_text
from ..lib.text.shown_text import typed
from ..searchable import SearchableText, Source, public_words, searchable
from .models import Author, AuthorSpelling, Book, FormerBook

_B, _F = Book.__table__.c, FormerBook.__table__.c
_A, _S = Author.__table__.c, AuthorSpelling.__table__.c


@searchable(
    "book", 1, Book,
    Source(_B.id, _B.title, _B.subtitle, _B.authors_line, _B.series, _B.description, _B.description_html),
    Source(_F.book_id, _F.title, _F.subtitle),
)  # fmt: skip
def book_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return titles of books, those from before a merger too, with their authors, series and description."""
    former: dict[int, list[str]] = defaultdict(list)
    aliases = select(FormerBook.book_id, FormerBook.title, FormerBook.subtitle)
    for book_id, title, subtitle in db.session.execute(aliases.where(FormerBook.book_id.in_(ids))):
        former[book_id] += title, subtitle
    columns = (
        Book.id,
        Book.title,
        Book.subtitle,
        Book.authors_line,
        Book.series,
        Book.description_html.label("description_html"),
    )
    for row in db.session.execute(select(*columns).where(Book.id.in_(ids))):
        # The stored line has no words of a language between the names.
        about = f"{typed(row.authors_line)}\n{row.series}\n{plain_text(row.description_html)}"
        yield SearchableText(row.id, public_words(row.title, row.subtitle, *former[row.id]), about)


@searchable("author", 2, Author, Source(_A.id, _A.name), Source(_S.author_id, _S.name))
def author_words(ids: Collection[int]) -> Iterator[SearchableText]:
    """Return names of authors, in all spellings that the club knows."""
    spellings: dict[int, list[str]] = defaultdict(list)
    others = select(AuthorSpelling.author_id, AuthorSpelling.name)
    for author_id, name in db.session.execute(others.where(AuthorSpelling.author_id.in_(ids))):
        spellings[author_id].append(name)
    for author_id, name in db.session.execute(select(Author.id, Author.name).where(Author.id.in_(ids))):
        yield SearchableText(author_id, public_words(name, *spellings[author_id]))
