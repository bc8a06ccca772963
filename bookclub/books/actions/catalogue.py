"""To add a book with all its parts, and to edit one and log what was changed. Neither commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ...extensions import db
from ...prose import RENDERER_VERSION
from .. import queries, rules
from ..models import Adaptation, Author, Book, BookAuthor, BookEdit, BookTag, Contribution, Edition, Tag
from ..rules import BookFields, Contributor


def add_book(fields: BookFields, member_id: int | None, submission: str | None = None) -> Book:
    """Add a book, with those of its authors and tags that are new; return it with its id and slug.

    ``member_id`` is who adds it, None where it comes with the club. Whether the club has it already is
    for the caller to ask (``queries.twins_of``); an ISBN that another book has is an IntegrityError.
    """
    queries.hold_catalogue()
    base = rules.slug_base(fields.title, "book")
    book = Book(
        slug=rules.free_slug(base, queries.slugs_like(Book, base)),
        added_by_id=member_id,
        submission=submission,
        credits=[],
        contributions=[],
        taggings=[],
        editions=[Edition()],
        adaptations=[],
    )
    _write(book, fields)
    db.session.add(book)
    db.session.flush()
    return book


def edit_book(book: Book, fields: BookFields, member_id: int) -> BookEdit | None:
    """Change a book, loaded with all its parts, and log what differs; None where nothing does.

    Its slug stays, so that no link breaks. An author of this book whose name is only spelt otherwise
    now (another case, an accent) is renamed, which shows on all of their books.
    """
    queries.hold_catalogue()
    fields = replace(fields, authors=_canonical(fields.authors))
    changes = rules.changes_between(book.fields, fields)
    if not changes:
        return None
    if "authors" in changes:
        _respell(book, fields.authors)
    _write(book, fields)
    edit = BookEdit(book_id=book.id, member_id=member_id, changes=changes)
    db.session.add(edit)
    db.session.flush()
    return edit


def columns_of(
    fields: BookFields, names: Sequence[str], isbns: Iterable[str] = (), other_names: Iterable[str] = ()
) -> dict[str, Any]:
    """The columns of a book's own row, whose authors are spelt so, and that has these other ISBNs.

    ``other_names`` are what it and its authors were called before they were merged.
    """
    return {
        "title": fields.title,
        "subtitle": fields.subtitle,
        "authors_line": rules.authors_line(names or fields.named),
        "title_key": rules.title_key(fields.title),
        "search_key": rules.search_key(fields, isbns, other_names),
        **rules.match_columns(fields.title),
        "first_published": fields.first_published,
        "series": fields.series.name,
        "series_number": fields.series.number,
        "description": fields.description,
        "description_html": fields.description_html,
        "renderer_version": RENDERER_VERSION,
    }


def _write(book: Book, fields: BookFields) -> None:
    """Put the fields into a book that is new, or loaded with all its parts."""
    with db.session.no_autoflush:
        authors = [credit.author for credit in book.credits]
        if tuple(author.name for author in authors) != fields.authors:
            authors = _authors(fields.authors)
            _credit(book, authors)
        if book.contributors != fields.contributors:
            _contribute(book, fields.contributors, authors)
        if tuple(tag.name for tag in book.tags) != fields.tags:
            _tag(book, _tags(fields.tags))
    others = (edition.isbn or "" for edition in book.editions[1:])
    with db.session.no_autoflush:
        other_names = queries.other_names(book.id, [author.id for author in authors])
    for name, value in columns_of(fields, [author.name for author in authors], others, other_names).items():
        setattr(book, name, value)
    if not book.editions:
        book.editions.append(Edition())
    book.editions[0].isbn, book.editions[0].pages = fields.isbn, fields.pages
    if tuple(adaptation.fields for adaptation in book.adaptations) != fields.adaptations:
        book.adaptations = [
            Adaptation(title=one.title, year=one.year, kind=one.kind) for one in fields.adaptations
        ]


def _credit(book: Book, authors: Sequence[Author]) -> None:
    """Name these authors on the book, in this order, keeping the rows of those who stay."""
    present = {credit.author.identity_key: credit for credit in book.credits}
    book.credits = [present.get(author.identity_key) or BookAuthor(author=author) for author in authors]
    for place, credit in enumerate(book.credits):
        credit.place = place


def _contribute(book: Book, contributors: Sequence[Contributor], authors: Sequence[Author]) -> None:
    """Name those who made the book besides its authors, in their roles and in this order."""
    known = {author.identity_key: author for author in authors}
    for author in _authors([one.name for one in contributors]):
        known.setdefault(author.identity_key, author)
    present = {(one.author.identity_key, one.role): one for one in book.contributions}
    wanted = [(known[rules.identity_key(one.name)], one.role) for one in contributors]
    book.contributions = [
        present.get((author.identity_key, role)) or Contribution(author=author, role=role)
        for author, role in wanted
    ]
    for place, contribution in enumerate(book.contributions):
        contribution.place = place


def _tag(book: Book, tags: Sequence[Tag]) -> None:
    """Put these tags on the book, in this order, keeping the rows of those that stay."""
    present = {tagging.tag.name_key: tagging for tagging in book.taggings}
    book.taggings = [present.get(tag.name_key) or BookTag(tag=tag) for tag in tags]
    for place, tagging in enumerate(book.taggings):
        tagging.place = place


def _authors(names: Sequence[str]) -> list[Author]:
    """The authors of these names, each once; those whom nobody has named before are made."""
    known = queries.authors_by_identity(names)
    for name in names:
        key = rules.identity_key(name)
        if key not in known:
            base = rules.slug_base(name, "author")
            taken = queries.slugs_like(Author, base) | {author.slug for author in known.values()}
            author = known[key] = Author(slug=rules.free_slug(base, taken))
            author.rename(name)
    return list(dict.fromkeys(known[rules.identity_key(name)] for name in names))


def _canonical(names: Sequence[str]) -> tuple[str, ...]:
    """Return these names, each once, with the spelling of a merged author in place of a former one."""
    known, former = queries.authors_by_identity(names), queries.former_spellings(names)
    spelt: dict[str, str] = {}
    for name in names:
        author = known.get(key := rules.identity_key(name))
        if author and (author.identity_key != key or rules.key_of(name) in former):
            name = author.name
        spelt.setdefault(rules.identity_key(name), name)
    return tuple(spelt.values())


def _tags(names: Sequence[str]) -> list[Tag]:
    """The tags of these names; new ones are made."""
    known = queries.tags_by_key([rules.key_of(name) for name in names])
    for name in names:
        key = rules.key_of(name)
        if key not in known:
            base = rules.slug_base(name, "tag")
            taken = queries.slugs_like(Tag, base) | {tag.slug for tag in known.values()}
            known[key] = Tag(slug=rules.free_slug(base, taken), name=name, name_key=key)
    return [known[rules.key_of(name)] for name in names]


def _respell(book: Book, names: Sequence[str]) -> None:
    """Take over the new spelling of those who are authors of the book already, wherever they are named."""
    spelt = {rules.identity_key(name): name for name in names}
    for author in [credit.author for credit in book.credits]:
        name = spelt.get(author.identity_key, author.name)
        if name != author.name and not queries.is_spelt_so(name, besides=author):
            author.rename(name)
            for other in queries.credited_to(author.id):
                other.authors_line = rules.authors_line([credit.author.name for credit in other.credits])
