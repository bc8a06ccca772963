"""The commands `neighbours build`, `load` and `remove`: co-readers from elsewhere, from tables of ratings.

A pack is off until an organiser loads one. It says which books many readers have both read, and nothing about
who they are.
"""

from __future__ import annotations

from pathlib import Path

import click

FILE = click.Path(dir_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


class NeighbourFileError(click.ClickException):
    """A file that has the wrong content, said in one line."""

    exit_code = 2


@click.group()
def neighbours() -> None:
    """Learn from readers elsewhere: make a pack of neighbours, load it, remove it."""


@neighbours.command()
@click.argument("ratings", type=EXISTING)
@click.argument("pack", type=FILE)
@click.option("--books", type=EXISTING, help="A table of titles and authors, where RATINGS has none.")
@click.option("--source", required=True, help="Where the ratings come from, as pages will say it.")
@click.option("--licence", required=True, help="Under which licence they are.")
def build(ratings: Path, pack: Path, books: Path | None, source: str, licence: str) -> None:
    """Make PACK out of RATINGS, a CSV file of readers, books and ratings from 0 to 5."""
    from ..lib.recommender.pack_files import PackFileError, read_names, read_ratings, write_pack
    from ..lib.recommender.packs import build

    if pack.exists():
        raise NeighbourFileError(f"{pack} exists. Choose another name, or remove it first.")
    try:
        # Spreadsheets put a byte order mark in front (utf-8-sig), and the csv module needs line ends as they
        # are.
        with (books or ratings).open(encoding="utf-8-sig", newline="") as table:
            names = read_names(table)
        with (
            ratings.open(encoding="utf-8-sig", newline="") as table,
            click.progressbar(length=len(names) or 1, label="Counting co-readers") as bar,
        ):
            made = build(
                read_ratings(table),
                names,
                source=source,
                licence=licence,
                tell=lambda done, _all: bar.update(done - bar.pos),
            )
    except (PackFileError, UnicodeDecodeError) as problem:
        raise NeighbourFileError(f"{ratings} cannot be read. {problem}") from None
    # The mode "x" fails if the file has appeared since the check above.
    with pack.open("xb") as file:
        write_pack(made, file)
    click.echo(f"{pack}: {len(made.books)} books, {made.of} readers.")


@neighbours.command()
@click.argument("pack", type=EXISTING)
def load(pack: Path) -> None:
    """Load PACK into the club, in the place of the one that may be there."""
    from ..config import Settings
    from ..extensions import begin_write, db, utcnow
    from ..lib.recommender.pack_files import PackFileError, read_pack
    from ..recommendations.actions import load_pack
    from ..schema import close, create_upgraded_app

    try:
        with pack.open("rb") as file:
            found = read_pack(file)
    except (PackFileError, OSError, EOFError, UnicodeDecodeError) as problem:
        raise NeighbourFileError(f"{pack} cannot be read. {problem}") from None
    # A large pack takes a while to read, so that is done before the transaction that holds up other writers.
    app = create_upgraded_app(Settings.from_environ())
    try:
        with app.app_context():
            begin_write()
            matched = load_pack(found, utcnow())
            db.session.commit()
    finally:
        close(app)
    click.echo(f"{matched} of the pack's {len(found.books)} books are in the catalogue. The pack is in use.")


@neighbours.command()
def remove() -> None:
    """Take the pack out of the club."""
    from ..config import Settings
    from ..extensions import begin_write, db
    from ..recommendations.actions import remove_pack
    from ..schema import close, create_upgraded_app

    app = create_upgraded_app(Settings.from_environ())
    try:
        with app.app_context():
            begin_write()
            remove_pack()
            db.session.commit()
    finally:
        close(app)
    click.echo("No pack is in use.")
