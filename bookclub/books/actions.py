"""Add and edit books, editions, authors and tags, and log the edits. Nothing here commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import update

from ..bulk import write_numbered, write_rows
from ..extensions import db, utcnow
from ..lib.matches import author_names, book_fields, titles
from ..lib.matches.book_fields import BookFields
from ..lib.matches.contributors import Contributor
from ..lib.matches.editions import EditionFields
from ..lib.text import keys
from ..lib.text.markdown import RENDERER_VERSION
from ..members.models import Member
from . import alias_queries, queries
from .models import Adaptation, Author, Book, BookAuthor, BookEdit, BookTag, Contribution, Edition, Tag
from .queries import isbns_taken, slugs_among


def add_book(fields: BookFields, added_by_id: int | None, submission: str | None = None) -> Book:
    """Add a book, with those of its authors and tags that are new; return it with its id and slug.

    ``added_by_id`` is the member who adds it, None if it comes with the club. The caller must check whether
    the club has it already (``queries.twins_of``). Raises IntegrityError if another book has its ISBN.
    """
    queries.hold_catalogue()
    base = keys.slug_base(fields.title, "book")
    book = Book(
        slug=keys.free_slug(base, queries.slugs_like(Book, base)),
        added_by_id=added_by_id,
        submission=submission,
        credits=[],
        contributions=[],
        taggings=[],
        editions=[Edition()],
        adaptations=[],
    )
    _write_fields(book, fields)
    db.session.add(book)
    db.session.flush()
    return book


def edit_book(book: Book, fields: BookFields, member: Member) -> BookEdit | None:
    """Change a book, loaded with all its parts, and log what differs; return None if nothing does.

    Its slug stays, so that no link breaks. An author of this book whose name is only spelt differently
    now (another case, an accent) is renamed, which shows on all of their books.
    """
    queries.hold_catalogue()
    # A form may still name an author by a spelling that was merged, which must not rename the author back.
    fields = replace(fields, authors=_canonical_names(fields.authors))
    changes = book_fields.changes_between(book.fields, fields)
    if not changes:
        return None
    if "authors" in changes:
        _rename_authors(book, fields.authors)
    _write_fields(book, fields)
    edit = BookEdit(book_id=book.id, member_id=member.id, changes=changes)
    db.session.add(edit)
    db.session.flush()
    return edit


def columns_of(
    fields: BookFields, names: Sequence[str], isbns: Iterable[str] = (), other_names: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the columns of a book's own row.

    ``names`` are its authors as they are spelt, and ``isbns`` those of its other editions. ``other_names``
    are what it and its authors were called before they were merged.
    """
    return {
        "title": fields.title,
        "subtitle": fields.subtitle,
        "authors_line": book_fields.authors_line(names or fields.named),
        "title_key": keys.title_key(fields.title),
        "search_key": book_fields.search_key(fields, isbns, other_names),
        **titles.match_columns(fields.title),
        "first_published": fields.first_published,
        "series": fields.series.name,
        "series_number": fields.series.number,
        "description": fields.description,
        "description_html": fields.description_html,
        "renderer_version": RENDERER_VERSION,
    }


def _write_fields(book: Book, fields: BookFields) -> None:
    """Put the fields into a book that is new, or loaded with all its parts."""
    # A query must not flush the book while only some of its fields are written.
    with db.session.no_autoflush:
        authors = [credit.author for credit in book.credits]
        if tuple(author.name for author in authors) != fields.authors:
            authors = _find_or_make_authors(fields.authors)
            _set_credits(book, authors)
        if book.contributors != fields.contributors:
            _set_contributions(book, fields.contributors, authors)
        if tuple(tag.name for tag in book.tags) != fields.tags:
            _set_tags(book, _find_or_make_tags(fields.tags))
    # The first edition's ISBN is in ``fields``. A search must find the book by those of the others, too.
    others = (edition.isbn or "" for edition in book.editions[1:])
    with db.session.no_autoflush:
        other_names = alias_queries.other_names(book.id, [author.id for author in authors])
    for name, value in columns_of(fields, [author.name for author in authors], others, other_names).items():
        setattr(book, name, value)
    # The first edition has the ISBN and the pages of the book's own form.
    if not book.editions:
        book.editions.append(Edition())
    book.editions[0].isbn, book.editions[0].pages = fields.isbn, fields.pages
    if tuple(adaptation.fields for adaptation in book.adaptations) != fields.adaptations:
        book.adaptations = [
            Adaptation(title=one.title, year=one.year, kind=one.kind) for one in fields.adaptations
        ]


