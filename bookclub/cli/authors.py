"""The command `authors duplicates`: find and merge authors that are listed under several spellings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..mergers.rules import Spelling


@click.group()
def authors() -> None:
    """Look after authors."""


@authors.command()
@click.option("--merge", is_flag=True, help="Merge each group into the author who is listed first.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for other programs.")
def duplicates(merge: bool, as_json: bool) -> None:
    """List authors who are one person spelt in several ways, with their ids and numbers of books.

    Of each group the one with the most books is listed first, and of several the one with the lowest id. With
    --merge the others become spellings of that one, by which they are still found. Organisers can undo that
    for a week, on the author's page.
    """
    from ..config import Settings
    from ..schema import close, create_upgraded_app

    app = create_upgraded_app(Settings.from_environ())
    try:
        with app.app_context():
            groups = _merge_groups() if merge else _find_groups()
    finally:
        close(app)
    _print_groups(groups, merged=merge, as_json=as_json)


def _find_groups() -> list[tuple[Spelling, ...]]:
    from ..mergers.queries import authors_with_counts
    from ..mergers.rules import spelling_groups

    return spelling_groups(authors_with_counts())


def _merge_groups() -> list[tuple[Spelling, ...]]:
    """Merge each group in a transaction of its own, so that members can write in between."""
    from ..books.queries import hold_catalogue
    from ..extensions import begin_write, db, utcnow
    from ..mergers.author_merge import merge_authors

    merged: list[tuple[Spelling, ...]] = []
    while True:
        # begin_write() must find no open transaction.
        db.session.rollback()
        begin_write()
        hold_catalogue()
        # The groups are read again each time, because someone else may have merged or split some meanwhile.
        group = next(iter(_find_groups()), None)
        if group is None:
            db.session.rollback()
            return merged
        for other in group[1:]:
            # None stands for the member: it is done from the shell, by nobody of the club.
            merge_authors(group[0].id, other.id, None, utcnow())
        db.session.commit()
        merged.append(group)


def _print_groups(groups: list[tuple[Spelling, ...]], *, merged: bool, as_json: bool) -> None:
    if as_json:
        rows = [
            {"keep": group[0].id, "merged": merged, "authors": [_author_as_json(author) for author in group]}
            for group in groups
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for group in groups:
        first, *others = group
        click.echo(f"{'Kept' if merged else 'Keep'} {_describe_author(first)}")
        for other in others:
            click.echo(f"  {'merged' if merged else 'merge'} {_describe_author(other)}")
    if not groups:
        click.echo("No author is listed under two spellings.")
    elif not merged:
        many = f"{len(groups)} authors are" if len(groups) > 1 else "1 author is"
        click.echo(f"{many} listed under several spellings. --merge merges them.")


def _author_as_json(author: Spelling) -> dict[str, object]:
    return {"id": author.id, "name": author.name, "slug": author.slug, "books": author.books}


def _describe_author(author: Spelling) -> str:
    return f"{author.name} (id {author.id}, {author.books} book{'' if author.books == 1 else 's'})"
