"""Authors by who they are, however their names are written."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from ...extensions import db
from .. import rules
from ..models import Author
from .aliases import authors_by_alias


def authors_by_identity(names: Iterable[str], besides: int | None = None) -> dict[str, Author]:
    """The authors who are known already among these names, by the keys of their identity.

    Of several who are one person it is the one with the lowest id, always, but never ``besides``. A name
    that is spelt the same is found, too, where an older Bookclub kept it family name first, and so is one
    that an author had before a merger, unless another author is the person of that name.
    """
    keys = {rules.identity_key(name): rules.key_of(name) for name in names}
    either = or_(Author.identity_key.in_(keys), Author.name_key.in_(keys.values()))
    statement = select(Author).where(either, Author.id != (besides or 0)).order_by(Author.id.desc())
    found = db.session.execute(statement).scalars().all()
    spelt = {author.name_key: author for author in found}
    alike = {key: spelt[name_key] for key, name_key in keys.items() if name_key in spelt}
    former = {key: author for key, author in authors_by_alias(keys).items() if author.id != besides}
    return former | alike | {author.identity_key: author for author in found if author.identity_key in keys}


def is_spelt_so(name: str, besides: Author) -> bool:
    """Return whether another author has this very name, who is the same person and not merged yet."""
    others = select(Author.id).where(Author.name_key == rules.key_of(name), Author.id != besides.id)
    return db.session.execute(others).first() is not None