def _set_credits(book: Book, authors: Sequence[Author]) -> None:
    """Credit these authors on the book, in this order, and keep the rows of those who stay."""
    present = {credit.author.identity_key: credit for credit in book.credits}
    book.credits = [present.get(author.identity_key) or BookAuthor(author=author) for author in authors]
    for place, credit in enumerate(book.credits):
        credit.place = place


def _set_contributions(book: Book, contributors: Sequence[Contributor], authors: Sequence[Author]) -> None:
    """Credit the book's contributors besides its authors, in their roles and in this order."""
    # An author may be the translator as well, and must not be made twice.
    known = {author.identity_key: author for author in authors}
    for author in _find_or_make_authors([one.name for one in contributors]):
        # The authors' own objects win, since those that are new are not in the database for a second look-up.
        known.setdefault(author.identity_key, author)
    present = {(one.author.identity_key, one.role): one for one in book.contributions}
    wanted = [(known[author_names.identity_key(one.name)], one.role) for one in contributors]
    book.contributions = [
        present.get((author.identity_key, role)) or Contribution(author=author, role=role)
        for author, role in wanted
    ]
    for place, contribution in enumerate(book.contributions):
        contribution.place = place


def _set_tags(book: Book, tags: Sequence[Tag]) -> None:
    """Put these tags on the book, in this order, and keep the rows of those that stay."""
    present = {tagging.tag.name_key: tagging for tagging in book.taggings}
    book.taggings = [present.get(tag.name_key) or BookTag(tag=tag) for tag in tags]
    for place, tagging in enumerate(book.taggings):
        tagging.place = place


def _find_or_make_authors(names: Sequence[str]) -> list[Author]:
    """Return the authors with these names, each once; new ones are made."""
    known = queries.authors_by_identity(names)
    for name in names:
        key = author_names.identity_key(name)
        if key not in known:
            base = keys.slug_base(name, "author")
            # Authors made in this loop are not in the database yet.
            taken = queries.slugs_like(Author, base) | {author.slug for author in known.values()}
            author = known[key] = Author(slug=keys.free_slug(base, taken))
            author.rename(name)
    # Two spellings of one person would be two credits with one key, which the database refuses.
    return list(dict.fromkeys(known[author_names.identity_key(name)] for name in names))


