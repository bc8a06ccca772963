"""The command `export`: the whole club as JSON lines and as pages that open from a disk."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="With every text, also what gives books away.")
def export(folder: Path, everything: bool) -> None:
    """Write the whole club into a new FOLDER: site/index.html to be read, JSON lines for programs.

    Texts that give something of a book away are left out, and say so, unless --all is given. E-mail
    addresses, passwords, private readings, notes, drafts and private ballots are never in it.
    """
    from ..archive.folder import FolderError, fill_folder
    from ..archive.json_lines import write_lines
    from ..archive.queries import read_one_moment
    from ..archive.site import Site
    from ..config import Settings
    from ..schema import close, create_upgraded_app

    try:
        with fill_folder(folder) as draft:
            app = create_upgraded_app(Settings.from_environ())
            try:
                with app.app_context():
                    # Everything is read in one transaction, so that the export shows the club at one moment.
                    read_one_moment()
                    write_lines(draft, everything=everything)
                    Site(app, draft / "site", everything=everything).write()
            finally:
                close(app)
    except FolderError as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"The club is in {folder}. Open {folder / 'site' / 'index.html'} to read it.")
    if not everything:
        click.echo("Texts that give something of a book away are left out; --all takes them along.")
    click.echo("It shows what members may see of each other: keep it among yourselves.")
