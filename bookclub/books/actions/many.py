"""To add many books at once, as a list or somebody's library brings them. Nothing here commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import update

from ...bulk import write_numbered, write_rows
from ...extensions import db, utcnow
from ...prose import RENDERER_VERSION
from .. import queries, rules
from ..models import Author, Book, BookAuthor, BookEdit, BookTag, Contribution, Edition, Tag
from ..queries.taken_keys import isbns_taken, slugs_among
from ..rules import BookFields, EditionFields
from .catalogue import columns_of

# So many books of one title are told apart by numbers without looking for all of them.
NAMESAKES = 20


def add_books(wanted: Sequence[tuple[BookFields, EditionFields]], member_id: int | None) -> list[int]:
    """Add books as ``add_book`` does each, by statements whose number does not grow; their ids, in order.

    Of the editions only what the fields of a book do not say is looked at: format and minutes. That no two
    are the same book, and that the club has none of them, is for the caller to see to, and that nobody
    else adds to the catalogue meanwhile (``queries.hold_catalogue``). An ISBN that the catalogue has
    already, or that an earlier one of these has, is left out. None has adaptations.
    """
    if not wanted:
        return []
    authors = _authors(
        name for fields, _ in wanted for name in (*fields.authors, *(one.name for one in fields.contributors))
    )
    tags = _tags(name for fields, _ in wanted for name in fields.tags)
    spelt = queries.spellings_of(author_id for author_id, _ in authors.values())
    slugs = _free_slugs(Book, [rules.slug_base(fields.title, "book") for fields, _ in wanted])
    taken = isbns_taken(fields.isbn for fields, _ in wanted if fields.isbn)
    rows, editions, credited, tagged = [], [], [], []
    for (fields, edition), slug in zip(wanted, slugs, strict=True):
        fields = replace(fields, isbn=None) if fields.isbn in taken else fields
        taken |= {fields.isbn} if fields.isbn else set()
        by = list(dict.fromkeys(authors[rules.identity_key(name)] for name in fields.authors))
        others = [other for author_id, _ in by for other in spelt.get(author_id, ())]
        columns = columns_of(fields, [name for _, name in by], other_names=others)
        rows.append(columns | {"slug": slug, "added_by_id": member_id})
        editions.append(
            {"isbn": fields.isbn, "pages": fields.pages, "format": edition.format, "minutes": edition.minutes}
        )
        credited.append([author_id for author_id, _ in by])
        tagged.append([tags[rules.key_of(name)] for name in fields.tags])
    contributed = [
        [(authors[rules.identity_key(one.name)][0], one.role) for one in fields.contributors]
        for fields, _ in wanted
    ]
    ids = write_numbered(Book, rows)
    write_rows(Edition, ({"book_id": id, **edition} for id, edition in zip(ids, editions, strict=True)))
    write_rows(BookAuthor, _placed("author_id", ids, credited))
    write_rows(
        Contribution,
        (
            {"book_id": id, "author_id": author_id, "role": role, "place": place}
            for id, found in zip(ids, contributed, strict=True)
            for place, (author_id, role) in enumerate(dict.fromkeys(found))
        ),
    )
    write_rows(BookTag, _placed("tag_id", ids, tagged))
    return ids


def describe_books(texts: Mapping[int, tuple[str, str]], member_id: int) -> set[int]:
    """Give books without a description one, with its HTML, and log that; return the ids of those books.

    A description that somebody has edited, or taken away, is theirs to write. Whoever calls this holds the
    catalogue.
    """
    if not texts:
        return set()
    ids = queries.never_described(list(texts))
    described = [
        {
            "id": id,
            "description": texts[id][0],
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
            {"book_id": id, "member_id": member_id, "edited_at": now, "changes": one}
            for id, one in zip(ids, changes, strict=True)
        ),
    )
    return set(ids)


def _authors(names: Iterable[str]) -> dict[str, tuple[int, str]]:
    """The authors of these names with ids and spelling, by the keys of who they are; new ones are made."""
    spelt: dict[str, str] = {}
    for name in names:
        spelt.setdefault(rules.identity_key(name), name)
    found = queries.authors_by_identity(spelt.values())
    known = {key: (author.id, author.name) for key, author in found.items()}
    new = {key: name for key, name in spelt.items() if key not in known}
    ids = _make(Author, "author", [(name, {"identity_key": key}) for key, name in new.items()])
    return known | {key: (id, name) for id, (key, name) in zip(ids, new.items(), strict=True)}


def _tags(names: Iterable[str]) -> dict[str, int]:
    """The ids of the tags of these names, by the keys of the names; new ones are made."""
    spelt = {rules.key_of(name): name for name in names}
    known = {key: tag.id for key, tag in queries.tags_by_key(list(spelt)).items()}
    new = {key: name for key, name in spelt.items() if key not in known}
    ids = _make(Tag, "tag", [(name, {}) for name in new.values()])
    return known | dict(zip(new, ids, strict=True))


def _make(
    model: type[Author] | type[Tag], kind: str, named: Sequence[tuple[str, dict[str, str]]]
) -> list[int]:
    """Add authors, or tags, of these names and further columns; their ids, in order."""
    slugs = _free_slugs(model, [rules.slug_base(name, kind) for name, _ in named])
    rows = [
        {"slug": slug, "name": name, "name_key": rules.key_of(name), **more}
        for (name, more), slug in zip(named, slugs, strict=True)
    ]
    return write_numbered(model, rows)


def _placed(column: str, ids: Sequence[int], others: Sequence[Sequence[int]]) -> Iterable[dict[str, int]]:
    """For each book the authors, or tags, that stand on it, each once and in its place."""
    for id, found in zip(ids, others, strict=True):
        for place, other in enumerate(dict.fromkeys(found)):
            yield {"book_id": id, column: other, "place": place}


def _free_slugs(model: type[Book] | type[Author] | type[Tag], bases: Sequence[str]) -> list[str]:
    """A slug that nobody has, for each base."""
    taken, found = slugs_among(model, bases), []
    doubtful = {base for base, many in Counter(bases).items() if many > 1 or base in taken}
    # Most of those have few namesakes, and need not be looked for one by one.
    taken |= slugs_among(model, [f"{base}-{number}" for base in doubtful for number in range(2, NAMESAKES)])
    for base in bases:
        slug = rules.free_slug(base, taken)
        if slug == f"{base}-{NAMESAKES}":
            slug = rules.free_slug(base, taken | queries.slugs_like(model, base))
        taken.add(slug)
        found.append(slug)
    return found