def _canonical_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return these names, each once, with the spelling of a merged author in place of a former one."""
    known, former = queries.authors_by_identity(names), alias_queries.former_spellings(names)
    spelt: dict[str, str] = {}
    for name in names:
        author = known.get(key := author_names.identity_key(name))
        # A new accent or case corrects a name and passes; a former spelling gives way to the present one.
        if author and (author.identity_key != key or keys.key_of(name) in former):
            name = author.name
        spelt.setdefault(author_names.identity_key(name), name)
    return tuple(spelt.values())


def _find_or_make_tags(names: Sequence[str]) -> list[Tag]:
    """Return the tags with these names; new ones are made."""
    known = queries.tags_by_key([keys.key_of(name) for name in names])
    for name in names:
        key = keys.key_of(name)
        if key not in known:
            base = keys.slug_base(name, "tag")
            taken = queries.slugs_like(Tag, base) | {tag.slug for tag in known.values()}
            known[key] = Tag(slug=keys.free_slug(base, taken), name=name, name_key=key)
    return [known[keys.key_of(name)] for name in names]


def _rename_authors(book: Book, names: Sequence[str]) -> None:
    """Take over the new spelling of those who are authors of the book already, on all of their books."""
    spelt = {author_names.identity_key(name): name for name in names}
    for author in [credit.author for credit in book.credits]:
        name = spelt.get(author.identity_key, author.name)
        # Names are unique: two rows of one person can be merged, but not called the same.
        if name != author.name and not queries.is_spelt_so(name, besides=author):
            author.rename(name)
            for other in queries.credited_to(author.id):
                other.authors_line = book_fields.authors_line(
                    [credit.author.name for credit in other.credits]
                )


def add_edition(
    book: Book, fields: EditionFields, member: Member | None, submission: str | None = None
) -> Edition:
    """Add an edition to a book that is loaded with all its parts, and log it.

    A book's first edition that nothing is known of yet is filled instead. The caller must refuse an ISBN
    that another edition has (``queries.edition_called``). ``member`` is None if the edition comes with
    the club; then nothing is logged.
    """
    # Every book begins with an empty edition. To add beside it would leave a printing without any details.
    blank = book.editions[0] if len(book.editions) == 1 and not book.editions[0].fields else None
    edition = blank or Edition()
    if blank is None:
        book.editions.append(edition)
    edition.submission = submission
    _write_edition(book, edition, fields)
    if member is not None:
        _log_edition(book, member, "", fields.text)
    db.session.flush()
    return edition


def edit_edition(book: Book, edition: Edition, fields: EditionFields, member: Member) -> bool:
    """Correct an edition of a book that is loaded with all its parts; return whether anything was logged."""
    before = edition.fields
    if before == fields:
        return False
    _write_edition(book, edition, fields)
    _log_edition(book, member, before.text, fields.text)
    db.session.flush()
    return True


def _write_edition(book: Book, edition: Edition, fields: EditionFields) -> None:
    edition.isbn, edition.format = fields.isbn, fields.format
    edition.pages, edition.minutes = fields.pages, fields.minutes
    # Books are found by the ISBN of any of their editions.
    others = (other.isbn or "" for other in book.editions[1:])
    names = alias_queries.other_names(book.id, [credit.author_id for credit in book.credits])
    book.search_key = book_fields.search_key(book.fields, others, names)


def _log_edition(book: Book, member: Member, before: str, after: str) -> None:
    db.session.add(BookEdit(book_id=book.id, member_id=member.id, changes={"edition": [before, after]}))


# Slugs of one title up to this number are looked up together; further ones need a statement each.
NAMESAKES = 20


def add_books(wanted: Sequence[tuple[BookFields, EditionFields]], added_by_id: int | None) -> list[int]:
    """Add books as ``add_book`` does each, with a fixed number of statements; return their ids, in order.

    Of the editions only format and minutes are used, which the fields of a book do not have. The caller must
    make sure that no two are the same book, that the club has none of them, and that nobody else adds to
    the catalogue meanwhile (``queries.hold_catalogue``). An ISBN that the catalogue has already, or that an
    earlier one of these has, is left out. None has adaptations.
    """
    if not wanted:
        return []
    authors = _author_ids(
        name for fields, _ in wanted for name in (*fields.authors, *(one.name for one in fields.contributors))
    )
    tags = _tag_ids(name for fields, _ in wanted for name in fields.tags)
    spelt = alias_queries.spellings_of(author_id for author_id, _ in authors.values())
    slugs = _free_slugs(Book, [keys.slug_base(fields.title, "book") for fields, _ in wanted])
    taken = isbns_taken(fields.isbn for fields, _ in wanted if fields.isbn)
    rows, editions, credited, tagged = [], [], [], []
    for (fields, edition), slug in zip(wanted, slugs, strict=True):
        fields = replace(fields, isbn=None) if fields.isbn in taken else fields
        # Two rows of one file may claim one ISBN, and the unique index would refuse the whole batch.
        taken |= {fields.isbn} if fields.isbn else set()
        by = list(dict.fromkeys(authors[author_names.identity_key(name)] for name in fields.authors))
        others = [other for author_id, _ in by for other in spelt.get(author_id, ())]
        columns = columns_of(fields, [name for _, name in by], other_names=others)
        rows.append(columns | {"slug": slug, "added_by_id": added_by_id})
        editions.append(
            {"isbn": fields.isbn, "pages": fields.pages, "format": edition.format, "minutes": edition.minutes}
        )
        credited.append([author_id for author_id, _ in by])
        tagged.append([tags[keys.key_of(name)] for name in fields.tags])
    contributed = [
        [(authors[author_names.identity_key(one.name)][0], one.role) for one in fields.contributors]
        for fields, _ in wanted
    ]
    ids = write_numbered(Book, rows)
    write_rows(Edition, ({"book_id": id, **edition} for id, edition in zip(ids, editions, strict=True)))
    write_rows(BookAuthor, _link_rows("author_id", ids, credited))
    write_rows(
        Contribution,
        (
            {"book_id": id, "author_id": author_id, "role": role, "place": place}
            for id, found in zip(ids, contributed, strict=True)
            for place, (author_id, role) in enumerate(dict.fromkeys(found))
        ),
    )
    write_rows(BookTag, _link_rows("tag_id", ids, tagged))
    return ids


def describe_books(texts: Mapping[int, tuple[str, str]], editor_id: int) -> set[int]:
    """Give books without a description one, with its HTML, and log that; return the ids of those books.

    A description that someone has edited, or removed, stays theirs. The caller holds the catalogue.
    """
    if not texts:
        return set()
    ids = queries.never_described(list(texts))
    described = [
        {
            "id": id,
            "description": texts[id][0],
            # A bulk update knows columns alone, so it names that of the HTML and sets the version, too.
            "_description_html": texts[id][1],
            "renderer_version": RENDERER_VERSION,
        }
        for id in ids
    ]
    if described:
        db.session.execute(update(Book), described)
    changes = ({"description": ["", texts[id][0]]} for id in ids)
    now = utcnow()
    write_rows(
        BookEdit,
        (
            {"book_id": id, "member_id": editor_id, "edited_at": now, "changes": one}
            for id, one in zip(ids, changes, strict=True)
        ),
    )
    return set(ids)


def _author_ids(names: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return id and spelling of the authors with these names, by identity key; new ones are made."""
    spelt: dict[str, str] = {}
    for name in names:
        spelt.setdefault(author_names.identity_key(name), name)
    found = queries.authors_by_identity(spelt.values())
    known = {key: (author.id, author.name) for key, author in found.items()}
    new = {key: name for key, name in spelt.items() if key not in known}
    ids = _insert_named_rows(Author, "author", [(name, {"identity_key": key}) for key, name in new.items()])
    return known | {key: (id, name) for id, (key, name) in zip(ids, new.items(), strict=True)}


