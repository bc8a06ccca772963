"""The command `search rebuild`: write the index of the search anew."""

from __future__ import annotations

import click


@click.group()
def search() -> None:
    """Look after the search."""


@search.command()
def rebuild() -> None:
    """Write the index of the search anew, while the club is in use.

    The club does so by itself after an upgrade, and corrects it every night.
    """
    from ..config import Settings
    from ..extensions import begin_write, db
    from ..schema import close, create_upgraded_app
    from ..search.actions import index_batch, merge_step
    from ..search.rules import KIND_NAMES
    from ..searchable import KINDS

    app = create_upgraded_app(Settings.from_environ())
    try:
        with app.app_context():
            for kind in KINDS.values():
                last: int | None = 0
                # Others write between two batches, and find all the time what is there.
                while last is not None:
                    begin_write()
                    last = index_batch(kind, last, anew=True)
                    db.session.commit()
                click.echo(f"{KIND_NAMES[kind.name]}: done")
            begins, is_left = True, True
            while is_left:
                begin_write()
                is_left = merge_step(begins=begins)
                db.session.commit()
                begins = False
    finally:
        close(app)
    click.echo("The index is new.")
