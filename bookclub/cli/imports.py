"""The command `import`: load a member's library, or a list of books for the club, from a file."""

from __future__ import annotations

from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


# The exit code is the one that click has for a wrong argument.
class ImportFileError(click.ClickException):
    """A file or a member that cannot be used, said in one line."""

    exit_code = 2


@click.command("import")
@click.argument("file", type=EXISTING)
@click.option(
    "--member", metavar="USERNAME", required=True, help="Whose library it is, or who adds the books."
)
@click.option(
    "--books", is_flag=True, help="It is a list of books for the club: title, author, year, ISBN, tags."
)
def import_(file: Path, member: str, books: bool) -> None:
    """Take in FILE, an export of Goodreads, The StoryGraph, LibraryThing, BookWyrm, Hardcover or Bookclub.

    It is safe to run again, also after it was interrupted: what is here already is not taken twice, and
    what the member changed here since stays. Reviews become drafts that only the member sees.
    """
    from ..config import Settings
    from ..schema import close, create_upgraded_app

    app = create_upgraded_app(Settings.from_environ())
    try:
        with app.app_context():
            import_id = _stage_file(file, member, books)
        _import_rows(app, import_id)
        with app.app_context():
            _print_report(import_id)
    finally:
        close(app)


def _stage_file(file: Path, username: str, books: bool) -> int:
    """Read the whole file and store its rows to wait. Return the id of the import."""
    from ..extensions import begin_write, db, utcnow
    from ..imports import actions as imports_actions
    from ..lib.library_files.entries import Form, LibraryFileError
    from ..members.queries import member_by_username

    member = member_by_username(username, lock=False)
    if member is None or member.removed_at:
        raise ImportFileError(f"Nobody here is called {username}.")
    if not member.is_active:
        raise ImportFileError(
            f"{username} is suspended. An organiser lifts that on their page; then run this again."
        )
    # The row cannot be used after the rollback, which ends the transaction before the slow reading of the
    # file.
    member_id = member.id
    db.session.rollback()
    try:
        with file.open("rb") as opened, imports_actions.spool_file(opened, file.name) as read:
            if books != (read.form is Form.BOOKLIST):
                raise ImportFileError(_wrong_kind_text(books))
            begin_write()
            brought = imports_actions.stage(member_id, read, utcnow())
            # This command runs the import itself. It enqueues no job, so that no server does part of the
            # work.
            brought.state = "running"
            db.session.commit()
            return brought.id
    except LibraryFileError as refusal:
        raise ImportFileError(f"{file}: {refusal}") from None


def _wrong_kind_text(books: bool) -> str:
    if books:
        return "This is somebody's library, and not a list of books. Leave --books out."
    return "This is a list of books without anybody's reading. Say --books to add them for the club."


def _import_rows(app: Flask, import_id: int) -> None:
    """Import all rows, each batch in a transaction of its own, and let others write in between."""
    from ..extensions import begin_write, db, utcnow
    from ..imports import jobs as imports_jobs
    from ..imports import queries as imports_queries
    from ..jobs import SECONDS_BETWEEN_JOBS

    with app.app_context():
        brought = imports_queries.import_by_id(import_id)
        total = brought.total if brought else 0
    with click.progressbar(length=total, label="Taking it in") as bar:
        is_more = True
        while is_more:
            with app.app_context():
                begin_write()
                is_more = imports_jobs.take_rows(import_id, utcnow())
                db.session.commit()
                brought = imports_queries.import_by_id(import_id)
                bar.update((brought.counts.done if brought else total) - bar.pos)
            # A pause lets the members write, as between two jobs of a worker.
            sleep(SECONDS_BETWEEN_JOBS)


def _print_report(import_id: int) -> None:
    """Print the result and the skipped rows with their reasons. Raises ImportFileError if it was stopped."""
    from ..imports.queries import import_by_id, report_of
    from ..imports.rules import stopped_text_for_organisers
    from ..lib.text.remarks import remarks_text

    for number, title, _, outcome, why, _ in report_of(import_id):
        if outcome == "skipped":
            click.echo(f"Row {number}{f' ({title})' if title else ''}: {remarks_text(why)}")
    brought = import_by_id(import_id)
    if brought is None:
        raise ImportFileError("The import has been deleted, so nothing more was taken in.")
    click.echo(f"{brought.total} rows: {brought.counts.say()}.")
    if brought.state == "stopped":
        by = stopped_text_for_organisers(brought.stopped_by, brought.stop_reason)
        raise ImportFileError(f"The import was {by}. The other rows were not taken in.")