def _tag_ids(names: Iterable[str]) -> dict[str, int]:
    """Return the ids of the tags with these names, by name key; new ones are made."""
    spelt = {keys.key_of(name): name for name in names}
    known = {key: tag.id for key, tag in queries.tags_by_key(list(spelt)).items()}
    new = {key: name for key, name in spelt.items() if key not in known}
    ids = _insert_named_rows(Tag, "tag", [(name, {}) for name in new.values()])
    return known | dict(zip(new, ids, strict=True))


def _insert_named_rows(
    model: type[Author] | type[Tag], kind: str, named: Sequence[tuple[str, dict[str, str]]]
) -> list[int]:
    """Add authors, or tags, with these names and further columns; return their ids, in order."""
    slugs = _free_slugs(model, [keys.slug_base(name, kind) for name, _ in named])
    rows = [
        {"slug": slug, "name": name, "name_key": keys.key_of(name), **more}
        for (name, more), slug in zip(named, slugs, strict=True)
    ]
    return write_numbered(model, rows)


def _link_rows(column: str, ids: Sequence[int], others: Sequence[Sequence[int]]) -> Iterable[dict[str, int]]:
    """Rows that link each book to its authors, or tags, each once and in its place."""
    for id, found in zip(ids, others, strict=True):
        for place, other in enumerate(dict.fromkeys(found)):
            yield {"book_id": id, column: other, "place": place}


def _free_slugs(model: type[Book] | type[Author] | type[Tag], bases: Sequence[str]) -> list[str]:
    """Return an unused slug for each base."""
    taken, found = slugs_among(model, bases), []
    doubtful = {base for base, many in Counter(bases).items() if many > 1 or base in taken}
    # Most of those have few namesakes, so one statement finds the slugs of all of them.
    taken |= slugs_among(model, [f"{base}-{number}" for base in doubtful for number in range(2, NAMESAKES)])
    for base in bases:
        slug = keys.free_slug(base, taken)
        # More namesakes than were looked up above: look for all of them.
        if slug == f"{base}-{NAMESAKES}":
            slug = keys.free_slug(base, taken | queries.slugs_like(model, base))
        taken.add(slug)
        found.append(slug)
    return found
